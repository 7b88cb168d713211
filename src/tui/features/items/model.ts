declare module '../../kernel/model.ts' {
  interface State {
    items: ItemsState;
  }
  interface ViewParams {
    items: { jobId: string; runId: string };
  }
  interface EventKinds {
    /** What was read of the items of a run. */
    items: { runId: string; event: ItemsEvent };
  }
  interface EffectKinds {
    /** Reads items of a run. They come back as an `items` event. */
    read_items: { jobId: string; runId: string; first: number; count: number };
  }
}

/** So many items are read at once. */
export const ITEMS_PER_PAGE = 500;

/** What is known of the items of a run while they are looked at. */
export interface ItemsSlice {
  readonly mode: 'items' | 'changes';
  /** Items that are held, and the number of the first of them. */
  readonly items: readonly Item[];
  readonly first: number;
  /** How many the run has; `undefined` until that was read. */
  readonly total: number | undefined;
  readonly columns: readonly ItemColumn[];
  readonly changes: ItemChanges | undefined;
  /** They were asked for. */
  readonly asked: boolean;
  /** The row under the cursor, the one at the top, and the first column in sight. */
  readonly row: number;
  readonly top: number;
  readonly column: number;
  /** The item under the cursor is shown as a whole. */
  readonly open: boolean;
  readonly reading: boolean;
  /** Why something could not be read. */
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
  /** Rows of items. */
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

/** The items that are, or were last, looked at. */
export interface ItemsState extends ComparedRuns {
  slice: ItemsSlice;
}

/** A run, and the earlier one with which it is compared: without one the newest before it that succeeded. */
export interface ComparedRuns {
  jobId: string;
  runId: string;
  withRunId?: string;
}

export const NO_ITEMS: ItemsState = { jobId: '', runId: '', slice: EMPTY_ITEMS };

/** Items of a run that lie together. */
export interface ItemPage {
  /** The number of the first one, from 0. */
  readonly first: number;
  readonly items: readonly Item[];
  /** How many the run has. */
  readonly total: number;
}

export type Item = Readonly<Record<string, unknown>>;

/** A column of the table of items: a field, and its width in cells. */
export interface ItemColumn {
  readonly field: string;
  readonly cells: number;
  /** Numbers stand at the right. */
  readonly align: 'left' | 'right';
}

/** An item that one run found and another did not, or that is another one now. */
export interface ChangedItem {
  readonly kind: 'added' | 'removed' | 'changed';
  /** As it is now; for one that is gone as it was. */
  readonly item: Item;
  /** For `changed`: what the fields were that differ. */
  readonly before: Item;
}

/** What is different from an earlier run. */
export interface ItemChanges {
  readonly runId: string;
  readonly withRunId: string;
  /** The field by which items are told apart; without one a change is one gone and one added. */
  readonly key: string | null;
  readonly counts: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly unchanged: number;
  };
  readonly rows: readonly ChangedItem[];
  /** There are more than `rows` tells. */
  readonly isPart: boolean;
}
