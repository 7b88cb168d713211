import type { Call, JobVersion } from '../../kernel/call.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import type { Direction } from '../undo/model.ts';

declare module '../../kernel/model.ts' {
  interface ConfirmParams {
    /** What is begun after a yes: something to several jobs, or that can be taken back. */
    plan?: BatchPlan;
  }
  interface State {
    /** What is being done to jobs, and what became of it. */
    batches: Batches;
  }
  interface DialogParams {
    /** What became of each job of a batch. */
    results: { batch: number; top: number };
    /** The tags to give to these jobs, or to take from them. */
    tags: { jobIds: readonly string[]; line: EditedLine; problem?: string };
  }
}

/** Something to be done to one job: a call, or why it is not even tried. */
export interface PlannedStep {
  jobId: string;
  call: Call | undefined;
  reason: string;
  /** What the job should be like when it is back from the trash. */
  expects?: JobVersion;
}

/** Something to be done to one job or to several. */
export interface BatchPlan {
  /** In the imperative: `Delete`. */
  title: string;
  /** After a job's name or a count: `deleted`. */
  past: string;
  /** Put after the notice when all went well: `u undoes it.` */
  hint?: string;
  steps: readonly PlannedStep[];
  /** It takes back, or does again, what an entry of the journal holds. */
  undoes?: { entry: number; direction: Direction };
}

export interface BatchStep extends PlannedStep {
  outcome: 'waiting' | 'asked' | 'done' | 'refused';
  /** What is to be known of one that was done, such as what a run waits for. */
  note?: string;
}

/** A plan under way, or over: a step a job. With thousands of steps, none of what follows looks at all of them. */
export interface Batch extends Omit<BatchPlan, 'steps'> {
  id: number;
  steps: readonly BatchStep[];
  /** The first step that was not asked for yet. */
  next: number;
  inFlight: number;
  done: number;
  refused: number;
}

/** The batches of this session, the newest last. */
export interface Batches {
  readonly list: readonly Batch[];
  readonly nextId: number;
}

export const NO_BATCHES: Batches = { list: [], nextId: 1 };
