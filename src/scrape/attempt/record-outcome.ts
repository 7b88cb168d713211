import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { recordResult } from '../../core/execution/record-result.ts';
import { pruneRuns } from '../../core/execution/retention.ts';
import { startMessengerWithoutScheduler } from '../../core/execution/start-messenger.ts';
import { settleHistory } from '../../core/history/settle-history.ts';
import { canStartRuns } from '../../core/lease/lease.ts';
import { HOUR_MS } from '../../core/lib/clock.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import { describeRunError } from '../../core/model/describe-error-kind.ts';
import { type AttemptResult, isActive, type RunRecord } from '../../core/model/run-record.ts';
import type { ProcessIdentity } from '../../core/process/identity.ts';
import { restoreRunRow } from '../../core/runs/restore-run-row.ts';
import type { Workspace } from '../../core/workspace.ts';
import { runCallbacks } from './run-callbacks.ts';
import type { Attempt, RunLog } from './run-log.ts';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;

/** How long to retry a write that is useful, and one that must not be lost, in milliseconds. */
const GIVE_UP_AFTER_MS = { useful: 10_000, vital: HOUR_MS } as const;
/** How long to retry a write that has hardly any chance of success, in milliseconds. */
const POINTLESS_AFTER_MS = 2_000;

/**
 * Retries a write that must survive a full disk or a busy database. The delay grows up to five seconds, until the write
 * succeeds or its time limit ends. Logs each failure.
 * @param failure what to log if it fails
 * @param isPointless called after a failure; returns whether there is hardly any chance left, so that retrying ends
 *   soon
 */
async function persist<T>(
  log: RunLog,
  failure: string,
  worth: keyof typeof GIVE_UP_AFTER_MS,
  write: () => T | Promise<T>,
  isPointless: () => boolean = () => false,
): Promise<T | undefined> {
  const start = performance.now();
  for (let wait = FIRST_DELAY_MS; ; wait = Math.min(wait * 2, MAX_DELAY_MS)) {
    try {
      return await write();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const again =
        performance.now() + wait < start + (isPointless() ? POINTLESS_AFTER_MS : GIVE_UP_AFTER_MS[worth]);
      log.line('error', `${failure}${again ? ', trying again' : ''}: ${message}`);
      if (!again) return undefined;
      await delay(wait);
    }
  }
}

/**
 * Records the outcome of an attempt, however long the disk is full or the database busy.
 * @param noteProgress writes the last counts
 * @returns `undefined` when another process has recorded the end, or the outcome could not be written
 */
export async function recordOutcome(
  { workspace, run, log }: Attempt,
  result: AttemptResult,
  noteProgress: () => void,
): Promise<RunRecord | undefined> {
  if (result.error) log.line('error', describeRunError(result.error));
  const record = () => {
    restoreLostRun(workspace, log, run);
    return workspace.db.transaction(() => {
      // The counts belong to the outcome: without them, a successful run would have no items.
      noteProgress();
      return recordResult(workspace, run, result);
    });
  };
  const recorded = await persist(
    log,
    'the outcome could not be written',
    'vital',
    record,
    createHomeGoneTest(workspace),
  );
  const now = recorded ?? workspace.runs.get(run.runId) ?? run;
  log.line(
    'info',
    now.status === 'waiting_retry'
      ? `next attempt at ${new Date(now.notBefore).toISOString()}`
      : `run ${now.status}`,
  );
  return recorded;
}

/**
 * Does what follows an outcome: updates the job's file, makes the callbacks when the run has finished, and removes older
 * runs.
 * @param onCallback called before the commands are executed
 * @returns the processes of the run's commands
 */
export async function cleanUpAfterRun(
  { workspace, log }: Attempt,
  run: RunRecord,
  definition: JobDefinition | undefined,
  onCallback: () => void,
): Promise<readonly ProcessIdentity[]> {
  // A scheduler copies the state into the files of all jobs, one after the other. Workers would only wait for its lock.
  if (!canStartRuns(workspace.db))
    await persist(log, 'the job file could not be written', 'useful', () =>
      workspace.jobs.copyRuntime(run.jobId),
    );
  if (isActive(run.status)) return [];
  startMessengerWithoutScheduler(workspace);
  await keepHistory(workspace, log, run);
  let leaders: readonly ProcessIdentity[] = [];
  if (run.callback === 'due') {
    onCallback();
    leaders = await runCallbacks(workspace, log, run.runId);
  }
  const keep = definition?.keep_runs ?? workspace.settings.get('keep_runs');
  await persist(log, 'older runs could not be removed', 'useful', () =>
    pruneRuns(workspace.paths, workspace.db, run.jobId, keep),
  );
  return leaders;
}

/** What cannot be written now, the next run writes. */
async function keepHistory(workspace: Workspace, log: RunLog, run: RunRecord): Promise<void> {
  try {
    for (const { runId, written, reason } of await settleHistory(workspace, run)) {
      const of = runId === run.runId ? '' : ` of run ${runId}`;
      if (written === null) {
        log.line('warn', `the history of rows leaves out run ${runId}: ${reason}`);
        continue;
      }
      const { values, keyless, shared } = written;
      log.line('info', `history: ${pluralize(values, 'changed value')}${of}`);
      if (keyless > 0)
        log.line(
          'warn',
          `history: ${pluralize(keyless, 'row')}${of} without a key ${keyless === 1 ? 'is' : 'are'} left out`,
        );
      if (shared > 0)
        log.line(
          'warn',
          `history: ${pluralize(shared, 'row')}${of} with the key of an earlier row ${shared === 1 ? 'is' : 'are'} left out`,
        );
    }
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const hint = error.formatHint(workspace.formatHint) ?? '';
    log.line('warn', `the history of rows could not be written: ${error.message}. ${hint}`.trim());
  }
}

/** A removed or moved home seldom returns. In a moved home, the run counts as active until this process ends. */
function createHomeGoneTest({ paths }: Workspace): () => boolean {
  return () => !existsSync(paths.home);
}

/**
 * Restores the run's row when the database was replaced: a new one does not contain this run, or only its state before
 * the claim.
 */
export function restoreLostRun(workspace: Workspace, log: RunLog, run: RunRecord): void {
  workspace.db.reopenIfReplaced();
  for (const notice of workspace.db.takeNotices()) log.line('warn', notice);
  if (restoreRunRow(workspace.db, run)) log.line('warn', 'the database was lost; this run is in the new one');
}
