import type { Action } from '../../kernel/action.ts';
import { defineFeature, listKeys } from '../define-feature.ts';
import { compareActions, itemsActions } from './actions.ts';
import { ColumnsDialog, columnsRules } from './columns-dialog.tsx';
import { comparableRuns } from './comparable-runs.ts';
import { ComparedRunDialog, comparedRunRules } from './compared-run-dialog.tsx';
import {
  copyItems,
  countItems,
  describeItems,
  findGoneItems,
  findItem,
  joinShownRuns,
  markItems,
  openLink,
  readItems,
} from './item-effects.ts';
import { NO_ITEMS } from './model.ts';
import { itemsReducer, itemsRules } from './reducer.ts';
import { tableActions } from './table-actions.ts';
import { hasValues, ValuesDialog, valuesRules } from './values-dialog.tsx';
import { Items } from './view.tsx';
import { writeShownItems } from './write-items.ts';

/** The actions on the table of items that people use most, in the order of the footer. Others follow. */
const FOOTER_ORDER: readonly string[] = [
  'whole',
  'filter',
  'sort',
  'values',
  'mode',
  'kind',
  'compare-with',
  'write',
  'copy',
  'link',
  'find',
  'pager',
].map((name) => `items.${name}`);

function inFooterOrder(actions: readonly Action[]): Action[] {
  const place = ({ id }: Action) => (FOOTER_ORDER.includes(id) ? FOOTER_ORDER.indexOf(id) : Infinity);
  return actions.toSorted((one, other) =>
    place(one) < place(other) ? -1 : Number(place(one) > place(other)),
  );
}

export const items = defineFeature({
  initial: { items: NO_ITEMS },
  reducers: [itemsReducer],
  views: { items: { ...itemsRules, where: 'in the items of a run', Main: Items } },
  dialogs: {
    item_values: {
      ...valuesRules,
      Component: ValuesDialog,
      footer: (_, dialog) =>
        listKeys(
          hasValues(dialog),
          { key: 'Enter', word: 'only these' },
          { key: 'x', word: 'all but these' },
        ),
    },
    item_columns: {
      ...columnsRules,
      Component: ColumnsDialog,
      footer: (_, { described }) =>
        listKeys((described?.columns.length ?? 0) > 0, { key: 'Enter', word: 'go to the column' }),
    },
    compared_run: {
      ...comparedRunRules,
      Component: ComparedRunDialog,
      footer: (state) => listKeys(comparableRuns(state).length > 0, { key: 'Enter', word: 'compare' }),
    },
  },
  actions: [...compareActions, ...inFooterOrder([...itemsActions, ...tableActions])],
  effects: {
    read_items: readItems,
    count_items: countItems,
    describe_items: describeItems,
    mark_items: markItems,
    find_gone_items: findGoneItems,
    find_item: findItem,
    copy_items: copyItems,
    join_runs: joinShownRuns,
    write_items: writeShownItems,
    open_link: openLink,
  },
});
