import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import {
  incomingFolder,
  readCollectedCookies,
  readGrantedRun,
  removeIncoming,
} from '../../core/execution/granted-run.ts';
import { resolveRunOutput } from '../../core/execution/output-location.ts';
import { callbackProcessTree } from '../../core/execution/run-process.ts';
import { homeId } from '../../core/fs/home-folder.ts';
import { paramsOfRun } from '../../core/model/params.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { currentProcessIdentity, isAlive } from '../../core/process/identity.ts';
import { hasProcesses } from '../../core/process/process-tree.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { claimFinish } from '../../core/runs/run-starts.ts';
import { recordProgress } from '../../core/runs/run-transitions.ts';
import { noteVariablesInRows } from '../../core/runs/run-variables.ts';
import type { Workspace } from '../../core/workspace.ts';
import { endOfCheckpoint } from '../crawl/checkpoint.ts';
import { checkpointFile } from '../crawl/checkpoint-store.ts';
import { exportRows, type Progress } from '../crawl/pipeline.ts';
import { loadAttemptConfig } from './attempt-config.ts';
import { readCollected } from './collected-run.ts';
import { noteParams } from './execute-run.ts';
import { isOrdinaryFailure, toStopResult } from './outcome.ts';
import { cleanUpAfterRun, recordOutcome } from './record-outcome.ts';
import type { Attempt, RunLog } from './run-log.ts';
import { maintainDeadline } from './run-row-updates.ts';
import { tryOrLog } from './save-findings.ts';
import { runAttempt } from './scrape-attempt.ts';
import { keepCarriedCookies, knownRowsFile } from './session-state.ts';
import { createStopSignal, type StopSignal } from './stop-signal.ts';

/** Carries the failure of an attempt through the steps that follow it. */
class CollectedFailure extends Error {
  readonly result: AttemptResult;

  constructor(result: AttemptResult) {
    super(result.error?.message ?? '');
    this.result = result;
  }
}

/**
 * Finishes a run whose rows a worker on another machine has collected: checks and compares them, writes the output,
 * records the outcome, and makes the callbacks. Does nothing when the run has ended or another process finishes it.
 * @param onCallback called when the run has finished, before its commands are executed
 * @returns whether this process may execute another task
 */
export async function finishRun(
  workspace: Workspace,
  log: RunLog,
  { runId, token }: { runId: string; token: string },
  onCallback: () => void,
): Promise<boolean> {
  const { db, paths, runs, clock } = workspace;
  const before = runs.get(runId);
  const granted = before && readGrantedRun(runFiles(paths, before.jobId, runId));
  // The worker has used up its time, so the home takes as much again at most.
  const timeoutMs = (granted?.definition.timeout ?? 3600) * 1000;
  const who = { ...currentProcessIdentity(), home: homeId(paths.home) };
  const dead = before?.process && !isAlive(before.process) ? { dead: before.process } : {};
  const run = claimFinish(db, runId, token, who, { ...dead, deadline: clock.now() + timeoutMs });
  if (!run) return true;
  const files = runFiles(paths, run.jobId, runId);
  const stop = createStopSignal(timeoutMs);
  try {
    const attempt = { workspace, run, log };
    const stopDeadline = maintainDeadline(attempt, timeoutMs);
    let counts: Parameters<typeof recordProgress>[3] | undefined;
    const result =
      granted === undefined
        ? log.createFailure('internal', 'what the worker was given is no longer in the folder of the run')
        : await checkAndExport(attempt, granted, stop, (collected) => {
            counts = collected;
          });
    stopDeadline();
    const noteProgress = () => counts && recordProgress(db, runId, token, counts);
    const recorded = await recordOutcome(attempt, result, noteProgress);
    if (!recorded) return false;
    // A retry may have been granted meanwhile.
    if (readGrantedRun(files)?.run.startToken === token) removeIncoming(files);
    const leaders = await cleanUpAfterRun(attempt, recorded, granted?.definition, onCallback);
    if (stop.reason() !== undefined || recorded.cancelRequestedAt !== null) return false;
    if (result.outcome !== 'succeeded' && !isOrdinaryFailure(result.error)) return false;
    return recorded.callback === null || !hasProcesses(callbackProcessTree(paths, runId, leaders));
  } finally {
    stop.dispose();
  }
}

async function checkAndExport(
  attempt: Attempt,
  { definition, config: source }: NonNullable<ReturnType<typeof readGrantedRun>>,
  stop: StopSignal,
  onCounts: (counts: Parameters<typeof recordProgress>[3]) => void,
): Promise<AttemptResult> {
  const { workspace, log } = attempt;
  const { paths, settings } = workspace;
  const files = runFiles(paths, attempt.run.jobId, attempt.run.runId);
  try {
    const given = paramsOfRun(attempt.run, definition);
    const loaded = loadAttemptConfig(source, readHomeEnvironment(paths), settings, log, given);
    const run = noteParams(workspace, attempt.run, loaded.config.params);
    const { config } = loaded;
    const collected = readCollected(incomingFolder(files));
    const request = {
      config,
      output: resolveRunOutput(paths, run, {
        job: definition,
        config: config.output,
        params: config.params,
      }),
      stagingFile: files.items,
      appendRecordFile: files.added,
      knownRowsFile: knownRowsFile(paths, run.jobId),
      variables: loaded.variables,
      unfill: loaded.unfill,
      ...loaded.concealment,
      signal: stop.signal,
      onProgress: ({ items, pages, bytes }: Progress) => {
        onCounts({ items, pages, bytes, totalPages: run.totalPages });
      },
      log: log.line,
    };
    const result = await runAttempt(
      { ...attempt, run },
      definition,
      request,
      stop.overdue,
      async (complete, stats) => {
        collected.restore(stats);
        const { items, pages, bytes } = stats;
        onCounts({ items, pages, bytes, totalPages: run.totalPages });
        if (collected.failure !== null) throw new CollectedFailure(collected.failure);
        return exportRows(complete, stats, endOfCheckpoint(checkpointFile(files.checkpoint)));
      },
    )
      .then((done) => done ?? toStopResult(log, stop.reason() ?? 'terminated'))
      .catch((error: unknown) => toResult(attempt, error, stop));
    const kind = result.error?.kind ?? '';
    await keepCarriedCookies(paths, run.jobId, config, log, { text: readCollectedCookies(files), kind });
    await tryOrLog(log, 'whether rows hold variables', () => noteVariablesInRows(files, loaded.values));
    return result;
  } catch (error) {
    return toResult(attempt, error, stop);
  }
}

function toResult({ log }: Attempt, error: unknown, stop: StopSignal): AttemptResult {
  if (error instanceof CollectedFailure) return error.result;
  const reason = stop.reason();
  return reason === undefined ? log.toFailure(error) : toStopResult(log, reason);
}
