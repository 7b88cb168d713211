import { type ErrorCode, type Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { COMMAND_HINTS, createHintFormatter } from '../../core/lib/hints.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/operations.ts';

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

/** A failure for people: a message and the next step. */
export interface Failure {
  code: ErrorCode;
  message: string;
  field?: string;
  hint?: string;
  issues?: Issue[];
}

/** The state of a job right before a call created, changed, deleted or restored it; `null`: it did not exist. */
export interface JobBefore {
  jobId: string;
  version: JobVersion | null;
}

/** The configuration that a call has saved or deleted. */
export interface ConfigBefore {
  name: string;
  /** The version right before the call; `null`: it did not exist. */
  version: ConfigVersion | null;
  /** The saved text; `null` if it was deleted. */
  yaml: string | null;
}

/** A call of an operation, as in every interface. Its outcome returns as an `answer` event with the same `tag`. */
export type CallEffect = {
  [N in OperationName]: {
    kind: 'call';
    name: N;
    params: OperationInput<N>;
    /** Identifies the receiver of the answer, such as `jobs.run`; each reducer handles its own tags. */
    tag: string;
    /** The notice after success. */
    done?: string;
    /** The caller reports a failure itself; otherwise it becomes a notice. */
    quiet?: true;
    /** The call undoes or redoes a change. */
    isUndo?: true;
  };
}[OperationName];

type CallOf<C> = C extends CallEffect ? Pick<C, 'name' | 'params'> : never;

/** A call of an operation, without its tag and texts. */
export type Call = CallOf<CallEffect>;

/** A configuration at one point in time. */
export interface ConfigVersion {
  readonly yaml: string;
  readonly revision: string;
}

/** A job at one point in time. */
export interface JobVersion {
  readonly definition: JobDefinition;
  readonly revision: number;
}

/** Converts an error for the state. */
export function toFailure(error: unknown): Failure {
  if (error instanceof QuickscrapeError) {
    return { ...error.toData(formatDashboardHint), message: error.message };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** Formats hints for the dashboard. Where it has no key for the next step, the hint names the command. */
export const formatDashboardHint = createHintFormatter({
  ...COMMAND_HINTS,
  enable_job: () => 'enable it with a in the list of jobs',
  resume_job: () => 'resume it with p in the list of jobs',
  change_config: () => 'give it another one with e',
  start_scheduler: () => 'start one with D, then s',

  read_job_again: () => 'It is shown as it is now: make your change again.',
  restore_job: () => 'The trash (Z) has it.',
  list_deleted_jobs: () => 'The trash (Z) shows the ids.',
  restart_program: () => 'Leave with q and start it again.',
  compare_with: () => 'Mark the run to compare with by Space, then press c on another.',
  wait_or_cancel: () => 'Wait for it, or cancel it first with x.',
  free_config: () => 'Delete the jobs first, or give them another configuration with e.',
  schedule_forms: () => 'Choose a kind of schedule, then fill in its fields.',
  queue_with_scheduler: () =>
    'Wait for one of them, or start the scheduler, which lets others wait for their turn, with D, then s.',
});
