import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CollectReport,
  type CollectTask,
  MAX_CHECKPOINT_BYTES,
  MAX_COOKIES_LENGTH,
} from '../../core/execution/collect-task.ts';
import { mergeExpectations } from '../../core/model/expectations.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import type { SettingKey, SettingValues } from '../../core/settings/setting-rules.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { CheckpointStore } from '../crawl/checkpoint-store.ts';
import { getStatsOptions } from '../crawl/evaluate-checks.ts';
import { collectRows } from '../crawl/pipeline.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { loadAttemptConfig, logConfigNotes } from './attempt-config.ts';
import { saveCollected } from './collected-run.ts';
import { isOrdinaryFailure, toStopResult } from './outcome.ts';
import { RunLog } from './run-log.ts';
import { openCarriedCookies } from './session-state.ts';
import { createStopSignal } from './stop-signal.ts';

/** A log is sent while it grows, so nothing of it is removed: it ends at this size, in bytes. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;
/** Minimum time between two reports of the progress, in milliseconds. */
const PROGRESS_INTERVAL_MS = 250;

/**
 * Fetches the pages of a run of another machine's home, and stages their rows in the task's folder. The home checks the
 * rows, writes the output and records the outcome.
 * @param report receives the progress, and the end when all files are complete
 * @returns whether the attempt leaves nothing behind in this process, as `executeRun` does
 * @throws system errors, if the files could not be written
 */
export async function collectRun(
  task: CollectTask,
  openedLog: (log: RunLog) => void,
  report: (report: CollectReport) => void,
): Promise<boolean> {
  const { folder } = task;
  const log = new RunLog({ folder, log: join(folder, 'run.log') }, { maxBytes: MAX_LOG_BYTES });
  openedLog(log);
  const stop = createStopSignal(task.timeoutMs);
  try {
    log.line(
      'info',
      `run ${task.runId} of job ${task.jobId}: attempt ${task.attempt} of ${task.maxAttempts} (${task.trigger})`,
    );
    const attempt = new CollectedAttempt(task, log, report);
    const failure = await attempt
      .run(stop.signal, stop.overdue)
      .catch((error: unknown) => log.toFailure(error));
    const reason = stop.reason();
    const result = failure && reason !== undefined ? toStopResult(log, reason) : failure;
    await saveCollected(folder, attempt.stats, result, attempt.unfill);
    const cookies = attempt.cookies();
    const isTooLong = (cookies?.length ?? 0) > MAX_COOKIES_LENGTH;
    if (isTooLong)
      log.line('warn', 'the cookies are not kept: they are larger than 1 MB, and a worker sends no more');
    report({ collected: { cookies: isTooLong ? null : cookies, hasFailed: result !== null } });
    return attempt.isClean && reason === undefined && (result === null || isOrdinaryFailure(result.error));
  } finally {
    stop.dispose();
    log.close();
  }
}

class CollectedAttempt {
  readonly #task: CollectTask;
  readonly #log: RunLog;
  readonly #report: (report: CollectReport) => void;
  readonly #checkpoint: CheckpointStore;
  stats = new ScrapeStats();
  isClean = true;
  /** Replaces the values of variables by references. */
  unfill: (text: string) => string = (text) => text;
  /** The content of the file of cookies after the attempt. */
  cookies: () => string | null = () => null;

  constructor(task: CollectTask, log: RunLog, report: (report: CollectReport) => void) {
    this.#task = task;
    this.#log = log;
    this.#report = report;
    this.#checkpoint = reportedCheckpoint(task.checkpoint, report);
  }

  /** @returns how the attempt failed; null when all rows are staged */
  async run(signal: AbortSignal, overdue: Promise<void>): Promise<AttemptResult | null> {
    const { env, settings, params, expect, cookies: saved, folder, machineHosts } = this.#task;
    const { attempt, checkpoint, startsOver } = this.#task;
    const log = this.#log;
    const environment = { env, doubts: [] };
    const loaded = loadAttemptConfig(this.#task.config, environment, toSettings(settings), log, params);
    const config = { ...loaded.config, expect: mergeExpectations(loaded.config.expect, expect) };
    if (loaded.hasFilledPatterns) this.isClean = false;
    this.unfill = loaded.unfill;
    logConfigNotes(log, loaded);
    if (startsOver !== null) log.line('info', `starting from the first page: ${startsOver}`);
    this.stats = new ScrapeStats(getStatsOptions(config.expect));
    const cookies = openCarriedCookies(saved, config, log);
    this.cookies = () => cookies.serialize();
    const stagingFile = join(folder, 'items.jsonl');
    const resume = {
      store: this.#checkpoint,
      isAgain: attempt > 1,
      redact: loaded.redact,
      log: log.line,
      onBegin: (isContinued: boolean) => {
        if (checkpoint !== null) this.#report({ began: { isContinued } });
      },
    };
    // As at home: the checkpoint would reveal the addresses of pages.
    if (loaded.concealment !== undefined && checkpoint !== null) {
      rmSync(stagingFile, { force: true });
      resume.onBegin(false);
      await resume.store.forget();
    }
    const collected = collectRows(
      {
        config,
        stagingFile,
        machineHosts,
        unfill: loaded.unfill,
        ...(loaded.concealment ?? { resume, concealPages: loaded.concealPages }),
        ...cookies.request,
        signal,
        onProgress: limitRate((progress) => {
          const { items, pages, bytes, total_pages: total } = progress;
          this.#report({ progress: { items, pages, bytes, total } });
        }),
        onBrowser: () => {
          this.isClean = false;
        },
        log: log.line,
      },
      this.stats,
    );
    const isDone = await Promise.race([collected.then(() => true), overdue.then(() => false)]);
    return isDone ? null : log.createFailure('terminated', 'the worker was asked to stop');
  }
}

/** Checkpoints go to the home, and not to this machine's disk. One that is too large leaves an earlier one there. */
function reportedCheckpoint(
  earlier: string | null,
  report: (report: CollectReport) => void,
): CheckpointStore {
  let hasOne = earlier !== null;
  return {
    isDurable: false,
    read: () => earlier ?? undefined,
    write(text, items) {
      if (Buffer.byteLength(text) > MAX_CHECKPOINT_BYTES) return Promise.resolve();
      hasOne = true;
      report({ checkpoint: { items, text } });
      return Promise.resolve();
    },
    forget() {
      if (hasOne) report({ checkpoint: null });
      hasOne = false;
      return Promise.resolve();
    },
  };
}

/** The last value of each interval may be lost: the counts of the end stand in `collected.json`. */
function limitRate<T>(use: (value: T) => void): (value: T) => void {
  let usedAt = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (performance.now() - usedAt < PROGRESS_INTERVAL_MS) return;
    usedAt = performance.now();
    use(value);
  };
}

/** The settings of the home that it has sent; a setting that only this version has is null, as if it was not set. */
function toSettings(values: Record<string, unknown>): Pick<Settings, 'get'> {
  return { get: <K extends SettingKey>(key: K) => (values[key] ?? null) as SettingValues[K] };
}
