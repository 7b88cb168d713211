import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import { callOperation } from '../../core/operations/call-operation.ts';
import type { OperationContext } from '../../core/operations/define-operation.ts';
import type { JobOutput } from '../../core/operations/job-output.ts';
import type { OperationName } from '../../core/operations/table.ts';
import { OPERATIONS } from '../../core/operations/table.ts';
import type { AnswerEvent, CallEffect, JobBefore } from '../kernel/call.ts';
import { toFailure } from '../kernel/call.ts';
import type { Effect, Event } from '../kernel/model.ts';
import type { EffectContext } from './effect-context.ts';
import { readConfigBefore, readJobBefore } from './read-before.ts';
import { waitForStore } from './wait-for-store.ts';

/**
 * Calls an operation. With `--read-only` it rejects every operation that changes something, for all actions.
 * @throws QuickscrapeError `not_allowed`, and the operation's own errors
 */
export async function invokeWithinPolicy<N extends OperationName>(
  { workspace, readOnly }: EffectContext,
  name: N,
  params: OperationInput<N>,
  context: OperationContext = {},
): Promise<OperationOutput<N>> {
  if (readOnly && (await changesSomething(name, params)))
    throw new QuickscrapeError('not_allowed', `${name}: the dashboard was opened with --read-only.`, {
      hint: 'Open it without, to change something.',
    });
  return callOperation(workspace, name, params, context);
}

/** Whether a call changes something. */
async function changesSomething(name: OperationName, params: object): Promise<boolean> {
  return !isDryRun(params) && !(await OPERATIONS[name]()).annotations.readOnlyHint;
}

function isDryRun(params: object): boolean {
  return 'dry_run' in params && params.dry_run === true;
}

/** Calls an operation, as the other interfaces do, and sends its outcome. */
export function runCall(effect: CallEffect, context: EffectContext): void {
  const { send } = context;
  const { name, params, tag, done, quiet } = effect;
  const request = { name, tag, ...(done !== undefined && { done }), ...(quiet && { quiet }) };
  const result = 'job_id' in params ? params.job_id : undefined;
  toOutcome(effect, context).then(
    ({ output, before, wasConfig }) => {
      const jobId = result ?? ('job' in output ? (output.job as JobOutput).id : undefined);
      const was: JobBefore | undefined =
        before === undefined || jobId === undefined ? undefined : { jobId, version: before };
      send({
        kind: 'answer',
        ...request,
        ok: true,
        output,
        ...(was && { was }),
        ...(wasConfig && { wasConfig }),
      } as AnswerEvent);
      // The dashboard's own changes are shown without waiting for the watcher.
      if (jobId !== undefined && !name.startsWith('get_')) context.live?.touch(jobId);
    },
    (error: unknown) => {
      const failure = toFailure(error);
      send({ kind: 'answer', ...request, ok: false, failure } as AnswerEvent);
      // The conflicting change must be visible before the user tries again.
      if (failure.code === 'conflict' && result !== undefined) context.live?.touch(result);
    },
  );
}

/**
 * Returns the outcome of a call, with the values right before it. A call that writes first waits until the store is
 * writable.
 */
async function toOutcome(effect: CallEffect, context: EffectContext) {
  const name: OperationName = effect.name;
  const params = effect.params as OperationInput<OperationName>;
  const { workspace, readOnly } = context;
  if (!readOnly && (await changesSomething(name, params))) await waitForStore(context);
  const before = readJobBefore(workspace, effect);
  const wasConfig = readConfigBefore(workspace, effect);
  const output = await invokeWithinPolicy(context, name, params, { isAlreadyStored: effect.isUndo === true });
  return { output, before, wasConfig };
}

/** Counts the calls without an answer, so that the dashboard can wait for them before it exits. */
export class InFlightCalls {
  #count = 0;
  #whenNone: (() => void) | undefined;

  /** Called for each effect that runs. */
  onEffect({ kind }: Effect): void {
    if (kind === 'call') this.#count += 1;
  }

  /** Called for each event. */
  onEvent({ kind }: Event): void {
    if (kind !== 'answer') return;
    this.#count -= 1;
    if (this.#count === 0) this.#whenNone?.();
  }

  /** Resolves when all calls have been answered, or after the timeout. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#whenNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
