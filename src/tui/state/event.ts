import type { ErrorCode, Issue } from '../../core/lib/errors.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/table.ts';
import type { SuggestionOutcome, TestRunOutcome } from '../configs/config-editor.ts';
import type { ConfigCheck, ConfigRow } from '../configs/config-row.ts';
import type { JobDetailEvent } from '../detail/job-detail.ts';
import type { HomeEvent } from '../home/home-data.ts';
import type { Input } from '../input/input.ts';
import type { ItemsEvent } from '../items/items-slice.ts';
import type { LogEvent } from '../log/log-slice.ts';
import type { TimelineData } from '../timeline/timeline-slice.ts';
import type { TrashRow } from '../trash/trash-row.ts';
import type { ConfigVersion, JobVersion } from '../undo/job-version.ts';

/** What went wrong, for people: a message and what to do next. */
export interface Failure {
  code: ErrorCode;
  message: string;
  field?: string;
  hint?: string;
  issues?: Issue[];
}

/** The outcome of a `call` effect. */
export type AnswerEvent = {
  [N in OperationName]: {
    kind: 'answer';
    name: N;
    tag: string;
    done?: string;
    quiet?: true;
  } & (
    | { ok: true; output: OperationOutput<N>; was?: JobBefore; wasConfig?: ConfigBefore }
    | { ok: false; failure: Failure }
  );
}[OperationName];

/** The job that a call has created, changed, deleted or brought back, as it was right before; `null`: not there. */
export interface JobBefore {
  jobId: string;
  version: JobVersion | null;
}

/** The configuration that a call has stored or deleted. */
export interface ConfigBefore {
  name: string;
  /** As it was right before; `null`: not there. */
  version: ConfigVersion | null;
  /** The text that was stored; `null` where it was deleted. */
  yaml: string | null;
}

/** All that can happen to the dashboard. */
export type Event =
  | Input
  | { kind: 'resize'; columns: number; rows: number }
  /** Once a second, and when something else needs the time: the clock of the state. */
  | { kind: 'tick'; now: number }
  /** What the home is like now, and what happened in it. */
  | HomeEvent
  | AnswerEvent
  | JobDetailEvent
  /** What was read of a log, of the items of a run, for the timeline. */
  | { kind: 'log'; runId: string; event: LogEvent }
  | { kind: 'items'; runId: string; event: ItemsEvent }
  | { kind: 'timeline'; data: TimelineData }
  /** An editor or pager has ended. */
  | { kind: 'outside_ended'; tag: string; ok: boolean; problem?: string }
  /** An editor that had a copy of a text has ended. `text` is what the copy is now; without one it could not be read. */
  | { kind: 'text_edited'; tag: string; text?: string; problem?: string }
  /** All configurations, sorted by name. */
  | { kind: 'configs'; rows: readonly ConfigRow[] }
  /** What lies in the trash, the latest first. */
  | { kind: 'trash'; rows: readonly TrashRow[] }
  | { kind: 'config_checked'; name: string; check: ConfigCheck }
  /** A version of a configuration was brought back from the trash, over what was there. */
  | { kind: 'config_restored'; name: string; before: ConfigVersion | null; after: ConfigVersion }
  | { kind: 'trial_ended'; id: number; outcome: TestRunOutcome }
  /** What was found on the page of a new configuration. */
  | { kind: 'proposed'; id: number; outcome: SuggestionOutcome }
  /** Something that people should know, from the effect runner. */
  | { kind: 'said'; tone: 'info' | 'good' | 'warning' | 'bad'; text: string };
