import { defineFeature } from '../define-feature.ts';
import { transferActions } from './actions.ts';
import {
  FilePathDialog,
  filePathKeys,
  filePathRules,
  ImportPreview,
  importPreviewKeys,
  importPreviewRules,
  transferReducer,
} from './transfer-dialogs.tsx';
import { backUp, exportToFile, importFromFile, readBundlePlan } from './transfer-effects.ts';

/** Export, import, backup and restore of a home. */
export const transfer = defineFeature({
  reducers: [transferReducer],
  dialogs: {
    file_path: {
      ...filePathRules,
      Component: FilePathDialog,
      footer: (_, dialog) => filePathKeys(dialog),
    },
    import_preview: {
      ...importPreviewRules,
      Component: ImportPreview,
      footer: (_, dialog) => importPreviewKeys(dialog),
    },
  },
  actions: transferActions,
  effects: {
    export_bundle: exportToFile,
    read_bundle: readBundlePlan,
    import_bundle: importFromFile,
    back_up: backUp,
  },
});
