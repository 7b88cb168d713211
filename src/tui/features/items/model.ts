import type { ColumnFigures, CountedColumns, CountedRows } from '../../../core/items/column-figures.ts';
import { type DamagedLines, NO_DAMAGE } from '../../../core/items/damaged-lines.ts';
import type { ColumnFrequency, DescribedColumns } from '../../../core/items/describe-columns.ts';
import { type ItemFilter, type ItemTerm, NO_ITEM_FILTER } from '../../../core/items/parse-item-filter.ts';
import type { RowQuery } from '../../../core/items/select-rows.ts';
import type { RowSelection } from '../../../core/items/stage-rows.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { FieldSource } from '../../../core/operations/field-source.ts';
import type { JoinedRuns } from '../../../core/operations/join-runs.ts';
import type { JoinedKind } from '../../../core/quality/join-items.ts';
import type { ItemOrder } from '../../../core/runs/select-items.ts';
import { type ColumnArrangement, type ColumnChange, NOT_ARRANGED } from '../../ui/column-arrangement.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface State {
    items: ItemsState;
  }
  interface ViewParams {
    items: { jobId: string; runId: string };
  }
  interface EventKinds {
    /** The result of reading the items of a run. */
    items: { runId: string; event: ItemsEvent };
  }
  interface EffectKinds {
    /** Reads items of a run, filtered and sorted. They come back as an `items` event. */
    read_items: ShownRows & PageRequest;
    /** Counts what the columns hold, or the values of one. The figures come back as an `items` event. */
    count_items: ShownRows & CountRequest;
    /** Describes all columns. The description comes back as an `items` event. */
    describe_items: ShownRows & CountedRows;
    /** Marks all items that are shown, by an `items` event. */
    mark_items: ShownRows & { query: RowQuery };
    /** Looks for a text from a row on. The row comes back as an `items` event. */
    find_item: ShownRows & FindRequest;
    /** Copies marked rows as JSON. Without `fields`, all of them. */
    copy_items: ShownRows & { rows: readonly number[]; fields?: readonly string[] };
    /** Finds the runs whose items are gone. They come back as an `items` event. */
    find_gone_items: { jobId: string; runId: string; runIds: readonly string[] };
    /** Puts two runs side by side. What came of it is an `items` event. */
    join_runs: ComparedRuns & { asks: number };
    /** Writes items to a file of the user. How far it is, and its end, come back as `items` events. */
    write_items: ShownRows & WriteRequest;
    /** Opens an address in the user's browser. */
    open_link: { url: string };
  }
  interface DialogParams {
    /** How often each value of a column appears. */
    item_values: {
      field: string;
      frequency: ColumnFrequency | undefined;
      /** Where the configuration has the values from. */
      source: FieldSource | undefined;
      problem: string | undefined;
      index: number;
    };
    /** What all columns hold. */
    item_columns: {
      described: DescribedColumns | undefined;
      problem: string | undefined;
      index: number;
    };
    /** The runs with which the shown one can be compared. */
    compared_run: { index: number };
  }
}

/** The items of a run, or the rows of two runs side by side. */
export interface ShownRows extends ComparedRuns {
  joined?: true;
}

/** The number of items in one read. */
export const ITEMS_PER_PAGE = 500;

/** The items of a run while they are shown. */
export interface ItemsSlice {
  readonly mode: 'items' | 'changes';
  /** The items in memory, and the number of the first one among those that are shown. */
  readonly items: readonly Item[];
  readonly first: number;
  /** The number of each item in the run. */
  readonly numbers: readonly number[];
  /** The number of items that are shown; `undefined` until it was read. */
  readonly total: number | undefined;
  /** The number of lines of the run's items. */
  readonly all: number;
  /** Those lines that are no items, once all were read. */
  readonly damaged: DamagedLines;
  /** All columns that are known so far, in the order in which the fields appear. */
  readonly columns: readonly ItemColumn[];
  /** The fields of all rows; `undefined` until all were read once. Rows far below may have fields of their own. */
  readonly fields: readonly string[] | undefined;
  /** The columns as the user arranged them. */
  readonly arranged: readonly ItemColumn[];
  readonly table: ItemTable;
  /** The line in which the user types. */
  readonly prompt: ItemPrompt | undefined;
  /** The number of the last question about rows. Answers to earlier ones are late. */
  readonly asks: number;
  /** The share of the file that was read for an answer so far, from 0 to 1; 0 when none is awaited. */
  readonly progress: number;
  /** The file to which items are being written, and the share of them that was collected, from 0 to 1. */
  readonly writing: { readonly to: string; readonly share: number } | undefined;
  /** Two runs side by side, once they were requested and joined. In the mode `changes`, their rows are the items. */
  readonly joined: JoinedRuns | undefined;
  readonly joining: boolean;
  /** How the rows of the other mode are shown. */
  readonly other: ItemTable;
  /** The row under the cursor, the top row, and the first column in sight. */
  readonly row: number;
  readonly top: number;
  readonly column: number;
  /** The item under the cursor is shown in full. */
  readonly open: boolean;
  /** How many lines of that item are above those in sight. */
  readonly scrolled: number;
  readonly reading: boolean;
  /** Why reading failed. */
  readonly problem: string | undefined;
}

/** How the items are shown. */
export interface ItemTable extends ColumnArrangement {
  /** The column under the cursor. `undefined`: the first. */
  readonly field: string | undefined;
  readonly filter: ItemFilter;
  readonly sort: ItemOrder | undefined;
  /** The text that was looked for, and what came of it: `3 of 18`. */
  readonly find: { readonly text: string; readonly result: string } | undefined;
  /** Which rows of two runs side by side are shown. */
  readonly kind: ShownKind;
  /** The marked items, by their number in the run. */
  readonly marked: ReadonlySet<number>;
  /** Only these items are shown, by their number in the run. */
  readonly only: ReadonlySet<number> | undefined;
  /** Figures of the items that the filter shows, by field. */
  readonly figures: ReadonlyMap<string, ColumnFigures> | undefined;
}

export const PLAIN_TABLE: ItemTable = {
  ...NOT_ARRANGED,
  field: undefined,
  filter: NO_ITEM_FILTER,
  sort: undefined,
  find: undefined,
  kind: 'differing',
  marked: new Set(),
  only: undefined,
  figures: undefined,
};

/** What is typed: a filter, a text to look for, the number of an item, or a file. */
export interface ItemPrompt {
  readonly what: 'filter' | 'find' | 'number' | 'write';
  readonly line: EditedLine;
  /** This file exists, and Enter replaces it. */
  readonly replaces?: string;
  /** The filter before. */
  readonly before: ItemFilter;
}

export const EMPTY_ITEMS: ItemsSlice = {
  mode: 'items',
  items: [],
  first: 0,
  numbers: [],
  total: undefined,
  all: 0,
  damaged: NO_DAMAGE,
  columns: [],
  fields: undefined,
  arranged: [],
  table: PLAIN_TABLE,
  prompt: undefined,
  asks: 0,
  progress: 0,
  writing: undefined,
  joined: undefined,
  joining: false,
  other: PLAIN_TABLE,
  row: 0,
  top: 0,
  column: 0,
  open: false,
  scrolled: 0,
  reading: true,
  problem: undefined,
};

export interface ItemsView {
  readonly columns: number;
  /** The number of item rows on the screen. */
  readonly rows: number;
}

export type ItemsEvent =
  | { readonly kind: 'page'; readonly page: ItemPage }
  | { readonly kind: 'progress'; readonly asks: number; readonly share: number }
  | ({ readonly kind: 'figures'; readonly asks: number } & CountedColumns)
  /** For the dialog of a column's values. */
  | {
      readonly kind: 'values';
      readonly field: string;
      readonly frequency: ColumnFrequency;
      readonly source?: FieldSource | undefined;
    }
  | { readonly kind: 'values_failed'; readonly field: string; readonly text: string }
  /** For the dialog of all columns. */
  | { readonly kind: 'described'; readonly described: DescribedColumns }
  | { readonly kind: 'describe_failed'; readonly text: string }
  | {
      readonly kind: 'found';
      readonly text: string;
      readonly row: number | undefined;
      readonly result: string;
    }
  | { readonly kind: 'table'; readonly change: TableChange }
  | { readonly kind: 'prompt'; readonly prompt: ItemPrompt | undefined }
  | { readonly kind: 'find'; readonly by: 1 | -1; readonly text?: string }
  | { readonly kind: 'write'; readonly to: string; readonly force: boolean }
  | { readonly kind: 'writing'; readonly writing: ItemsSlice['writing'] }
  /** The file exists, and it was left as it is. */
  | { readonly kind: 'exists'; readonly to: string }
  | { readonly kind: 'joined'; readonly joined: JoinedRuns }
  | { readonly kind: 'join_failed'; readonly text: string }
  /** For the list of runs to compare with. */
  | { readonly kind: 'gone'; readonly runIds: readonly string[] }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'row'; readonly by: number }
  | { readonly kind: 'column'; readonly by: number }
  | { readonly kind: 'mode' }
  /** The whole item, from a line on. */
  | { readonly kind: 'open'; readonly to?: number }
  | { readonly kind: 'close' };

/** A change of how the items are shown. Those of the column are about the one under the cursor. */
export type TableChange =
  | { readonly kind: 'filter'; readonly text: string }
  /** Upwards, downwards, then in the order of the run again. */
  | { readonly kind: 'sort' }
  /** By how much the column changed: the largest rise, the largest fall, then as before. */
  | { readonly kind: 'sort_change' }
  | { readonly kind: 'shown'; readonly shown: ShownKind }
  | ColumnChange
  /** Marks them all, or takes their marks away if all have one. */
  | { readonly kind: 'mark_numbers'; readonly numbers: readonly number[] }
  /** Only the marked items, or all again. */
  | { readonly kind: 'mark' | 'mark_screen' | 'unmark' | 'only_marked' };

export interface PageRequest {
  readonly first: number;
  readonly count: number;
  readonly query: RowQuery;
  readonly asks: number;
}

export interface CountRequest {
  /** The column whose values are counted; without it, figures of all columns. */
  readonly field?: string;
  readonly terms: readonly ItemTerm[];
  /** Only these items, by their number in the run. */
  readonly rows?: readonly number[];
  readonly asks: number;
}

export interface FindRequest {
  readonly text: string;
  readonly query: RowQuery;
  /** Where the search begins: a row among those that are shown. */
  readonly from: number;
  readonly by: 1 | -1;
}

export interface WriteRequest {
  /** The file as the user typed it. */
  readonly to: string;
  /** Replace an existing file. */
  readonly force: boolean;
  readonly selection: RowSelection;
  /** The columns of a file without items. */
  readonly fields: readonly string[];
}

export type ItemsRequest =
  | ({ readonly kind: 'page' } & PageRequest)
  | ({ readonly kind: 'count' } & CountRequest)
  | ({ readonly kind: 'find' } & FindRequest)
  | ({ readonly kind: 'write' } & WriteRequest)
  | { readonly kind: 'join'; readonly asks: number };

export interface ItemsStep {
  readonly slice: ItemsSlice;
  readonly requests: readonly ItemsRequest[];
}

/** The items of the run that is shown, or was shown last. */
export interface ItemsState extends ComparedRuns {
  slice: ItemsSlice;
  /** Listed runs whose items are gone. Absent until that was asked. */
  gone?: ReadonlySet<string>;
  /** Absent until an item was shown in full. */
  history?: ShownHistory;
}

/** The history of the item that is shown in full. */
export interface ShownHistory {
  /** The job that it is about. */
  readonly jobId: string;
  /** The fields that identify a row; `none` for a job without a history. */
  readonly about: 'unknown' | 'asked' | 'none' | { readonly keyFields: readonly string[] };
  /** The key of the row that was requested, as JSON. */
  readonly key: string | undefined;
  readonly row: RowHistory | undefined;
}

type ItemHistory = OperationOutput<'get_item_history'>;

/** By field with a history: its figures, and its values, newest first. */
export type RowHistory = Readonly<
  Record<string, NonNullable<ItemHistory['figures']>[number] & { readonly points: ItemHistory['values'] }>
>;

/**
 * A run and the earlier run to compare it with. Without an earlier run, the newest one before it that succeeded is
 * used.
 */
export interface ComparedRuns {
  jobId: string;
  runId: string;
  withRunId?: string;
}

/** What a notice about the items of a run is about. */
export function noticeSubject(runId: string): string {
  return `${ABOUT_ITEMS}${runId}`;
}

const ABOUT_ITEMS = 'items of ';

/** Whether a notice is about the items of another run. */
export function isAboutOtherItems(subject: string, runId: string): boolean {
  return subject.startsWith(ABOUT_ITEMS) && subject !== noticeSubject(runId);
}

export const NO_ITEMS: ItemsState = { jobId: '', runId: '', slice: EMPTY_ITEMS };

/** Consecutive items of a run. */
export interface ItemPage {
  /** The number of the first one among those that are shown, from 0. */
  readonly first: number;
  readonly items: readonly Item[];
  /** The number of each in the run. */
  readonly numbers: readonly number[];
  /** The number of items that are shown. */
  readonly total: number;
  /** The number of items of the run. */
  readonly all: number;
  /** The question that it answers. */
  readonly asks: number;
}

export type Item = Readonly<Record<string, unknown>>;

/** A column of the table of items: a field, and its width in cells. */
export interface ItemColumn {
  readonly field: string;
  readonly cells: number;
  /** What its longest known value needs: it gets that where the screen has room left. */
  readonly wanted: number;
  /** Numbers are right-aligned, also those in texts: `£51.77`. */
  readonly align: 'left' | 'right';
  /** What all its addresses begin with, up to a slash; empty for a column that has other values, too. */
  readonly prefix?: string | undefined;
  /** Some of its known items have no value. */
  readonly hasGaps?: boolean;
  /** What its whole heading needs, with the share of items with a value. It gets that after all values have their room. */
  readonly heading?: number;
  /** The user chose its width. */
  readonly isFixed?: boolean;
  /** Of two runs side by side: it names the kind of change. */
  readonly isKind?: boolean;
  /** It stays in sight while the user scrolls to the right. */
  readonly isKept?: boolean;
}

/** An item of two runs. */
export interface ChangedItem {
  readonly kind: JoinedKind;
  /** The current item; for a removed item its old value. */
  readonly item: Item;
  /** For `changed`: the old values of the fields that differ. */
  readonly before: Item;
}

/** Which rows of two runs are shown: all that differ, those of one kind, or also those that are the same. */
export type ShownKind = 'differing' | 'changed' | 'added' | 'removed' | 'all';
