import { type Filter, NO_FILTER, type TextRange } from '../../../core/jobs/filter/filter-terms.ts';
import type { JobRow } from '../../home/job-row.ts';
import { type ColumnArrangement, NOT_ARRANGED } from '../../ui/column-arrangement.ts';
import type { KeyInput } from '../../ui/input.ts';
import { type EditedLine, EMPTY_LINE } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface Preferences {
    readonly sort: Sort;
    /** The filter of this home. Other homes have their own. */
    readonly filter: string;
    /** The columns of the jobs as the user arranged them. */
    readonly jobColumns: ColumnArrangement;
  }
  interface State {
    jobs: JobsState;
  }
  interface EffectKinds {
    /** Sends keys that were typed before a created job was listed. */
    send_keys: { keys: readonly KeyInput[] };
  }
  interface ViewParams {
    jobs: object;
  }
  interface DialogParams {
    /** The menu of sort keys. */
    sort: { index: number };
  }
}

/** The table of jobs and its filter. */
export interface JobsState {
  readonly table: TableState;
  readonly filterPrompt: FilterPrompt;
  /**
   * The column widths that all jobs need. They do not depend on the filter, so that columns do not move while the user
   * types.
   */
  readonly columnWidths: ColumnWidths;
  readonly arrangement: ColumnArrangement;
  /** The column under the cursor; `undefined` until the user goes to one. */
  readonly column: string | undefined;
  readonly recentChanges: RecentChanges;
  /** A job that was just created and is not listed yet. Keys are about it, so that they wait. */
  readonly awaited: AwaitedJob | undefined;
}

export interface AwaitedJob {
  readonly jobId: string;
  readonly keys: readonly KeyInput[];
  /** It is no longer waited for, epoch ms. */
  readonly until: number;
}

/** The table of jobs: the listed rows and their order, the selection, the marks, and the scroll position. */
export interface TableState {
  /** All jobs, from which `rows` is made. */
  readonly source: readonly JobRow[];
  /** The jobs that pass the filter, in sort order. */
  readonly rows: readonly JobRow[];
  readonly sort: Sort;
  /** The id of the selected job. The selection follows the job, not the row. */
  readonly selected: string | undefined;
  /** The index of the selected job in `rows`. */
  readonly index: number;
  /** The first row in sight. */
  readonly top: number;
  readonly marks: Marks;
  /** The start of the range that is being marked: the id of its job. */
  readonly rangeFrom: string | undefined;
  /** The id of a job to select as soon as it is listed, unless the user selects another one first. */
  readonly pendingSelection: string | undefined;
}

/** The filter of a view with its prompt. It filters on every key. */
export interface FilterPrompt {
  readonly line: EditedLine;
  /** The parsed line. The view shows its problems while the prompt is open. */
  readonly filter: Filter;
  readonly isOpen: boolean;
  /** The text before the prompt was opened. Esc restores it. */
  readonly before: string;
  /** Set while Tab goes through completions. */
  readonly completing: Completing | null;
  /** Filters that were applied earlier, newest first. */
  readonly recent: readonly string[];
  /** The index of the shown one, while the user goes through them. */
  readonly recentAt: number | null;
}

export interface Completing {
  readonly completion: Completion;
  /** The line before the first choice was inserted. */
  readonly line: EditedLine;
  readonly at: number;
}

export const EMPTY_FILTER_PROMPT: FilterPrompt = {
  line: EMPTY_LINE,
  filter: NO_FILTER,
  isOpen: false,
  before: '',
  completing: null,
  recent: [],
  recentAt: null,
};

/** What the columns have to show: the longest text of each variable one, in cells. */
export interface ColumnWidths {
  readonly job: number;
  readonly at: number;
  readonly config: number;
  readonly host: number;
  readonly tags: number;
  readonly history: number;
  /** The columns that are blank in every row. */
  readonly empty: ReadonlySet<string>;
}

export const NO_COLUMN_WIDTHS: ColumnWidths = {
  job: 0,
  at: 9,
  config: 0,
  host: 0,
  tags: 0,
  history: 0,
  empty: new Set(),
};

/** Recently changed jobs, with the time until which their rows are highlighted (epoch ms). */
export type RecentChanges = ReadonlyMap<string, number>;

export const NO_RECENT_CHANGES: RecentChanges = new Map();

/** The ids of the marked jobs. Actions apply to all of them. */
export type Marks = ReadonlySet<string>;

export const NO_MARKS: Marks = new Set();

/** The sort keys, in the order of the sort menu. `descending` is the initial direction. */
export const SORTS = [
  { by: 'job', title: 'Job', descending: false },
  { by: 'state', title: 'State, the most urgent first', descending: false },
  { by: 'next', title: 'Next run, the nearest first', descending: false },
  { by: 'last', title: 'Last run, the latest first', descending: true },
  { by: 'took', title: 'Duration, the longest first', descending: true },
  { by: 'items', title: 'Items, the most first', descending: true },
  { by: 'change', title: 'Change of items, the largest loss first', descending: false },
  { by: 'fails', title: 'Failures in a row, the most first', descending: true },
  { by: 'config', title: 'Configuration', descending: false },
  { by: 'host', title: 'Host', descending: false },
  { by: 'tags', title: 'Tags', descending: false },
  { by: 'changed', title: 'Last change, the latest first', descending: true },
] as const;

export type SortKey = (typeof SORTS)[number]['by'];

export interface Sort {
  readonly by: SortKey;
  readonly descending: boolean;
}

export const BY_JOB: Sort = { by: 'job', descending: false };

export const EMPTY_TABLE: TableState = {
  source: [],
  rows: [],
  sort: BY_JOB,
  selected: undefined,
  index: 0,
  top: 0,
  marks: NO_MARKS,
  rangeFrom: undefined,
  pendingSelection: undefined,
};

export const INITIAL_JOBS: JobsState = {
  table: EMPTY_TABLE,
  filterPrompt: EMPTY_FILTER_PROMPT,
  columnWidths: NO_COLUMN_WIDTHS,
  arrangement: NOT_ARRANGED,
  column: undefined,
  recentChanges: NO_RECENT_CHANGES,
  awaited: undefined,
};

/** A replacement for a part of a filter's text. */
export interface Completion extends TextRange {
  readonly choices: readonly CompletionChoice[];
}

export interface CompletionChoice {
  /** The replacement of the part. */
  readonly text: string;
  /** The text beside it in a list: the meaning of a field, or the number of jobs with a value. */
  readonly hint: string;
}
