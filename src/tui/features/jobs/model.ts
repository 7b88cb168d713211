import type { JobRow } from '../../home/job-row.ts';
import { type EditedLine, EMPTY_LINE } from '../../ui/text/edit-line.ts';
import type { Completion } from './filter/model.ts';
import { type Filter, NO_FILTER } from './filter/model.ts';

declare module '../../kernel/model.ts' {
  interface Preferences {
    readonly sort: Sort;
    /** Of this home; others have filters of their own. */
    readonly filter: string;
  }
  interface State {
    jobs: JobsState;
  }
  interface ViewParams {
    jobs: object;
  }
  interface DialogParams {
    /** What the jobs can be sorted by. */
    sort: { index: number };
  }
}

/** The table of jobs and its filter. */
export interface JobsState {
  readonly table: TableState;
  readonly find: FindState;
  /** How wide the columns would like to be; follows all jobs, so that they do not move while somebody filters. */
  readonly columnWidths: ColumnWidths;
  readonly recentChanges: RecentChanges;
}

/** The table of jobs: what is listed in which order, what is selected and marked, and which part is to be seen. */
export interface TableState {
  /** All jobs, of which `rows` are made. */
  readonly source: readonly JobRow[];
  /** The jobs that the filter lets through, in the order of the sort. */
  readonly rows: readonly JobRow[];
  readonly sort: Sort;
  /** The id of the selected job: the selection belongs to the job, not to the row. */
  readonly selected: string | undefined;
  /** Where the selected job is in `rows`. */
  readonly index: number;
  /** The first row to be seen. */
  readonly top: number;
  readonly marks: Marks;
  /** Where a range begins that is being marked: the id of its job. */
  readonly rangeFrom: string | undefined;
  /** The id of a job that is selected as soon as it is listed, unless something else is selected by then. */
  readonly pendingSelection: string | undefined;
}

/** The filter of a view, and the prompt in which it is typed. It filters with every key. */
export interface FindState {
  readonly line: EditedLine;
  /** What the line says; the view shows its problems while the prompt is open. */
  readonly filter: Filter;
  readonly isOpen: boolean;
  /** The text before the prompt was opened: Esc brings it back. */
  readonly before: string;
  /** While Tab walks through what may stand at the cursor. */
  readonly completing: Completing | null;
  /** Filters that were kept earlier, the newest first. */
  readonly recent: readonly string[];
  /** Which of them is shown, while somebody walks through them. */
  readonly recentAt: number | null;
}

export interface Completing {
  readonly completion: Completion;
  /** The line before the first choice was put in. */
  readonly line: EditedLine;
  readonly at: number;
}

export const NO_FIND: FindState = {
  ...{ line: EMPTY_LINE, filter: NO_FILTER, isOpen: false, before: '', completing: null },
  ...{ recent: [], recentAt: null },
};

/** The longest text of each column whose width follows what is in it, in cells. */
export interface ColumnWidths {
  readonly job: number;
  readonly config: number;
  readonly host: number;
  readonly tags: number;
}

export const NO_COLUMN_WIDTHS: ColumnWidths = { job: 0, config: 0, host: 0, tags: 0 };

/** The jobs that something just happened to, and until when their rows show it (epoch ms). */
export type RecentChanges = ReadonlyMap<string, number>;

export const NO_RECENT_CHANGES: RecentChanges = new Map();

/** The ids of the jobs that were marked, for actions on several. */
export type Marks = ReadonlySet<string>;

export const NO_MARKS: Marks = new Set();

/** What the jobs can be sorted by, in the order of the sort menu. `descending`: what is asked for first. */
export const SORTS = [
  { by: 'job', title: 'Job', descending: false },
  { by: 'state', title: 'State, what needs somebody first', descending: false },
  { by: 'next', title: 'Next run, the nearest first', descending: false },
  { by: 'last', title: 'Last run, the latest first', descending: true },
  { by: 'took', title: 'Duration, the longest first', descending: true },
  { by: 'items', title: 'Items, the most first', descending: true },
  { by: 'change', title: 'Change of items, the largest loss first', descending: false },
  { by: 'fails', title: 'Failures in a row, the most first', descending: true },
  { by: 'config', title: 'Configuration', descending: false },
  { by: 'host', title: 'Host', descending: false },
  { by: 'tags', title: 'Tags', descending: false },
  { by: 'changed', title: 'Changed by somebody, the latest first', descending: true },
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
  find: NO_FIND,
  columnWidths: NO_COLUMN_WIDTHS,
  recentChanges: NO_RECENT_CHANGES,
};
