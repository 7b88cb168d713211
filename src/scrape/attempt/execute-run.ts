import { existsSync, rmSync } from 'node:fs';
import { hostOfAddress } from '../../core/configs/config-values.ts';
import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import { resolveRunOutput } from '../../core/execution/output-location.ts';
import { recordVoidStart } from '../../core/execution/record-result.ts';
import { callbackProcessTree, runProcessTree } from '../../core/execution/run-process.ts';
import { writeStartMessages } from '../../core/execution/write-start-messages.ts';
import { homeId } from '../../core/fs/home-folder.ts';
import { ifAvailable } from '../../core/fs/system-errors.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { JobEntry } from '../../core/model/job-record.ts';
import { type ParamValues, paramsOfRun } from '../../core/model/params.ts';
import type { AttemptResult, RunRecord } from '../../core/model/run-record.ts';
import { currentProcessIdentity } from '../../core/process/identity.ts';
import { hasProcesses, terminateTree } from '../../core/process/process-tree.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { claimStart } from '../../core/runs/run-starts.ts';
import { recordHost, recordParams } from '../../core/runs/run-transitions.ts';
import { noteVariablesInRows, recordRunVariables } from '../../core/runs/run-variables.ts';
import type { Workspace } from '../../core/workspace.ts';
import { checkpointFile } from '../crawl/checkpoint-store.ts';
import type { Progress } from '../crawl/pipeline.ts';
import { loadAttemptConfig, logConfigNotes, readConfigSource } from './attempt-config.ts';
import { isOrdinaryFailure, toStopResult } from './outcome.ts';
import { cleanUpAfterRun, recordOutcome } from './record-outcome.ts';
import { createAddressAccess } from './run-addresses.ts';
import type { Attempt, RunLog } from './run-log.ts';
import { createProgressWriter, maintainDeadline } from './run-row-updates.ts';
import { tryOrLog } from './save-findings.ts';
import { runAttempt } from './scrape-attempt.ts';
import { knownRowsFile, openSessionState } from './session-state.ts';
import { createStopSignal, type StopSignal } from './stop-signal.ts';

/** How long programs that a stopped run has left behind may take to end, in milliseconds. */
const LEFTOVERS_GRACE_MS = 1_000;

/**
 * Executes one attempt of a run: claims it, scrapes, exports, records the outcome, and makes the callbacks when the run
 * has finished. Does nothing when the claim is refused, because the start was reverted or another process executes the
 * run.
 * @param onCallback called when the run has finished, before its commands are executed
 * @returns whether the attempt ended in a way that leaves nothing behind: by itself, with an outcome that the site
 *   caused, without a browser or commands that still run, and without a variable's value in a pattern
 */
export async function executeRun(
  workspace: Workspace,
  log: RunLog,
  { runId, token }: { runId: string; token: string },
  onCallback: () => void,
): Promise<boolean> {
  const queued = workspace.runs.get(runId);
  const entry = queued && workspace.jobs.get(queued.jobId);
  const definition = entry?.kind === 'valid' ? entry.record.definition : undefined;
  const timeoutMs = (definition?.timeout ?? 3600) * 1000;
  const run = claim(workspace, runId, token, timeoutMs, definition);
  if (!run) {
    log.line('warn', `run ${runId}: this start is no longer valid; nothing was done`);
    return true;
  }
  log.line(
    'info',
    `run ${runId} of job ${run.jobId}: attempt ${run.attempt} of ${run.maxAttempts} (${run.trigger})`,
  );
  writeStartMessages(workspace, run, (message) => log.line('warn', message));
  const attempt = { workspace, run, log };
  const stop = createStopSignal(timeoutMs);
  try {
    const stopDeadline = maintainDeadline(attempt, timeoutMs);
    let isClean = true;
    const progress = createProgressWriter(attempt, token);
    const result = definition
      ? await prepareAndRun(attempt, definition, stop, {
          onProgress: progress.note,
          onTrace: () => {
            isClean = false;
          },
        })
      : log.createFailure('job_unusable', describeUnusableJob(run.jobId, entry));
    stopDeadline();
    const recorded = await recordOutcome(attempt, result, progress.write);
    // A stopped run may leave programs behind by accident; a run that ended by itself left them intentionally.
    if (stop.reason() !== undefined)
      await terminateTree(runProcessTree(workspace.paths, { ...run, process: null }), LEFTOVERS_GRACE_MS);
    if (!recorded) return false;
    const leaders = await cleanUpAfterRun(attempt, recorded, definition, onCallback);
    if (!isClean || stop.reason() !== undefined || !isOrdinaryEnd(recorded, result)) return false;
    return recorded.callback === null || !hasProcesses(callbackProcessTree(workspace.paths, runId, leaders));
  } finally {
    stop.dispose();
  }
}

function isOrdinaryEnd(recorded: RunRecord, { outcome, error }: AttemptResult): boolean {
  // A signal of the canceller may still arrive, even if the run has succeeded meanwhile.
  if (recorded.cancelRequestedAt !== null) return false;
  return outcome === 'succeeded' || isOrdinaryFailure(error);
}

/** @throws the error of {@link claimStart}, after recording it in the run */
function claim(
  workspace: Workspace,
  runId: string,
  token: string,
  timeoutMs: number,
  definition: JobDefinition | undefined,
): RunRecord | undefined {
  const who = { ...currentProcessIdentity(), home: homeId(workspace.paths.home) };
  try {
    return claimStart(workspace.db, runId, token, who, workspace.clock.now(), timeoutMs, definition);
  } catch (error) {
    // The process that started this one sees only its exit code.
    const why = error instanceof Error ? error.message : String(error);
    ifAvailable(() => recordVoidStart(workspace, runId, token, why));
    throw error;
  }
}

async function prepareAndRun(
  attempt: Attempt,
  definition: JobDefinition,
  stop: StopSignal,
  { onProgress, onTrace }: { onProgress(progress: Progress): void; onTrace(): void },
): Promise<AttemptResult> {
  const { workspace, log } = attempt;
  try {
    const source = readConfigSource(workspace, attempt.run.configName);
    const environment = readHomeEnvironment(workspace.paths);
    const given = paramsOfRun(attempt.run, definition);
    const loaded = loadAttemptConfig(source, environment, workspace.settings, log, given);
    const run = noteParams(workspace, attempt.run, loaded.config.params);
    // The caches of compiled selectors and patterns would keep the value.
    if (loaded.hasFilledPatterns) onTrace();
    const { config, redact, concealment } = loaded;
    const { sitemap, urls, pagination } = config;
    const template = pagination.type === 'page_number' ? pagination.url_template : undefined;
    const noteHost = (address: string | undefined) => {
      const host = hostOfAddress(address);
      const isSecret = host !== null && redact(host) !== host;
      recordHost(workspace.db, run.runId, run.startToken ?? '', isSecret ? null : host);
    };
    noteHost(sitemap?.url ?? urls[0] ?? template);
    logConfigNotes(log, loaded);
    const output = resolveRunOutput(workspace.paths, run, {
      job: definition,
      config: config.output,
      params: config.params,
    });
    const files = runFiles(workspace.paths, run.jobId, run.runId);
    const { items, checkpoint, added } = files;
    await recordRunVariables(files, loaded.values);
    // The checkpoint would reveal the addresses of pages, because resuming needs them unredacted.
    if (concealment !== undefined) rmSync(checkpoint, { force: true });
    // Without a checkpoint, rows that an earlier attempt staged are not part of this one.
    if (!existsSync(checkpoint)) rmSync(items, { force: true });
    const resume = { store: checkpointFile(checkpoint), isAgain: run.attempt > 1, redact, log: log.line };
    const sessionState = await openSessionState(workspace.paths, run.jobId, config, log);
    const request = {
      config,
      addresses: { ...createAddressAccess(workspace, run, source.isClientText), onFirst: noteHost },
      output,
      stagingFile: items,
      appendRecordFile: added,
      knownRowsFile: knownRowsFile(workspace.paths, run.jobId),
      variables: loaded.variables,
      unfill: loaded.unfill,
      ...(concealment ?? { resume, concealPages: loaded.concealPages }),
      signal: stop.signal,
      onProgress,
      onBrowser: onTrace,
      log: log.line,
    };
    const result = await runAttempt(
      { ...attempt, run },
      definition,
      { ...request, ...sessionState.request },
      stop.overdue,
    )
      .then((done) => done ?? toStoppedResult(attempt, stop))
      .catch((error: unknown) => toFailedResult(attempt, error, stop));
    await sessionState.end(result);
    await tryOrLog(log, 'whether rows hold variables', () => noteVariablesInRows(files, loaded.values));
    return result;
  } catch (error) {
    return toFailedResult(attempt, error, stop);
  }
}

/** @returns the run with the values, by which it is compared with others */
export function noteParams(workspace: Workspace, run: RunRecord, params: ParamValues | undefined): RunRecord {
  if (params === undefined || run.params !== null) return run;
  recordParams(workspace.db, run.runId, run.startToken ?? '', params);
  return { ...run, params };
}

function toFailedResult(attempt: Attempt, error: unknown, stop: StopSignal): AttemptResult {
  return stop.reason() === undefined ? attempt.log.toFailure(error) : toStoppedResult(attempt, stop);
}

function toStoppedResult({ workspace, run, log }: Attempt, stop: StopSignal): AttemptResult {
  const deadline = workspace.runs.get(run.runId)?.deadline ?? null;
  // Another process may have noticed the deadline first, and have asked this one to end.
  const isOverdue = deadline !== null && workspace.clock.now() >= deadline;
  return toStopResult(log, stop.reason() === 'timeout' || isOverdue ? 'timeout' : 'terminated');
}

function describeUnusableJob(jobId: string, entry: JobEntry | undefined): string {
  if (entry === undefined || entry.kind === 'valid') return `job ${jobId} has been deleted`;
  return `job ${jobId} cannot be used: ${describeUnusable(entry)}`;
}
