import { defineFeature } from '../define-feature.ts';
import { configEditorActions, repairActions } from './actions.ts';
import { configsActions, openConfigsActions } from './list-actions.ts';
import { ConfigList, ConfigPreview } from './list-view.tsx';
import { NO_CONFIGS } from './model.ts';
import { NewConfigDialog, newConfigKeys, newConfigRules } from './new-config-dialog.tsx';
import { configEditorRules, configsReducer, configsRules } from './reducer.ts';
import { ConfigSide, ConfigText } from './view.tsx';
import {
  watchConfigCheck,
  watchConfigs,
  watchRepairs,
  watchSuggestion,
  watchTestRun,
  watchWrittenSelector,
} from './watch-configs.ts';

export const configEditor = defineFeature({
  initial: { configs: NO_CONFIGS },
  reducers: [configsReducer],
  views: {
    configs: { ...configsRules, where: 'in the configurations', Main: ConfigList, Side: ConfigPreview },
    config: { ...configEditorRules, where: 'in a configuration', Main: ConfigText, Side: ConfigSide },
  },
  dialogs: {
    new_config: {
      ...newConfigRules,
      Component: NewConfigDialog,
      footer: newConfigKeys,
    },
  },
  actions: [...configsActions, ...configEditorActions, ...repairActions, ...openConfigsActions],
  subscribers: {
    configs: (_, context) => watchConfigs(context),
    config_check: watchConfigCheck,
    suggestion: watchSuggestion,
    test_run: watchTestRun,
    repairs: watchRepairs,
    write_selector: watchWrittenSelector,
  },
});
