import type { CallEffect } from '../state/effect.ts';
import type { JobVersion } from '../undo/job-version.ts';
import type { Direction } from '../undo/journal.ts';

type CallOf<C> = C extends CallEffect ? Pick<C, 'name' | 'params'> : never;

/** A call of an operation, without what is to be said of it. */
export type Call = CallOf<CallEffect>;

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

/** A plan under way, or over: a step a job. */
export interface Batch extends Omit<BatchPlan, 'steps'> {
  id: number;
  steps: readonly BatchStep[];
}

/** So many calls of a batch are under way at once; what changes files waits for the store's lock anyway. */
const AT_ONCE = 4;

export function beginBatch(id: number, { steps, ...plan }: BatchPlan): Batch {
  const begun = steps.map(
    (step): BatchStep => ({ ...step, outcome: step.call === undefined ? 'refused' : 'waiting' }),
  );
  return { ...plan, id, steps: begun };
}

/** Asks for as many of the steps that wait as may be under way. */
export function askNext(batch: Batch): { batch: Batch; effects: CallEffect[] } {
  const effects: CallEffect[] = [];
  let room = AT_ONCE - batch.steps.filter(({ outcome }) => outcome === 'asked').length;
  const steps = batch.steps.map((step, index): BatchStep => {
    if (room <= 0 || step.outcome !== 'waiting' || step.call === undefined) return step;
    room -= 1;
    effects.push({ kind: 'call', ...step.call, tag: tagOf(batch.id, index), quiet: true } as CallEffect);
    return { ...step, outcome: 'asked' };
  });
  return { batch: { ...batch, steps }, effects };
}

/** The batch after a step's answer: `refusal` says why nothing was done. */
export function settleStep(
  batch: Batch,
  index: number,
  { refusal, note }: { refusal: string | undefined; note?: string | undefined },
): Batch {
  const steps = batch.steps.map((step, at): BatchStep => {
    if (at !== index) return step;
    if (refusal !== undefined) return { ...step, outcome: 'refused', reason: refusal };
    return { ...step, outcome: 'done', ...(note !== undefined && { note }) };
  });
  return { ...batch, steps };
}

export function isOver({ steps }: Batch): boolean {
  return steps.every(({ outcome }) => outcome === 'done' || outcome === 'refused');
}

export function countOf({ steps }: Batch, ...outcomes: readonly BatchStep['outcome'][]): number {
  return steps.filter(({ outcome }) => outcomes.includes(outcome)).length;
}

function tagOf(id: number, index: number): string {
  return `batch:${id}:${index}`;
}

/** To which step of which batch an answer belongs; `undefined` when to none. */
export function placeOfTag(tag: string): { id: number; index: number } | undefined {
  const [, id, index] = /^batch:(\d+):(\d+)$/.exec(tag) ?? [];
  return id === undefined ? undefined : { id: Number(id), index: Number(index) };
}
