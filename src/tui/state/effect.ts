import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/table.ts';
import type { LogRequest } from '../log/log-slice.ts';
import type { Preferences } from '../preferences/preferences.ts';

/** A call of an operation, as every face makes it. Its outcome comes back as an `answer` event with the same `tag`. */
export type CallEffect = {
  [N in OperationName]: {
    kind: 'call';
    name: N;
    params: OperationInput<N>;
    /** Says to whom the answer belongs, such as `jobs.run`; reducers look for their own. */
    tag: string;
    /** What the notice line says when it went well. */
    done?: string;
    /** The one who asked tells of a failure himself; else it becomes a notice. */
    quiet?: true;
    /** It takes a change back, or does it again. */
    isUndo?: true;
  };
}[OperationName];

/** What a reducer wants done, as plain data. `src/tui/live/run-effect.ts` has one function a kind. */
export type Effect =
  | CallEffect
  /** Opens a file in `$EDITOR` or `$PAGER`; comes back as an `outside_ended` event. */
  | { kind: 'edit_file'; path: string; tag: string }
  | { kind: 'page_file'; path: string; tag: string }
  /**
   * Opens a copy of a text in `$EDITOR`, in a file of this name; what it is afterwards comes back as a `text_edited` event.
   */
  | { kind: 'edit_text'; text: string; fileName: string; tag: string }
  /** Shows a text in `$PAGER`, through a file of its own. */
  | { kind: 'page_text'; text: string; tag: string }
  /** Puts a text on the clipboard (OSC 52). `what` is named in the notice: `3 lines`. */
  | { kind: 'copy'; text: string; what: string }
  /** Reads more of the log that is open. It comes back as `log` events. */
  | { kind: 'read_log'; runId: string; request: LogRequest }
  /** Shows what a run has left behind in `$PAGER`: its log, or the first page that it kept. */
  | { kind: 'page_run'; jobId: string; runId: string; file: 'log' | 'page'; tag: string }
  /** Reads items of a run. They come back as an `items` event. */
  | { kind: 'read_items'; jobId: string; runId: string; first: number; count: number }
  /**
   * Brings a version of a configuration back from its file in the trash; `ifRevision` is what must be there now, `null` for
   * none.
   */
  | { kind: 'restore_config'; name: string; file: string; ifRevision: string | null }
  /** Keeps what somebody prefers for the next time. */
  | { kind: 'save_preferences'; changed: Partial<Preferences> }
  | { kind: 'use_mouse'; on: boolean }
  /** Ctrl-Z: stops the program until the shell lets it go on. */
  | { kind: 'suspend' }
  | { kind: 'quit'; exitCode: number };

export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;
