import type { Call, JobVersion } from '../../kernel/call.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import type { Direction } from '../undo/model.ts';

declare module '../../kernel/model.ts' {
  interface ConfirmParams {
    /** The plan that starts after a confirmation: it changes several jobs or can be undone. */
    plan?: BatchPlan;
  }
  interface State {
    /** The batches of changes to jobs, with their results. */
    batches: Batches;
  }
  interface DialogParams {
    /** The result of each job of a batch. */
    results: { batch: number; top: number };
    /** The tags to add to these jobs or to remove from them. */
    tags: { jobIds: readonly string[]; line: EditedLine; problem?: string };
  }
}

/** A change to one job: a call, or the reason why it is not attempted. */
export interface PlannedStep {
  jobId: string;
  call: Call | undefined;
  reason: string;
  /** The version that the job should have after it is restored from the trash. */
  expects?: JobVersion;
}

/** A change to one job or to several. */
export interface BatchPlan {
  /** An imperative: `Delete`. */
  title: string;
  /** The past participle after a job's name or a count: `deleted`. */
  past: string;
  /** Appended to the notice when all steps succeeded: `u undoes it.` */
  hint?: string;
  steps: readonly PlannedStep[];
  /** What the steps are about, if not jobs. */
  noun?: 'configuration';
  /** The batch undoes or redoes this entry of the journal. */
  undoes?: { entry: number; direction: Direction };
}

export interface BatchStep extends PlannedStep {
  outcome: 'waiting' | 'asked' | 'done' | 'refused';
  /** A remark about a step that succeeded, such as what a run waits for. */
  note?: string;
}

/**
 * An active or finished plan, with one step for each job. The counters exist so that no code has to scan thousands of
 * steps.
 */
export interface Batch extends Omit<BatchPlan, 'steps'> {
  id: number;
  steps: readonly BatchStep[];
  /** The index of the first step that was not started yet. */
  next: number;
  inFlight: number;
  done: number;
  refused: number;
}

/** The batches of this session, oldest first. */
export interface Batches {
  readonly list: readonly Batch[];
  readonly nextId: number;
}

export const NO_BATCHES: Batches = { list: [], nextId: 1 };

/** Above this number of jobs, the user confirms by typing the number. */
export const MAX_UNTYPED = 10;
