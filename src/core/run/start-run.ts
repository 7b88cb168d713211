import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import { execa } from 'execa';
import type { HomePaths } from '../paths.ts';
import { programFile } from '../program.ts';
import type { QuickscrapeDatabase } from './database.ts';
import type { RunRecord } from './record.ts';
import { openRunLog, runFiles } from './run-files.ts';
import { beginStart, voidStart } from './run-queue.ts';

/** A started process that has not claimed its row by then is given up, in milliseconds. */
const CLAIM_WITHIN_MS = 30_000;

export interface StartContext {
  paths: HomePaths;
  db: QuickscrapeDatabase;
  now(): number;
}

/**
 * Starts the process that carries a queued run, detached and in a group of its own, so that it outlives this one;
 * it writes its log itself, to a descriptor that it inherits. False when the run cannot be started (any more).
 * @param onExit called when the process has ended, if this one still lives
 */
export function startRun(context: StartContext, run: RunRecord, onExit: (runId: string) => void = () => {}): boolean {
  const token = randomUUID();
  if (!beginStart(context.db, run.runId, token, context.now() + CLAIM_WITHIN_MS)) return false;
  const giveUp = (error: unknown) => {
    voidStart(context.db, run.runId, token, context.now(), error instanceof Error ? error.message : String(error));
    onExit(run.runId);
  };
  let log: number;
  try {
    log = openRunLog(runFiles(context.paths, run.jobId, run.runId));
  } catch (error) {
    giveUp(error);
    return false;
  }
  try {
    spawnProcess(context.paths, ['--run', run.runId, '--token', token], log, giveUp, () => onExit(run.runId));
  } finally {
    closeSync(log);
  }
  return true;
}

/** Starts a process that runs the due callback of a run whose own process died before it could. */
export function startCallback(context: StartContext, run: RunRecord): void {
  const log = openRunLog(runFiles(context.paths, run.jobId, run.runId));
  try {
    spawnProcess(context.paths, ['--run', run.runId, '--callback'], log, () => {}, () => {});
  } finally {
    closeSync(log);
  }
}

function spawnProcess(
  paths: HomePaths,
  args: string[],
  log: number,
  onSpawnError: (error: unknown) => void,
  onExit: () => void,
): void {
  const child = execa(process.execPath, [programFile('run'), '--home', paths.home, '--jobs-dir', paths.jobs, ...args], {
    detached: true,
    // Ours may die: the run goes on.
    cleanup: false,
    stdio: ['ignore', log, log],
    reject: false,
    buffer: false,
  });
  child.unref();
  child.then((result) => {
    if (result.failed && child.pid === undefined) onSpawnError(result);
    else onExit();
  }, onSpawnError);
}
