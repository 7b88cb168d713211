import type { CallEffect } from '../../kernel/call.ts';
import type { Batch, BatchPlan, BatchStep } from './model.ts';

/**
 * The maximum number of concurrent calls of a batch. More would not help: calls that change files wait for the store's
 * lock.
 */
const MAX_CONCURRENT_CALLS = 4;

export function createBatch(id: number, { steps, ...plan }: BatchPlan): Batch {
  const begun = steps.map(
    (step): BatchStep => ({ ...step, outcome: step.call === undefined ? 'refused' : 'waiting' }),
  );
  const refused = begun.filter(({ outcome }) => outcome === 'refused').length;
  return { ...plan, id, steps: begun, next: 0, inFlight: 0, done: 0, refused };
}

/** Starts waiting steps up to the maximum number of concurrent calls. */
export function startNextSteps(batch: Batch): { batch: Batch; effects: CallEffect[] } {
  const effects: CallEffect[] = [];
  const steps = batch.steps.slice();
  let { next, inFlight } = batch;
  for (; inFlight < MAX_CONCURRENT_CALLS && next < steps.length; next += 1) {
    const step = steps[next];
    if (step?.outcome !== 'waiting' || step.call === undefined) continue;
    inFlight += 1;
    effects.push({
      ...{ kind: 'call', ...step.call, tag: stepTag(batch.id, next), quiet: true },
      ...(batch.undoes && { isUndo: true }),
    } as CallEffect);
    steps[next] = { ...step, outcome: 'asked' };
  }
  return { batch: { ...batch, steps, next, inFlight }, effects };
}

/** The batch after a step's answer. `refusal` is the reason why nothing was done. */
export function settleStep(
  batch: Batch,
  index: number,
  { refusal, note }: { refusal: string | undefined; note?: string | undefined },
): Batch {
  const step = batch.steps[index];
  if (step?.outcome !== 'asked') return batch;
  const steps = batch.steps.slice();
  const inFlight = batch.inFlight - 1;
  if (refusal !== undefined) {
    steps[index] = { ...step, outcome: 'refused', reason: refusal };
    return { ...batch, steps, inFlight, refused: batch.refused + 1 };
  }
  steps[index] = { ...step, outcome: 'done', ...(note !== undefined && { note }) };
  return { ...batch, steps, inFlight, done: batch.done + 1 };
}

export function isFinished({ steps, done, refused }: Batch): boolean {
  return done + refused === steps.length;
}

function stepTag(id: number, index: number): string {
  return `batch:${id}:${index}`;
}

/** The batch and the step that an answer's tag belongs to; `undefined` for a tag of another feature. */
export function parseStepTag(tag: string): { id: number; index: number } | undefined {
  const [, id, index] = /^batch:(\d+):(\d+)$/.exec(tag) ?? [];
  return id === undefined ? undefined : { id: Number(id), index: Number(index) };
}
