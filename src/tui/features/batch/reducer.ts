import { pluralize, withHint } from '../../../core/lib/text.ts';
import { ABOUT_TO_START } from '../../../core/runs/wait-reason.ts';
import type { AnswerEvent, CallEffect } from '../../kernel/call.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { differingFields, toJobVersion } from '../undo/model.ts';
import type { Batch, Batches, BatchPlan, BatchStep } from './model.ts';

/** The maximum number of batches whose results are kept. */
const MAX_BATCHES = 10;

/** Starts a plan. With more than one job it opens the list of results, which fills as the answers arrive. */
export function startBatch(state: State, plan: BatchPlan): Step {
  const { list, nextId } = state.batches;
  const { batch, effects } = startNextSteps(createBatch(nextId, plan));
  const retained = list.filter((each, index) => !isFinished(each) || index >= list.length - MAX_BATCHES + 1);
  const begun: State = { ...state, batches: { list: [...retained, batch], nextId: nextId + 1 } };
  const shown: State =
    batch.steps.length > 1
      ? { ...begun, dialog: { kind: 'results', batch: batch.id, top: 0 }, chord: [] }
      : begun;
  return step(isFinished(batch) ? withCompletionNotice(shown, batch) : shown, ...effects);
}

/** The batches with unfinished steps. */
export function unfinishedBatches({ list }: Batches): readonly Batch[] {
  return list.filter((batch) => !isFinished(batch));
}

export function findBatch({ batches }: State, id: number): Batch | undefined {
  return batches.list.find((batch) => batch.id === id);
}

/** Records the answers of the steps, starts the next ones and shows a notice when the batch has finished. */
export const batchesReducer: Reducer = (state, event) => {
  if (event.kind !== 'answer') return step(state);
  const place = parseStepTag(event.tag);
  const before = place && findBatch(state, place.id);
  if (place === undefined || before === undefined) return step(state);
  const { batch, effects } = startNextSteps(
    settleStep(before, place.index, {
      refusal: refusalOf(event),
      note: noteOf(event, before.steps[place.index]),
    }),
  );
  const list = state.batches.list.map((each) => (each === before ? batch : each));
  const next = { ...state, batches: { ...state.batches, list } };
  return step(isFinished(batch) ? withCompletionNotice(next, batch) : next, ...effects);
};

/** The reason why a call changed nothing, from its answer. */
export function refusalOf(event: AnswerEvent): string | undefined {
  if (!event.ok) return withHint(event.failure.message, event.failure.hint);
  if (event.name === 'delete_job' && !event.output.deleted) return 'the job no longer exists';
  if (event.name === 'cancel_run' && event.output.run.status !== 'cancelled')
    return `its run had already ended: ${event.output.run.status}`;
  return undefined;
}

/** The remark about a step that succeeded. */
function noteOf(event: AnswerEvent, asked: BatchStep | undefined): string | undefined {
  if (!event.ok) return undefined;
  if (event.name === 'run_job' || event.name === 'retry_run') {
    const { waits_for } = event.output.run;
    return waits_for === null || waits_for === ABOUT_TO_START ? undefined : `it waits: ${waits_for}`;
  }
  if (event.name !== 'restore_job' || asked?.expects === undefined) return undefined;
  const other = differingFields(asked.expects, toJobVersion(event.output.job));
  return other.length === 0 ? undefined : `restored as it was last deleted, with another ${other.join(', ')}`;
}

/** The notice at the end of a batch. */
function withCompletionNotice(state: State, batch: Batch): State {
  const { steps, past, hint } = batch;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) {
    if (only.outcome === 'refused')
      return withNotice(state, 'bad', `${only.jobId} was not ${past}: ${only.reason}`, only.jobId);
    const words =
      only.note === undefined ? `${only.jobId} was ${past}.` : `${only.jobId} was ${past}; ${only.note}.`;
    return withNotice(state, 'good', [words, hint].filter(Boolean).join(' '), only.jobId);
  }
  const { done, refused, noun = 'job' } = batch;
  const words = `${pluralize(done, noun)} ${past}`;
  if (refused > 0) return withNotice(state, 'warning', `${words}, ${refused} refused.`);
  return withNotice(state, 'good', [`${words}.`, hint].filter(Boolean).join(' '));
}

/** Describes the interrupted batches after the dashboard was left, one line for each. */
export function describeUnfinishedBatches(batches: Batches): string[] {
  return unfinishedBatches(batches).map(({ title, past, steps, done, refused, noun = 'job' }) => {
    const left = steps.length - done - refused;
    const refusals = refused === 0 ? '' : `, ${refused} refused`;
    const others = left === 1 ? 'the other one was not' : `the other ${left} were not`;
    return `${title}: ${pluralize(done, noun)} ${past}${refusals}; ${others}.`;
  });
}

/**
 * The maximum number of concurrent calls of a batch. More would not help: calls that change files wait for the store's
 * lock.
 */
const MAX_CONCURRENT_CALLS = 4;

function createBatch(id: number, { steps, ...plan }: BatchPlan): Batch {
  const begun = steps.map(
    (step): BatchStep => ({ ...step, outcome: step.call === undefined ? 'refused' : 'waiting' }),
  );
  const refused = begun.filter(({ outcome }) => outcome === 'refused').length;
  return { ...plan, id, steps: begun, next: 0, inFlight: 0, done: 0, refused };
}

/** Starts waiting steps up to the maximum number of concurrent calls. */
function startNextSteps(batch: Batch): { batch: Batch; effects: CallEffect[] } {
  const effects: CallEffect[] = [];
  const steps = batch.steps.slice();
  let { next, inFlight } = batch;
  for (; inFlight < MAX_CONCURRENT_CALLS && next < steps.length; next += 1) {
    const step = steps[next];
    if (step?.outcome !== 'waiting' || step.call === undefined) continue;
    inFlight += 1;
    effects.push({
      kind: 'call',
      ...step.call,
      tag: stepTag(batch.id, next),
      quiet: true,
      ...(batch.undoes && { isUndo: true }),
    } as CallEffect);
    steps[next] = { ...step, outcome: 'asked' };
  }
  return { batch: { ...batch, steps, next, inFlight }, effects };
}

/** The batch after a step's answer. `refusal` is the reason why nothing was done. */
function settleStep(
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
