import type { QuickscrapeDatabase } from '../../database/database.ts';
import type { HomePaths } from '../../fs/paths.ts';
import type { JobEntry } from '../../model/job-record.ts';
import type { RunError } from '../../model/run-record.ts';
import {
  type FailingSince,
  type LastExecuted,
  readFailingSince,
  type StepFigures,
} from '../../runs/period-figures.ts';
import { listFindings } from '../../runs/selector-findings.ts';
import { systemTimezone } from '../../schedule/engine/instant.ts';
import { JOB_CONDITIONS, type JobCondition, judgeJob } from './judge-home.ts';

/** A job with all that the report says of it. */
export interface ReportedJob {
  entry: JobEntry;
  condition: JobCondition;
  timezone: string;
  steps: readonly StepFigures[];
  last: LastExecuted | undefined;
  /** The fields whose selectors stopped matching in the last run, though it succeeded. */
  lost: readonly string[];
  /** Of a failing or paused job. */
  failing: FailingSince | undefined;
}

/**
 * Joins jobs with the figures of their runs: the worst first, then by id.
 * @throws QuickscrapeError `store_unavailable`
 */
export function judgeJobs(
  { db, paths }: { db: QuickscrapeDatabase; paths: HomePaths },
  entries: readonly JobEntry[],
  steps: ReadonlyMap<string, StepFigures[]>,
  lasts: ReadonlyMap<string, LastExecuted>,
): ReportedJob[] {
  const jobs = entries.map((entry) => {
    const last = lasts.get(entry.id);
    const lost = last?.status === 'succeeded' ? findLost(paths, last) : [];
    const condition = judgeJob({
      isValid: entry.kind === 'valid',
      enabled: entry.kind === 'valid' && entry.record.definition.enabled,
      paused: entry.kind === 'valid' && entry.state.pausedAt !== null,
      failures: entry.kind === 'valid' ? entry.state.failures : 0,
      hasRun: last !== undefined,
      isIncomplete: lost.length > 0,
    });
    const timezone = entry.kind === 'valid' ? entry.record.definition.schedule.timezone : systemTimezone();
    return { entry, condition, timezone, steps: steps.get(entry.id) ?? [], last, lost };
  });
  const bad = jobs.filter(({ condition }) => condition === 'failing' || condition === 'paused');
  const since = readFailingSince(
    db,
    bad.map(({ entry }) => entry.id),
  );
  const rank = ({ condition }: { condition: JobCondition }) => JOB_CONDITIONS.indexOf(condition);
  return jobs
    .map((job) => ({ ...job, failing: since.get(job.entry.id) }))
    .sort((a, b) => rank(a) - rank(b) || (a.entry.id < b.entry.id ? -1 : 1));
}

function findLost(paths: HomePaths, { jobId, runId }: LastExecuted): string[] {
  const { selectors } = listFindings(paths, jobId, runId);
  return selectors.filter(({ stopped }) => stopped).map(({ field }) => field);
}

/** The error of a run, if it has one. */
export function toError({ errorKind, errorMessage }: LastExecuted): RunError | null {
  return errorKind === null ? null : { kind: errorKind, message: errorMessage ?? '' };
}
