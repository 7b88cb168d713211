import { defineFeature } from '../define-feature.ts';
import { trashActions } from './actions.ts';
import { NO_TRASH } from './model.ts';
import { trashReducer, trashRules } from './reducer.ts';
import { restoreConfig, watchTrash } from './trash-reader.ts';
import { Trash } from './view.tsx';

export const trash = defineFeature({
  initial: { trash: NO_TRASH },
  reducers: [trashReducer],
  views: { trash: { ...trashRules, where: 'in the trash', Main: Trash } },
  actions: trashActions,
  effects: { restore_config: restoreConfig },
  subscribers: { trash: watchTrash },
});
