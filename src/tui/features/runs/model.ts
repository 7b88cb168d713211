import type { RunOutput } from '../../../core/operations/run-output.ts';

declare module '../../kernel/model.ts' {
  interface State {
    runs: RunsState;
  }
  interface ViewParams {
    runs: { jobId: string };
  }
}

/** The runs of the job that is, or was last, looked at. */
export interface RunsState {
  jobId: string;
  /** Newest first; `undefined` until they were read. */
  runs: readonly RunOutput[] | undefined;
  /** How many there are, listed or not. */
  total: number;
  selected: string | undefined;
  /** The run with which another one is compared. */
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
