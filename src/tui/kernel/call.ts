import type { ErrorCode, Issue } from '../../core/lib/errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/table.ts';
import { formatDashboardHint } from './hint-keys.ts';

/** A failure for people: a message and the next step. */
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

/** Converts an error for the state. */
export function toFailure(error: unknown): Failure {
  if (error instanceof QuickscrapeError) {
    return { ...error.toData(formatDashboardHint), message: error.message };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

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
