import { setTimeout as delay } from 'node:timers/promises';
import { BUSY_WAIT_MS } from '../../core/database/connection.ts';
import { isBusy } from '../../core/database/sql-errors.ts';
import { ifAvailable } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import {
  callOperation,
  type OperationInput,
  type OperationOutput,
} from '../../core/operations/call-operation.ts';
import type { OperationContext } from '../../core/operations/define-operation.ts';
import type { JobOutput } from '../../core/operations/job-output.ts';
import { OPERATIONS, type OperationName } from '../../core/operations/operations.ts';
import type { Workspace } from '../../core/workspace.ts';
import {
  type AnswerEvent,
  type CallEffect,
  type ConfigBefore,
  type ConfigVersion,
  type JobBefore,
  type JobVersion,
  toFailure,
} from '../kernel/call.ts';
import type { Effect, Event } from '../kernel/model.ts';
import type { EffectContext } from './effect-context.ts';

/** Calls an operation, as the other interfaces do, and sends its outcome. */
export function runCall(effect: CallEffect, context: EffectContext): void {
  const { send } = context;
  const { name, params, tag, done, quiet } = effect;
  const request = { name, tag, ...(done !== undefined && { done }), ...(quiet && { quiet }) };
  const requestedId = 'job_id' in params ? params.job_id : undefined;
  performCall(effect, context).then(
    ({ output, before, wasConfig }) => {
      const jobId = requestedId ?? ('job' in output ? (output.job as JobOutput).id : undefined);
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
      if (failure.code === 'conflict' && requestedId !== undefined) context.live?.touch(requestedId);
    },
  );
}

/**
 * Performs a call, and returns its output with the values right before it. A call that writes first waits until the
 * store is writable.
 */
async function performCall(effect: CallEffect, context: EffectContext) {
  const name: OperationName = effect.name;
  const params = effect.params as OperationInput<OperationName>;
  const { workspace, readOnly } = context;
  if (!readOnly && (await changesSomething(name, params))) await waitForStore(context);
  const before = readJobBefore(workspace, effect);
  const wasConfig = readConfigBefore(workspace, effect);
  const output = await invokeWithinPolicy(context, name, params, { isAlreadyStored: effect.isUndo === true });
  return { output, before, wasConfig };
}

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

const RETRY_INTERVAL_MS = 50;

/**
 * Resolves when the database is writable, and shows a notice when that takes a while. An operation's own wait for
 * another program's write would block the whole dashboard, including its keys.
 * @param timeoutMs the maximum wait in milliseconds
 * @throws QuickscrapeError `store_unavailable` when the database stays locked for that time
 */
export async function waitForStore(
  { workspace: { db }, send }: Pick<EffectContext, 'workspace' | 'send'>,
  timeoutMs = BUSY_WAIT_MS,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let tries = 1; ; tries += 1) {
    try {
      db.withBusyTimeout(0, () => db.transaction(() => undefined));
      return;
    } catch (error) {
      // The operation reports any other error, if it needs the database at all.
      if (!isBusy(error)) return;
      if (performance.now() >= end) throw error;
    }
    if (tries === 2)
      send({
        kind: 'said',
        tone: 'info',
        text: 'Waiting for the database: another program is writing to it.',
      });
    await delay(RETRY_INTERVAL_MS);
  }
}

/**
 * Returns the current definition of the job that a call will change; `null` when there is no job. `undefined` when the
 * call changes no definition, or the job cannot be read.
 */
function readJobBefore(
  { jobs }: Pick<Workspace, 'jobs'>,
  { name, params }: CallEffect,
): JobVersion | null | undefined {
  switch (name) {
    case 'create_job':
      return params.dry_run ? undefined : null;
    case 'restore_job':
      return null;
    case 'update_job':
      return params.dry_run ? undefined : readJobVersion(jobs, params.job_id);
    case 'delete_job':
      return readJobVersion(jobs, params.job_id);
    default:
      return undefined;
  }
}

/**
 * Returns the configuration that a call will store or delete; `undefined` when the call does neither, or the
 * configuration cannot be read.
 */
function readConfigBefore(
  workspace: Pick<Workspace, 'configs'>,
  { name, params }: CallEffect,
): ConfigBefore | undefined {
  const isSaved = name === 'save_config' && params.dry_run !== true;
  if (!isSaved && name !== 'delete_config') return undefined;
  const version = readConfigNow(workspace, params.config_name);
  return version && { name: params.config_name, ...version, yaml: isSaved ? (params.yaml ?? null) : null };
}

/**
 * Reads a configuration and returns it in an object; `undefined` when it cannot be read, because the call itself
 * reports that error.
 */
export function readConfigNow(
  { configs }: Pick<Workspace, 'configs'>,
  name: string,
): { version: ConfigVersion | null } | undefined {
  try {
    const { yaml, revision } = configs.read(name);
    return { version: { yaml, revision } };
  } catch (error) {
    const isMissing = error instanceof QuickscrapeError && error.code === 'config_not_found';
    return isMissing ? { version: null } : undefined;
  }
}

function readJobVersion(jobs: Workspace['jobs'], id: string): JobVersion | undefined {
  const entry = ifAvailable(() => jobs.get(id));
  if (entry?.kind !== 'valid') return undefined;
  const { definition, revision } = entry.record;
  return { definition, revision };
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
