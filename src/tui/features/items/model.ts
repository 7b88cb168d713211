import type { OperationOutput } from '../../../core/operations/call-operation.ts';

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
    /** Reads items of a run. They come back as an `items` event. */
    read_items: { jobId: string; runId: string; first: number; count: number };
  }
}

/** The number of items in one read. */
export const ITEMS_PER_PAGE = 500;

/** The items of a run while they are shown. */
export interface ItemsSlice {
  readonly mode: 'items' | 'changes';
  /** The items in memory, and the number of the first one. */
  readonly items: readonly Item[];
  readonly first: number;
  /** The number of items of the run; `undefined` until it was read. */
  readonly total: number | undefined;
  readonly columns: readonly ItemColumn[];
  readonly changes: ItemChanges | undefined;
  /** The changes were requested. */
  readonly asked: boolean;
  /** The row under the cursor, the top row, and the first column in sight. */
  readonly row: number;
  readonly top: number;
  readonly column: number;
  /** The item under the cursor is shown in full. */
  readonly open: boolean;
  readonly reading: boolean;
  /** Why reading failed. */
  readonly problem: string | undefined;
}

export const EMPTY_ITEMS: ItemsSlice = {
  mode: 'items',
  items: [],
  first: 0,
  total: undefined,
  columns: [],
  changes: undefined,
  asked: false,
  row: 0,
  top: 0,
  column: 0,
  open: false,
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
  | { readonly kind: 'changes'; readonly changes: ItemChanges }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'row'; readonly by: number }
  | { readonly kind: 'column'; readonly by: number }
  | { readonly kind: 'mode' }
  | { readonly kind: 'open' | 'close' };

export type ItemsRequest =
  | { readonly kind: 'page'; readonly first: number; readonly count: number }
  | { readonly kind: 'changes' };

export interface ItemsStep {
  readonly slice: ItemsSlice;
  readonly requests: readonly ItemsRequest[];
}

/** The items of the run that is shown, or was shown last. */
export interface ItemsState extends ComparedRuns {
  slice: ItemsSlice;
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

export const NO_ITEMS: ItemsState = { jobId: '', runId: '', slice: EMPTY_ITEMS };

/** Consecutive items of a run. */
export interface ItemPage {
  /** The number of the first one, from 0. */
  readonly first: number;
  readonly items: readonly Item[];
  /** The number of items of the run. */
  readonly total: number;
}

export type Item = Readonly<Record<string, unknown>>;

/** A column of the table of items: a field, and its width in cells. */
export interface ItemColumn {
  readonly field: string;
  readonly cells: number;
  /** Numbers are right-aligned. */
  readonly align: 'left' | 'right';
}

/** An item that was added, removed or changed between two runs. */
export interface ChangedItem {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The current item; for a removed item its old value. */
  readonly item: Item;
  /** For `changed`: the old values of the fields that differ. */
  readonly before: Item;
}

/** The differences from an earlier run. */
export interface ItemChanges {
  readonly runId: string;
  readonly withRunId: string;
  /** The field that identifies items. Without one, a change is listed as one item removed and one added. */
  readonly key: string | null;
  /** The parts of `changes` in the configuration by which some differences do not count. */
  readonly rules: readonly string[];
  readonly counts: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly unchanged: number;
  };
  readonly rows: readonly ChangedItem[];
  /** Whether there are more changes than `rows` contains. */
  readonly isPart: boolean;
}
