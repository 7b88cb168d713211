import { defineFeature } from '../define-feature.ts';
import { compareActions, itemsActions } from './actions.ts';
import { readItems } from './item-reader.ts';
import { NO_ITEMS } from './model.ts';
import { itemsReducer, itemsRules } from './reducer.ts';
import { Items } from './view.tsx';

export const items = defineFeature({
  initial: { items: NO_ITEMS },
  reducers: [itemsReducer],
  views: { items: { ...itemsRules, where: 'in the items of a run', Main: Items } },
  actions: [...compareActions, ...itemsActions],
  effects: { read_items: readItems },
});
