import type { ErrorCode, Issue } from '../../core/lib/errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/table.ts';
import { formatDashboardHint } from './hint-keys.ts';

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

type CallOf<C> = C extends CallEffect ? Pick<C, 'name' | 'params'> : never;

/** A call of an operation, without what is to be said of it. */
export type Call = CallOf<CallEffect>;

/** An error as the state keeps it. */
export function toFailure(error: unknown): Failure {
  if (error instanceof QuickscrapeError) {
    return { ...error.toData(formatDashboardHint), message: error.message };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** What a configuration was at a time. */
export interface ConfigVersion {
  readonly yaml: string;
  readonly revision: string;
}

/** What a job was at a time. */
export interface JobVersion {
  readonly definition: JobDefinition;
  readonly revision: number;
}
