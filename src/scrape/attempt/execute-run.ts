import { existsSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import { hostOfAddress } from '../../core/configs/config-values.ts';
import { resolveRunOutput } from '../../core/execution/output-location.ts';
import { recordResult, recordVoidStart } from '../../core/execution/record-result.ts';
import { pruneRuns } from '../../core/execution/retention.ts';
import { callbackProcessTree, runProcessTree } from '../../core/execution/run-process.ts';
import { homeId } from '../../core/fs/home-folder.ts';
import { ifAvailable } from '../../core/fs/system-errors.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import { canStartRuns } from '../../core/lease/lease.ts';
import { HOUR_MS } from '../../core/lib/clock.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { JobEntry } from '../../core/model/job-record.ts';
import { type AttemptResult, isActive, type RunRecord } from '../../core/model/run-record.ts';
import { currentProcessIdentity, type ProcessIdentity } from '../../core/process/identity.ts';
import { hasProcesses, terminateTree } from '../../core/process/process-tree.ts';
import { restoreRunRow } from '../../core/runs/restore-run-row.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { claimStart, moveDeadline, recordHost, recordProgress } from '../../core/runs/run-transitions.ts';
import type { Workspace } from '../../core/workspace.ts';
import { applySettings } from '../config/config-schema.ts';
import { formatIssue } from '../config/issue-location.ts';
import { parseConfig } from '../config/parse-config.ts';
import { readHomeEnvironment } from '../config/variables.ts';
import type { Progress } from '../crawl/pipeline.ts';
import type { ScrapeErrorKind } from '../lib/scrape-error.ts';
import { createConcealment, describeConcealment } from '../source/pages-request.ts';
import { runCallbacks } from './run-callbacks.ts';
import type { Attempt, RunLog } from './run-log.ts';
import { runAttempt } from './scrape-attempt.ts';
import { openSessionState } from './session-state.ts';
import { createStopSignal, type StopSignal } from './stop-signal.ts';

/** Well below the ten seconds for which other processes observe an overdue run before they end it, in milliseconds. */
const CHECK_INTERVAL_MS = 3_000;
/** The deadline in the row may differ by this much from the remaining time, in milliseconds. */
const TOLERANCE_MS = 2_000;

/**
 * Keeps the deadline in the run's row correct when the clock is set or the machine sleeps while no scheduler moves it.
 * Otherwise a reconciling process would end the run too early.
 * @returns a function that stops it
 */
function maintainDeadline({ workspace, run, log }: Attempt, timeoutMs: number): () => void {
  const { clock, db, runs } = workspace;
  const end = clock.monotonic() + timeoutMs;
  const check = () => {
    const deadline = clock.now() + end - clock.monotonic();
    const savedDeadline = runs.get(run.runId)?.deadline ?? deadline;
    if (Math.abs(savedDeadline - deadline) > TOLERANCE_MS)
      moveDeadline(db, run.runId, run.startToken ?? '', deadline);
  };
  const timer = setInterval(() => {
    try {
      check();
    } catch (error) {
      log.line('warn', `the time limit could not be updated: ${String(error)}`);
    }
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

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

/** Minimum time between two writes of the progress, in milliseconds. */
const PROGRESS_INTERVAL_MS = 250;
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
    const recorded = await finish(attempt, result, progress.flush);
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

/** Outcomes that the site caused, and not this process. */
const ORDINARY_FAILURES: readonly string[] = [
  ...(['network', 'http', 'robots', 'sign_in', 'blocked_address', 'too_large'] satisfies ScrapeErrorKind[]),
  ...(['timeout', 'redirect', 'no_items', 'check_failed'] satisfies ScrapeErrorKind[]),
];

function isOrdinaryEnd(recorded: RunRecord, { outcome, error }: AttemptResult): boolean {
  // A signal of the canceller may still arrive, even if the run has succeeded meanwhile.
  if (recorded.cancelRequestedAt !== null) return false;
  return outcome === 'succeeded' || ORDINARY_FAILURES.includes(error?.kind ?? '');
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
  const { workspace, run, log } = attempt;
  try {
    const { yaml, file, revision } = workspace.configs.read(run.configName);
    const { env, doubts } = readHomeEnvironment(workspace.paths);
    const { config: parsedConfig, warnings, values, ...text } = parseConfig(yaml, file, env);
    // The caches of compiled selectors and patterns would keep the value.
    if (text.hasFilledPatterns) onTrace();
    // A client reads the results of its own configuration, so its selectors must not see the values of variables. What
    // a person's configuration takes from pages is not restricted.
    const isClientText = new ClientRevisions(workspace.paths).has(revision);
    const concealment = isClientText ? createConcealment(values, text.redactSparing) : undefined;
    const redact = isClientText ? text.redactSparing : text.redact;
    log.redactWith(redact, concealment !== undefined);
    const config = applySettings(parsedConfig, workspace.settings);
    const { sitemap, urls, pagination } = config;
    const template = pagination.type === 'page_number' ? pagination.url_template : undefined;
    const host = hostOfAddress(sitemap?.url ?? urls[0] ?? template);
    const isSecret = host !== null && redact(host) !== host;
    recordHost(workspace.db, run.runId, run.startToken ?? '', isSecret ? null : host);
    for (const issue of [...doubts, ...warnings]) log.line('warn', formatIssue(issue));
    if (concealment !== undefined) log.line('info', describeConcealment(values));
    const output = resolveRunOutput(workspace.paths, run, { job: definition, config: config.output });
    const { items, checkpoint, added } = runFiles(workspace.paths, run.jobId, run.runId);
    // The checkpoint would reveal the addresses of pages, because resuming needs them unredacted.
    if (concealment !== undefined) rmSync(checkpoint, { force: true });
    // Without a checkpoint, rows that an earlier attempt staged are not part of this one.
    if (!existsSync(checkpoint)) rmSync(items, { force: true });
    const resume = { file: checkpoint, isAgain: run.attempt > 1, redact, log: log.line };
    const sessionState = await openSessionState(workspace.paths, run.jobId, config, log);
    const request = {
      config,
      output,
      stagingFile: items,
      appendRecordFile: added,
      variables: Object.keys(values),
      unfill: text.redact,
      ...(concealment ?? { resume }),
      signal: stop.signal,
      onProgress,
      onBrowser: onTrace,
      log: log.line,
    };
    const result = await runAttempt(
      attempt,
      definition,
      { ...request, ...sessionState.request },
      stop.overdue,
    )
      .then((done) => done ?? toStoppedResult(attempt, stop))
      .catch((error: unknown) => toFailedResult(attempt, error, stop));
    await sessionState.end(result);
    return result;
  } catch (error) {
    return toFailedResult(attempt, error, stop);
  }
}

async function finish(
  { workspace, run, log }: Attempt,
  result: AttemptResult,
  noteProgress: () => void,
): Promise<RunRecord | undefined> {
  if (result.error) log.line('error', `${result.error.kind}: ${result.error.message}`);
  const record = () => {
    restoreLostRun(workspace, log, run);
    // The counts belong to the outcome: without them, a successful run would have no items.
    noteProgress();
    return recordResult(workspace, run, result);
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

/** @returns the processes of the run's commands */
async function cleanUpAfterRun(
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

/** A removed or moved home seldom returns. In a moved home, the run counts as active until this process ends. */
function createHomeGoneTest({ paths }: Workspace): () => boolean {
  return () => !existsSync(paths.home);
}

/**
 * Restores the run's row when the database was replaced: a new one does not contain this run, or only its state before
 * the claim.
 */
function restoreLostRun(workspace: Workspace, log: RunLog, run: RunRecord): void {
  workspace.db.reopenIfReplaced();
  for (const notice of workspace.db.takeNotices()) log.line('warn', notice);
  if (restoreRunRow(workspace.db, run)) log.line('warn', 'the database was lost; this run is in the new one');
}

function createProgressWriter({ workspace, run, log }: Attempt, token: string) {
  let latest: Progress | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const flush = () => {
    if (!latest) return;
    writtenAt = performance.now();
    const { items, pages, bytes, total_pages: totalPages } = latest;
    if (workspace.db.reopenIfReplaced()) restoreLostRun(workspace, log, run);
    recordProgress(workspace.db, run.runId, token, { items, pages, bytes, totalPages });
    latest = undefined;
  };
  return {
    flush,
    note(progress: Progress) {
      latest = progress;
      if (performance.now() - writtenAt < PROGRESS_INTERVAL_MS) return;
      try {
        flush();
      } catch (error) {
        // Progress is only informative; the run continues without it.
        log.line('warn', `progress was not written: ${String(error)}`);
      }
    },
  };
}

function toFailedResult(attempt: Attempt, error: unknown, stop: StopSignal): AttemptResult {
  return stop.reason() === undefined ? attempt.log.toFailure(error) : toStoppedResult(attempt, stop);
}

function toStoppedResult({ workspace, run, log }: Attempt, stop: StopSignal): AttemptResult {
  const deadline = workspace.runs.get(run.runId)?.deadline ?? null;
  // Another process may have noticed the deadline first, and have asked this one to end.
  if (stop.reason() === 'timeout' || (deadline !== null && workspace.clock.now() >= deadline)) {
    return {
      outcome: 'timed_out',
      error: { kind: 'timeout', message: 'the run took longer than the job allows (timeout)' },
    };
  }
  // If the run was cancelled, its row says so, and the outcome becomes `cancelled`.
  return log.createFailure('terminated', 'the worker was asked to stop before the run had finished');
}

function describeUnusableJob(jobId: string, entry: JobEntry | undefined): string {
  if (entry === undefined || entry.kind === 'valid') return `job ${jobId} has been deleted`;
  return `job ${jobId} cannot be used: ${describeUnusable(entry)}`;
}
