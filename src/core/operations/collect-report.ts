import { basename } from 'node:path';
import { readHomeEnvironment } from '../configs/home-environment.ts';
import { dividePeriod } from '../diagnostics/report/divide-period.ts';
import { judgeHome } from '../diagnostics/report/judge-home.ts';
import { judgeJobs, type ReportedJob, toError } from '../diagnostics/report/reported-jobs.ts';
import { describeUnusable } from '../jobs/job-errors.ts';
import { findLeaseHolder } from '../lease/lease.ts';
import { type Conceal, createConcealer } from '../lib/redact.ts';
import { sanitizeAll } from '../lib/sanitize-text.ts';
import type { JobEntry } from '../model/job-record.ts';
import {
  readChanges,
  readLastExecuted,
  readStepFigures,
  readUnstarted,
  type StepFigures,
} from '../runs/period-figures.ts';
import { systemTimezone } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import type { OperationContext } from './define-operation.ts';
import { findJob } from './find-or-throw.ts';
import { formatInstantOrNull } from './operation-fields.ts';
import { describeChanges, explainFailures } from './report-details.ts';

/** More occurrences that did not start are counted. */
const MAX_UNSTARTED = 50;
/** More of what is next is left out. */
const MAX_UPCOMING = 20;

interface Input {
  days: number;
  job_ids?: readonly string[] | undefined;
}

/**
 * Collects the report of the last days. A report is read by others than the person who asks for it, so it holds no
 * values of secrets, also for that person.
 * @throws QuickscrapeError `job_not_found`; `store_unavailable`
 */
export async function collectReport(
  workspace: Workspace,
  { days, job_ids }: Input,
  context: OperationContext,
) {
  const { db, clock } = workspace;
  const now = clock.now();
  const timezone = systemTimezone();
  const period = dividePeriod(now, days);
  const entries = selectEntries(workspace, job_ids);
  const ids = entries.map(({ id }) => id);
  const jobs = judgeJobs(workspace, entries, readStepFigures(db, period, ids), readLastExecuted(db, ids));
  const zoneOf = new Map(jobs.map((job) => [job.entry.id, job.timezone]));
  const at = (jobId: string, instant: number | null) =>
    formatInstantOrNull(instant, zoneOf.get(jobId) ?? timezone);
  const unstarted = readUnstarted(db, period, ids).sort((a, b) => b.last - a.last);
  const changes = readChanges(db, period, ids).sort((a, b) => b.at - a.at);
  const failing = jobs.filter(({ failing }) => failing !== undefined).sort((a, b) => sinceOf(a) - sinceOf(b));
  const totals = addSteps(jobs.flatMap(({ steps }) => steps));
  const verdict = judgeHome({
    conditions: jobs.map(({ condition }) => condition),
    isSchedulerRunning: findLeaseHolder(db) !== undefined,
    missed: totals.missed,
  });
  const conceal = createConcealer(readHomeEnvironment(workspace.paths).secrets);
  const clean = <T>(value: T) => cleanAll(value, conceal);
  return {
    from: instant(period.from, timezone),
    until: instant(now, timezone),
    timezone,
    days,
    step_s: period.step / 1000,
    steps: period.steps,
    ...verdict,
    since: formatInstantOrNull(failing[0]?.failing?.firstFailure ?? null, timezone),
    totals: {
      jobs: jobs.length,
      ...totals,
      success_rate: successRate(totals),
      changed_jobs: changes.length,
    },
    by_step: addByStep(jobs),
    jobs: jobs.map(({ steps, ...job }) => ({
      ...clean(toJobOutput(job, steps)),
      steps: steps.map(toStepOutput),
    })),
    failures: clean(await explainFailures(workspace, failing, context)),
    failures_total: failing.length,
    unstarted: clean(
      unstarted.slice(0, MAX_UNSTARTED).map(({ jobId, last, ...one }) => ({
        job_id: jobId,
        ...one,
        last: at(jobId, last) ?? '',
      })),
    ),
    unstarted_total: unstarted.reduce((sum, { count }) => sum + count, 0),
    changes: clean(
      (await describeChanges(workspace, changes, context)).map(({ at: changedAt, ...change }) => ({
        ...change,
        at: at(change.job_id, changedAt) ?? '',
      })),
    ),
    upcoming: upcomingOf(jobs),
  };
}

function selectEntries(workspace: Workspace, jobIds: readonly string[] | undefined): JobEntry[] {
  if (jobIds === undefined) return workspace.jobs.list();
  return [...new Set(jobIds)].map((id) => workspace.jobs.get(id) ?? findJob(workspace, id));
}

function sinceOf({ failing, last }: ReportedJob): number {
  return failing?.firstFailure ?? last?.at ?? Number.POSITIVE_INFINITY;
}

function toJobOutput(
  { entry, condition, timezone, last, lost, failing }: Omit<ReportedJob, 'steps'>,
  steps: readonly StepFigures[],
) {
  const isValid = entry.kind === 'valid';
  const counts = addSteps(steps);
  return {
    job_id: entry.id,
    config_name: isValid ? entry.record.definition.config_name : null,
    description: isValid ? entry.record.definition.description : null,
    condition,
    // Without the folder of the home, which tells others about the machine.
    error: isValid ? null : describeUnusable({ ...entry, file: `jobs/${basename(entry.file)}` }),
    lost: [...lost],
    failures_in_a_row: isValid ? entry.state.failures : 0,
    failing_since: formatInstantOrNull(failing?.firstFailure ?? null, timezone),
    ...counts,
    success_rate: successRate(counts),
    last:
      last === undefined
        ? null
        : {
            run_id: last.runId,
            status: last.status,
            at: instant(last.at, timezone),
            duration_ms: last.durationMs,
            items: last.items,
            error: toError(last),
          },
    next_run: isValid ? formatInstantOrNull(entry.state.nextRun, timezone) : null,
  };
}

type Counts = Omit<StepFigures, 'step' | 'durationMs'> & { duration_ms: number };

function toStepOutput(figures: StepFigures) {
  const { step, succeeded, failed, cancelled, skipped, missed, items, durationMs } = figures;
  return { step, succeeded, failed, cancelled, skipped, missed, items, duration_ms: durationMs };
}

function addSteps(steps: readonly StepFigures[]): Counts {
  const sums = { succeeded: 0, failed: 0, cancelled: 0, skipped: 0, missed: 0, items: 0, duration_ms: 0 };
  for (const one of steps) {
    sums.succeeded += one.succeeded;
    sums.failed += one.failed;
    sums.cancelled += one.cancelled;
    sums.skipped += one.skipped;
    sums.missed += one.missed;
    sums.items += one.items;
    sums.duration_ms += one.durationMs;
  }
  return sums;
}

function addByStep(jobs: readonly ReportedJob[]) {
  const found = new Map<number, StepFigures[]>();
  for (const figures of jobs.flatMap(({ steps }) => steps)) {
    const same = found.get(figures.step);
    if (same === undefined) found.set(figures.step, [figures]);
    else same.push(figures);
  }
  return [...found].sort(([a], [b]) => a - b).map(([step, figures]) => ({ step, ...addSteps(figures) }));
}

function successRate({ succeeded, failed }: Pick<Counts, 'succeeded' | 'failed'>): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}

function upcomingOf(jobs: readonly ReportedJob[]) {
  return jobs
    .flatMap(({ entry, timezone }) =>
      entry.kind === 'valid' && entry.state.nextRun !== null
        ? [{ job_id: entry.id, next: entry.state.nextRun, at: instant(entry.state.nextRun, timezone) }]
        : [],
    )
    .sort((a, b) => a.next - b.next)
    .slice(0, MAX_UPCOMING)
    .map(({ job_id, at }) => ({ job_id, at }));
}

function instant(at: number, timezone: string): string {
  return formatInstantOrNull(at, timezone) ?? '';
}

/** Removes values of secrets, and characters that control a terminal or a direction, from all texts of a value. */
function cleanAll<T>(value: T, conceal: Conceal | undefined): T {
  const clean = sanitizeAll(value);
  return conceal === undefined ? clean : (concealTexts(clean, conceal) as T);
}

function concealTexts(value: unknown, conceal: Conceal): unknown {
  if (typeof value === 'string') return conceal([value])[0] ?? '';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => concealTexts(entry, conceal));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, concealTexts(inner, conceal)]),
  );
}
