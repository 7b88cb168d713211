import { truncateList } from '../lib/text.ts';
import { formatInstant, systemTimezone } from '../schedule/engine/instant.ts';
import { type ExecutorState, readExecutorState } from '../workers/executor-state.ts';
import { WorkerInvitations } from '../workers/worker-invitations.ts';
import { joinWorkers, type ListedWorker } from '../workers/worker-list.ts';
import { listWorkerRecords } from '../workers/worker-records.ts';
import type { Workspace } from '../workspace.ts';

/** Where runs are executed, and by which workers on other machines. */
export interface ExecutorView {
  kind: 'local' | 'bullmq';
  /** `null` while no scheduler uses Redis. */
  redis: ExecutorState | null;
  /** The workers that may execute runs, whether they are there or not. */
  workers: ListedWorker[];
  /** What needs a person's attention, as text. */
  warnings: string[];
}

type ExecutorContext = Pick<Workspace, 'paths' | 'db' | 'clock'> & {
  settings: Pick<Workspace['settings'], 'get'>;
};

/**
 * Lists the invited workers and those that were heard, by name.
 * @throws QuickscrapeError `invalid_config` when `workers.json` cannot be used
 */
export function listWorkers({ paths, db, settings, clock }: ExecutorContext): ListedWorker[] {
  return joinWorkers(new WorkerInvitations(paths, clock).read()?.workers, listWorkerRecords(db), {
    now: clock.now(),
    lostAfterMs: settings.get('worker_lost_after') * 1000,
  });
}

/** @param isRunning whether a scheduler runs: what an earlier one wrote about Redis no longer counts */
export function readExecutorView(context: ExecutorContext, isRunning: boolean): ExecutorView {
  const kind = context.settings.get('executor');
  const redis = kind === 'bullmq' && isRunning ? (readExecutorState(context.db) ?? null) : null;
  try {
    const workers = listWorkers(context).filter(({ state }) => state !== 'revoked' && state !== 'expired');
    return { kind, redis, workers, warnings: kind === 'bullmq' ? describeProblems(redis, workers) : [] };
  } catch (error) {
    // Its status is what helps to find out what is wrong with a home.
    return { kind, redis, workers: [], warnings: [(error as Error).message] };
  }
}

function describeProblems(redis: ExecutorState | null, workers: readonly ListedWorker[]): string[] {
  const silent = workers.filter(({ state, drain }) => state === 'silent' && drain === 0);
  return [
    ...(redis?.redis === 'away'
      ? [`Redis has been away since ${formatInstant(redis.since, systemTimezone())}`]
      : []),
    ...(redis?.problem === undefined ? [] : [redis.problem]),
    ...(workers.length === 0 ? ['runs go to other machines, and no worker is invited'] : []),
    ...(silent.length === 0
      ? []
      : [`workers that are not heard: ${truncateList(silent.map(({ name }) => name))}`]),
    ...workers
      .filter(({ state }) => state === 'unusable')
      .map(({ name, problem }) => `worker ${name} cannot take runs: ${problem}`),
  ];
}
