import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';

declare module '../../kernel/model.ts' {
  interface State {
    runs: RunsState;
  }
  interface ViewParams {
    runs: { jobId: string };
  }
  interface DialogParams {
    /** The attempts of a run. */
    attempts: { jobId: string; runId: string; answer: AttemptsAnswer; top: number };
  }
}

export type Attempt = OperationOutput<'get_run'>['attempts'][number];

/** The attempts of a run, first to last; `undefined` until they were read, or why they were not. */
export type AttemptsAnswer = readonly Attempt[] | undefined | { readonly problem: string };

/** The runs of the job that is shown, or was shown last. */
export interface RunsState {
  jobId: string;
  /** Newest first; `undefined` until they were read. */
  runs: readonly RunOutput[] | undefined;
  /** The number of runs, listed or not. */
  total: number;
  selected: string | undefined;
  /** The run that others are compared with. */
  marked: string | undefined;
  index: number;
  top: number;
}

export const NO_RUNS: RunsState = {
  jobId: '',
  runs: undefined,
  total: 0,
  selected: undefined,
  marked: undefined,
  index: 0,
  top: 0,
};
