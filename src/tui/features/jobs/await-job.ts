import { findJobRow } from '../../home/home-data.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { currentView, step } from '../../kernel/step.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { type Input, type KeyInput, keyOf } from '../../ui/input.ts';

/** A home lists a job within a tenth of a second. One that does not answer must not keep the keys for long. */
const MAX_WAIT_MS = 3_000;
/** More keys are not typed ahead on purpose. */
const MAX_KEYS = 20;

/** The state in which keys wait for a job that was created, unless it is listed already. */
export function awaitJob(state: State, jobId: string, keys: readonly KeyInput[]): Step {
  const awaited = { jobId, keys, until: state.now + MAX_WAIT_MS };
  return released({ ...state, jobs: { ...state.jobs, awaited } });
}

/** The keys with one more; Esc takes them back. */
export function withHeldKey(keys: readonly KeyInput[], input: KeyInput): readonly KeyInput[] {
  if (keyOf(input) === 'escape') return [];
  return keys.length < MAX_KEYS ? [...keys, input] : keys;
}

/** Holds a key until the created job is listed; `undefined` when none is awaited. */
export function holdKey(state: State, input: Input): Step | undefined {
  const { awaited } = state.jobs;
  if (awaited === undefined || input.kind !== 'key') return undefined;
  const keys = withHeldKey(awaited.keys, input);
  return step({ ...state, jobs: { ...state.jobs, awaited: { ...awaited, keys } } });
}

/** Lets the keys go once the job is listed. It comes after the reducer that selects the job. */
export const awaitJobReducer: Reducer = (state, event) =>
  event.kind === 'home' || event.kind === 'tick' ? released(state) : step(state);

function released(state: State): Step {
  const { awaited, table } = state.jobs;
  if (awaited === undefined) return step(state);
  const { jobId, keys, until } = awaited;
  const isListed = findJobRow(state.home?.jobs ?? [], jobId) !== undefined;
  if (!isListed && state.now < until) return step(state);
  const free: State = { ...state, jobs: { ...state.jobs, awaited: undefined } };
  if (keys.length === 0) return step(free);
  // With another job under the cursor, or with marked ones, the keys would be about those.
  const isSelected = table.rows[table.index]?.id === jobId && table.marks.size === 0;
  return currentView(state).name === 'jobs' && isSelected
    ? step(free, { kind: 'send_keys', keys })
    : step(withNotice(free, 'info', `${jobId} is not selected, so the keys typed ahead were dropped.`));
}

export function sendKeys(
  { keys }: { keys: readonly KeyInput[] },
  { send }: Pick<EffectContext, 'send'>,
): void {
  for (const key of keys) send(key);
}
