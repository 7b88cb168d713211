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
    /**
     * `since` is set when the log is shown as the job's newest run: the time when that run started or was queued. A run
     * that starts later replaces it.
     */
    log: { jobId: string; runId: string; since?: number };
  }
  interface EventKinds {
    /** The result of reading a log. */
    log: { runId: string; event: LogEvent };
  }
  interface EffectKinds {
    /** Reads more of the open log. The result arrives as `log` events. */
    read_log: { runId: string; request: LogRequest };
  }
  interface SubscriptionKinds {
    /** `log` events: the log of a run, as it grows. With `afterMs` it is first read after that time. */
    log: { jobId: string; runId: string; afterMs?: number };
  }
}

/** The log that is open, or was open last. */
export interface LogState {
  runId: string;
  slice: LogSlice;
  /** The line being typed: a search, or a filter on the text of lines. */
  typing: { what: 'search' | 'filter'; line: EditedLine; before: LogSlice } | undefined;
  /** The progress samples of the run while it is active. */
  progress: readonly ProgressSample[];
  /** Long lines are cut beside the runs, where they are wrapped at first. */
  isCutBeside: boolean;
}

/** From least to most severe. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of a log, ready for display: terminal control characters are removed. */
export interface LogLine {
  /** The byte offset of its start in the file. It identifies the line. */
  readonly offset: number;
  /** Includes the line break. */
  readonly bytes: number;
  /** When it was written, epoch ms; `null` for a continuation line, or a line from another program. */
  readonly at: number | null;
  /** Its own level, or that of the message that it continues; `null` while that is not known. */
  readonly level: LogLevel | null;
  readonly text: string;
}

/** Which lines are shown. */
export interface LogFilter {
  /** Lines of a lower level are hidden. */
  readonly minLevel: LogLevel;
  /** Shows only lines with this text, or with a leading `!` only lines without it. Empty: all. */
  readonly text: string;
}

export const ALL_LINES: LogFilter = { minLevel: 'debug', text: '' };

/** Consecutive lines of a log. */
export interface LogPage {
  readonly lines: readonly LogLine[];
  /** The byte offset of the first line, and the offset after the last one. */
  readonly from: number;
  readonly until: number;
  /** An incomplete last line; it starts at `until`. */
  readonly unfinished: LogLine | undefined;
  /** The size of the file when it was read. */
  readonly size: number;
  /** Whether the items of the run are there. Asked only of an empty log. */
  readonly hasItems?: boolean;
}

/** The maximum number of lines in memory. Of other lines only the file offsets are known. */
export const MAX_LINES = 10_000;

/** A search in the log. */
interface LogSearch {
  readonly query: string;
  /** The offsets of matching lines, in order. */
  readonly hits: readonly number[];
  /** Whether the whole log was searched, and not only the lines in memory. */
  readonly isComplete: boolean;
  /** The offset of the current match. */
  readonly at: number | null;
}

/** The first row on the screen: a line, and the index among its rows. */
export interface LogTop {
  readonly offset: number;
  readonly row: number;
}

/** The part of a log in memory while it is shown. */
export interface LogSlice {
  /** The lines in memory, without gaps, and the byte range that they cover. */
  readonly lines: readonly LogLine[];
  readonly from: number;
  readonly until: number;
  /** The incomplete last line of the file; only when the end is in memory. */
  readonly unfinished: LogLine | undefined;
  /** The size of the file in bytes, as far as it was read. */
  readonly size: number;
  /** Whether the lines in memory reach the end of the file. */
  readonly atEnd: boolean;
  /** The lines in memory that pass the filter, including the incomplete one. */
  readonly shown: readonly LogLine[];
  readonly filter: LogFilter;
  readonly search: LogSearch | undefined;
  /** The end stays in sight. */
  readonly follow: boolean;
  /** The number of lines since the end was last in sight. */
  readonly unseen: number;
  /** Only used while `follow` is off. */
  readonly top: LogTop;
  /** The horizontal scroll in cells. */
  readonly left: number;
  readonly wrap: boolean;
  readonly timestamps: boolean;
  /** The pending read. */
  readonly reading: 'older' | 'newer' | 'end' | 'around' | undefined;
  /** Whether the log was cut or replaced while it was shown. A message reports it once. */
  readonly renewed: boolean;
  /** Why the log cannot be read. */
  readonly problem: string | undefined;
  /** The log is empty, but the items of the run are there. */
  readonly hasItems: boolean;
}

export const EMPTY_LOG: LogSlice = {
  lines: [],
  from: 0,
  until: 0,
  unfinished: undefined,
  size: 0,
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
  hasItems: false,
};

export const NO_LOG: LogState = {
  runId: '',
  slice: EMPTY_LOG,
  typing: undefined,
  progress: [],
  isCutBeside: false,
};

/** The screen area of a log. */
export interface LogView {
  /** Long lines are wrapped whatever the preference is: beside the runs there is little room. */
  readonly wrap?: boolean;
  /** Beside other things, the columns before the text are as narrow as can be. */
  readonly compact?: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly timezone: string;
}

/** A read for the log. The results arrive as events. */
export type LogRequest =
  | { readonly kind: 'end' }
  | { readonly kind: 'older'; readonly before: number }
  | { readonly kind: 'newer'; readonly after: number }
  /** The lines on both sides of an offset, to jump there. */
  | { readonly kind: 'around'; readonly offset: number }
  | { readonly kind: 'search'; readonly query: string; readonly filter: LogFilter }
  | { readonly kind: 'first_error'; readonly filter: LogFilter };

export type LogEvent =
  /** Answers to requests. `around` has the pages before and after the offset. */
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
  /** Actions of the user. */
  | { readonly kind: 'scroll'; readonly rows: number }
  | { readonly kind: 'start' | 'bottom' | 'follow' | 'wrap' | 'timestamps' | 'to_error' }
  /** Scrolls horizontally; 0 returns to the start of the lines. */
  | { readonly kind: 'sideways'; readonly cells: number }
  | { readonly kind: 'level'; readonly minLevel: LogLevel }
  | { readonly kind: 'filter'; readonly text: string }
  /** `wanted`: the search text while it is typed. `search`: the finished text. */
  | { readonly kind: 'wanted'; readonly text: string }
  | { readonly kind: 'search' }
  | { readonly kind: 'hit'; readonly direction: 1 | -1 };

/** The state after an event, and the pending requests. */
export interface LogStep {
  readonly slice: LogSlice;
  readonly requests: readonly LogRequest[];
}
