import type { ProgressSample } from '../../ui/run-progress.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface Preferences {
    readonly logWrap: boolean;
  }
  interface State {
    log: LogState;
  }
  interface ViewParams {
    /** `since`: the job's newest run is shown, which began then or was queued; one that begins later takes its place. */
    log: { jobId: string; runId: string; since?: number };
  }
  interface EventKinds {
    /** What was read of a log. */
    log: { runId: string; event: LogEvent };
  }
  interface EffectKinds {
    /** Reads more of the log that is open. It comes back as `log` events. */
    read_log: { runId: string; request: LogRequest };
  }
  interface SubscriptionKinds {
    /** `log` events: the log of a run, as it grows. */
    log: { jobId: string; runId: string };
  }
}

/** The log that is looked at, or was looked at last. */
export interface LogState {
  runId: string;
  slice: LogSlice;
  /** What is being typed: a text to search for, or one that lines must have. */
  typing: { what: 'search' | 'filter'; line: EditedLine; before: LogSlice } | undefined;
  /** How far the run had come, while it is under way. */
  progress: readonly ProgressSample[];
}

/** From the least to the most important. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of a log, ready to be shown: nothing in it can steer a terminal. */
export interface LogLine {
  /** The byte of the file at which it begins: its name. */
  readonly offset: number;
  /** With its line break. */
  readonly bytes: number;
  /** When it was written, epoch ms; `null` for a line that carries on another one, or that another program wrote. */
  readonly at: number | null;
  /** Its own, or that of the line that it carries on; `null` while that is not known. */
  readonly level: LogLevel | null;
  readonly text: string;
}

/** Which lines are shown. */
export interface LogFilter {
  /** Lines of less importance are hidden. */
  readonly minLevel: LogLevel;
  /** Only lines with this text; with `!` before it, only those without. Empty: all. */
  readonly text: string;
}

export const ALL_LINES: LogFilter = { minLevel: 'debug', text: '' };

/** Some lines of a log that lie together. */
export interface LogPage {
  readonly lines: readonly LogLine[];
  /** The byte at which the first one begins, and that after the last one. */
  readonly from: number;
  readonly until: number;
  /** A last line whose end has not been written yet; it begins at `until`. */
  readonly unfinished: LogLine | undefined;
  /** How long the file was. */
  readonly size: number;
}

/** So many lines are held; of those before and after them only the places in the file are known. */
export const MAX_LINES = 10_000;

/** What is looked for in the log. */
interface LogSearch {
  readonly query: string;
  /** Where the lines that have it begin, in order. */
  readonly hits: readonly number[];
  /** The whole log was searched, not only the lines that are held. */
  readonly isComplete: boolean;
  /** The hit that was gone to last. */
  readonly at: number | null;
}

/** The first row on the screen: a line, and which of its rows. */
export interface LogTop {
  readonly offset: number;
  readonly row: number;
}

/** What is known of a log while it is looked at. */
export interface LogSlice {
  /** The lines that are held, without a gap, and the bytes between which they lie. */
  readonly lines: readonly LogLine[];
  readonly from: number;
  readonly until: number;
  /** The last line of the file while its end has not been written; only at the end of the file. */
  readonly unfinished: LogLine | undefined;
  /** The lines held reach to the end of the file. */
  readonly atEnd: boolean;
  /** Of those the lines that pass the filter, the unfinished one among them. */
  readonly shown: readonly LogLine[];
  readonly filter: LogFilter;
  readonly search: LogSearch | undefined;
  /** The end is kept in sight. */
  readonly follow: boolean;
  /** Lines that came since the end was last in sight. */
  readonly unseen: number;
  /** Counts while `follow` is off. */
  readonly top: LogTop;
  /** Cells of text that are out of sight on the left. */
  readonly left: number;
  readonly wrap: boolean;
  readonly timestamps: boolean;
  /** What is being read. */
  readonly reading: 'older' | 'newer' | 'end' | 'around' | undefined;
  /** Said once it was cut or replaced under the reader. */
  readonly renewed: boolean;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
}

export const EMPTY_LOG: LogSlice = {
  lines: [],
  from: 0,
  until: 0,
  unfinished: undefined,
  atEnd: true,
  shown: [],
  filter: ALL_LINES,
  search: undefined,
  follow: true,
  unseen: 0,
  top: { offset: 0, row: 0 },
  left: 0,
  wrap: false,
  timestamps: true,
  reading: 'end',
  renewed: false,
  problem: undefined,
};

export const NO_LOG: LogState = { runId: '', slice: EMPTY_LOG, typing: undefined, progress: [] };

/** Where a log is shown. */
export interface LogView {
  readonly columns: number;
  readonly rows: number;
  readonly timeZone: string;
}

/** What is to be read for it. The answers come back as events. */
export type LogRequest =
  | { readonly kind: 'end' }
  | { readonly kind: 'older'; readonly before: number }
  | { readonly kind: 'newer'; readonly after: number }
  /** The lines on both sides of a place, to go there. */
  | { readonly kind: 'around'; readonly offset: number }
  | { readonly kind: 'search'; readonly query: string; readonly filter: LogFilter }
  | { readonly kind: 'first_error'; readonly filter: LogFilter };

export type LogEvent =
  /** Answers to wishes; `around` has the pages before and from the place. */
  | { readonly kind: 'end' | 'renewed' | 'added' | 'older' | 'newer'; readonly page: LogPage }
  | { readonly kind: 'around'; readonly offset: number; readonly before: LogPage; readonly after: LogPage }
  | {
      readonly kind: 'found';
      readonly query: string;
      readonly filter: LogFilter;
      readonly hits: readonly number[];
    }
  | { readonly kind: 'first_error'; readonly offset: number | undefined }
  | { readonly kind: 'unreadable'; readonly problem: string }
  /** What people do. */
  | { readonly kind: 'scroll'; readonly rows: number }
  | { readonly kind: 'start' | 'bottom' | 'follow' | 'wrap' | 'timestamps' | 'to_error' }
  /** To the side; from the beginning of the lines with 0. */
  | { readonly kind: 'sideways'; readonly cells: number }
  | { readonly kind: 'level'; readonly minLevel: LogLevel }
  | { readonly kind: 'filter'; readonly text: string }
  /** While it is typed; `search` when it has been. */
  | { readonly kind: 'wanted'; readonly text: string }
  | { readonly kind: 'search' }
  | { readonly kind: 'hit'; readonly direction: 1 | -1 };

/** The state after an event, and what is to be read for it. */
export interface LogStep {
  readonly slice: LogSlice;
  readonly requests: readonly LogRequest[];
}
