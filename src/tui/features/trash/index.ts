import { defineFeature } from '../define-feature.ts';
import { trashActions } from './actions.ts';
import { NO_TRASH } from './model.ts';
import { trashReducer } from './reducer.ts';
import { trashRules } from './trash-panes.ts';
import { readTrashText, restoreConfig, watchTrash } from './trash-reader.ts';
import { Trash, TrashEntry } from './view.tsx';

export const trash = defineFeature({
  initial: { trash: NO_TRASH },
  reducers: [trashReducer],
  views: { trash: { ...trashRules, where: 'in the trash', Main: Trash, Side: TrashEntry } },
  actions: trashActions,
  effects: { restore_config: restoreConfig },
  subscribers: { trash: watchTrash, trash_text: readTrashText },
});
