import { canParseUrl } from '../../../core/lib/can-parse-url.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { Action } from '../../kernel/action.ts';
import { columnActions } from '../../kernel/column-actions.ts';
import type { State } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { openPrompt } from './item-prompt.ts';
import { cursorField, itemAt, shownRows, toRowQuery } from './item-table.ts';
import { filterBySelected, openColumns, openValues } from './item-values.ts';
import { nextKind } from './joined-rows.ts';
import type { ItemPrompt, ItemsEvent, ShownKind, TableChange } from './model.ts';
import { dispatchToItems } from './reducer.ts';

const ONLY_CHANGES = 'Only for the changes: c shows them.';
/** The marks are in memory, and more would hold keys up. */
const MAX_MARKED = 100_000;
const NO_COLUMN = 'There is no column.';
export const NO_ITEMS = 'There are no items.';

/** Apart from the others: in the footer of two runs side by side it comes first. */
export const kindAction: Action = {
  ...table(
    'kind',
    'Show only changed, added or removed items, also those that are the same, or all that differ',
    ['t'],
    (state) =>
      dispatchToItems(state, {
        kind: 'table',
        change: { kind: 'shown', shown: nextKind(state.items.slice.table.kind) },
      }),
  ),
  synonyms: ['only', 'added', 'removed', 'changed', 'new', 'gone', 'same', 'all'],
  group: 'Find',
  urgent: (state) => inChanges(KIND_WORDS[nextKind(state.items.slice.table.kind)])(state),
  available: areChanges,
};

const sortChangeAction: Action = {
  ...change(
    'sort-change',
    'Sort by the change of the column: the largest rise, the largest fall, or not',
    ['S'],
    {
      kind: 'sort_change',
    },
  ),
  synonyms: ['largest change', 'difference', 'rise', 'fall', 'drop'],
  group: 'Find',
  urgent: inChanges('by change'),
  available: (state) => {
    const { joined } = state.items.slice;
    const field = cursorField(state.items.slice);
    if (areChanges(state) !== true || joined === undefined) return ONLY_CHANGES;
    if (field === undefined || joined.differing.includes(field)) return hasColumn(state);
    return field === joined.names.kind
      ? 'This column names the kind of change: S sorts by a column of the items.'
      : `No value of ${sanitizeText(field)} changed: S sorts by a column with changes.`;
  },
};

const KIND_WORDS: Readonly<Record<ShownKind, string>> = {
  differing: 'differing',
  changed: 'changed',
  added: 'added',
  removed: 'removed',
  all: 'all rows',
};

/** A word for the footer of two runs side by side. */
export function inChanges(word: string): NonNullable<Action['urgent']> {
  return ({ items }) => (items.slice.mode === 'changes' ? word : undefined);
}

/** Actions on the table of items: filter, sort, search, columns, marks. */
export const tableActions: readonly Action[] = [
  {
    ...prompt('filter', 'Filter the items: price>20 title:lantern stock:none', ['/'], 'filter'),
    synonyms: ['where', 'query', 'only', 'search'],
    footer: 'filter',
  },
  {
    ...change('sort', 'Sort by the column: upwards, downwards, or not', ['s'], { kind: 'sort' }),
    synonyms: ['order', 'ascending', 'descending', 'largest'],
    group: 'Find',
    footer: 'sort',
  },
  sortChangeAction,
  {
    ...table('values', 'Count the values of the column', ['F'], openValues),
    synonyms: ['frequency', 'histogram', 'distinct', 'group by', 'median'],
    group: 'Find',
    footer: 'values',
    available: hasColumn,
  },
  {
    ...table(
      'columns',
      'Describe all columns: type, distinct values, lowest, median, highest',
      ['I'],
      openColumns,
    ),
    synonyms: ['summary', 'profile', 'statistics', 'stats', 'figures', 'fields', 'schema', 'mean'],
    group: 'Find',
    available: hasColumn,
  },
  {
    ...table('only-value', 'Show only the items with the value under the cursor', [','], (state) => {
      const event = filterBySelected(state.items.slice);
      return event === undefined ? step(state) : dispatchToItems(state, event);
    }),
    synonyms: ['same value', 'like this', 'filter by'],
    group: 'Find',
    available: hasColumn,
  },
  {
    ...prompt('find', 'Search: go to the next item with a text', ['f'], 'find'),
    footer: 'search',
  },
  again('next', 'Go to the next match', ['n'], 1),
  again('previous', 'Go to the previous match', ['N'], -1),
  {
    ...prompt('number', 'Go to an item by its number', ['#'], 'number'),
    synonyms: ['jump', 'row', 'goto'],
  },
  {
    ...table('mark', 'Mark or unmark the item, and go to the next', ['space'], (state) =>
      dispatchToItems(state, { kind: 'table', change: { kind: 'mark' } }, { kind: 'row', by: 1 }),
    ),
    group: 'Marks',
    footer: 'mark',
    available: (state) => (state.items.slice.total === 0 ? NO_ITEMS : hasColumn(state)),
  },
  {
    ...change('mark-shown', 'Mark or unmark the items on the screen', ['*'], { kind: 'mark_screen' }),
    group: 'Marks',
  },
  {
    ...table(
      'mark-all',
      'Mark or unmark all items that are shown, such as those of a filter',
      ['|'],
      (state) =>
        step(state, {
          kind: 'mark_items',
          ...shownRows(state.items),
          query: toRowQuery(state.items.slice),
        }),
    ),
    synonyms: ['select all', 'regex', 'matching', 'filtered'],
    group: 'Marks',
    available: (state) => {
      const { total = 0 } = state.items.slice;
      if (total > MAX_MARKED)
        return `At most ${MAX_MARKED.toLocaleString('en-US')} items can be marked at once. x writes all that are shown.`;
      return total === 0 ? NO_ITEMS : areItems(state);
    },
  },
  {
    ...change('only-marked', 'Show only the marked items, or all again', ['"'], { kind: 'only_marked' }),
    synonyms: ['selection', 'selected'],
    group: 'Marks',
    available: (state) => {
      const { only, marked } = state.items.slice.table;
      return only === undefined && marked.size === 0 ? 'No item is marked.' : areItems(state);
    },
  },
  {
    ...table('link', 'Open the link of the item in a browser', ['b'], openLink),
    synonyms: ['url', 'web', 'address'],
    group: 'Run',
    footer: 'browser',
    available: (state) =>
      linkOf(state) === undefined ? 'No field of the item is an address of the web.' : true,
  },
  ...columnActions({
    name: 'items',
    scope: 'items',
    available: hasColumn,
    change: (state, made) => dispatchToItems(state, { kind: 'table', change: made }),
  }),
];

/** Apart from the others: in the footer it comes before actions that are used less. */
export const writeAction: Action = {
  ...table('write', 'Write the items that are shown, or the marked ones, to a file', ['x'], (state) => {
    const { jobId, runId, slice } = state.items;
    const what = slice.mode === 'items' ? '' : 'changes-';
    const prompt = openPrompt('write', slice.table, `${jobId}-${what}${runId}.csv`);
    return dispatchToItems(state, { kind: 'prompt', prompt });
  }),
  synonyms: ['export', 'save', 'csv', 'json', 'xlsx', 'excel', 'spreadsheet', 'download'],
  group: 'Run',
  footer: 'write',
  urgent: inChanges('write'),
  available: (state) => {
    const { writing, total = 0, table: shown } = state.items.slice;
    if (writing !== undefined) return `${writing.to} is still being written.`;
    return total === 0 && shown.marked.size === 0 ? NO_ITEMS : areItems(state);
  },
  command: ({ items }) =>
    items.slice.mode === 'items' ? `quickscrape job items ${items.runId || '<run>'} --to <file>` : undefined,
};

function table(name: string, title: string, keys: readonly string[], perform: Action['perform']): Action {
  return {
    id: `items.${name}`,
    title,
    group: 'View',
    scope: 'items',
    keys,
    available: areItems,
    perform,
  };
}

function change(name: string, title: string, keys: readonly string[], made: TableChange): Action {
  const event: ItemsEvent = { kind: 'table', change: made };
  return { ...table(name, title, keys, (state) => dispatchToItems(state, event)), available: hasColumn };
}

function prompt(name: string, title: string, keys: readonly string[], what: ItemPrompt['what']): Action {
  const open = (state: State) =>
    dispatchToItems(state, { kind: 'prompt', prompt: openPrompt(what, state.items.slice.table) });
  return { ...table(name, title, keys, open), group: 'Find' };
}

function again(name: string, title: string, keys: readonly string[], by: 1 | -1): Action {
  return {
    ...table(name, title, keys, (state) => dispatchToItems(state, { kind: 'find', by })),
    group: 'Find',
    available: (state) =>
      state.items.slice.table.find === undefined ? 'There is no search; f starts one.' : areItems(state),
  };
}

/** Two runs are shown side by side. */
function areChanges(state: State): true | string {
  return state.items.slice.mode === 'changes' ? areItems(state) : ONLY_CHANGES;
}

function areItems({ items: { slice } }: State): true | string {
  return slice.open ? 'Enter goes back to the table.' : true;
}

function hasColumn(state: State): true | string {
  const { slice } = state.items;
  if (cursorField(slice) === undefined) return slice.total === 0 ? NO_ITEMS : NO_COLUMN;
  return areItems(state);
}

function openLink(state: State) {
  const url = linkOf(state);
  return url === undefined ? step(state) : step(state, { kind: 'open_link', url });
}

/** The address in the column under the cursor, or else the first one of the item. */
function linkOf({ items: { slice } }: State): string | undefined {
  const item = itemAt(slice, slice.row);
  if (item === undefined) return undefined;
  const field = cursorField(slice);
  const values = [...(field === undefined ? [] : [item[field]]), ...Object.values(item)].flat();
  return values.find((value): value is string => typeof value === 'string' && isWebAddress(value));
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && canParseUrl(text);
}
