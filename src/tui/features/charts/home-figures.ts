import type { RunStatus } from '../../../core/model/run-record.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import type { RunFigures } from '../../../core/runs/runs-in-period.ts';

/** A period of equal steps; instants and lengths in milliseconds. */
export interface FigurePeriod {
  readonly from: number;
  readonly step: number;
  readonly steps: number;
  /** Nothing is known after it. */
  readonly now: number;
}

/** What ran in the home in a period; each list of numbers has a value for each step. */
export interface HomeFigures {
  readonly period: FigurePeriod;
  /** The most runs at once. */
  readonly concurrent: readonly number[];
  /** Runs that began in the step, by how they ended. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
  /** Items of the runs that succeeded. */
  readonly items: readonly number[];
  /** Occurrences that did not start: skipped or missed. */
  readonly unstarted: number;
  /** The hosts that were scraped, the busiest first, with how long runs were busy with each, ms. */
  readonly hosts: readonly { readonly host: string; readonly busyMs: readonly number[] }[];
  /** The jobs with failed runs, the most failures first. */
  readonly failing: readonly FailingJob[];
  /** The jobs that used slots the longest, and the runs that took longest. */
  readonly busiest: readonly BusyJob[];
  readonly longest: readonly LongRun[];
}

export interface FailingJob extends JobSums {
  readonly jobId: string;
  /** Why the last one failed, if that is known. */
  readonly error?: string | undefined;
}

export type BusyJob = Omit<FailingJob, 'error'>;

/** Sums over the runs of a job that ended, or still run. */
interface JobSums {
  runs: number;
  failed: number;
  /** When the last one that failed began, epoch ms. */
  lastFailed: number;
  /** How long they ran within the period. */
  busyMs: number;
  items: number;
}

export interface LongRun extends Pick<RunFigures, 'jobId' | 'status' | 'begin' | 'items'> {
  readonly tookMs: number;
  /** It still runs. */
  readonly isActive: boolean;
}

/** As many jobs and runs are listed. */
const MAX_LISTED = 12;

/** Adds up the runs of the jobs of a home, in any order. */
export class HomeFigureSums {
  readonly #period: FigurePeriod;
  readonly #succeeded: number[];
  readonly #failed: number[];
  readonly #items: number[];
  readonly #busy = new Map<string, number[]>();
  readonly #jobs = new Map<string, JobSums>();
  #longest: LongRun[] = [];
  #unstarted = 0;

  constructor(period: FigurePeriod) {
    this.#period = period;
    this.#succeeded = zeros(period.steps);
    this.#failed = zeros(period.steps);
    this.#items = zeros(period.steps);
  }

  /** @param hosts those that the run's job scrapes; each is busy as long as the run */
  add(run: RunFigures, hosts: readonly string[]): void {
    const { status, begin, end, items } = run;
    const { from, step, now } = this.#period;
    const at = Math.floor((begin - from) / step);
    const isInPeriod = at >= 0 && at < this.#period.steps;
    const counted = countedAs(status, this.#succeeded, this.#failed);
    if (counted?.[at] !== undefined) counted[at] += 1;
    if (status === 'succeeded' && isInPeriod) this.#items[at] = (this.#items[at] ?? 0) + items;
    if (isInPeriod && (status === 'skipped' || status === 'missed')) this.#unstarted += 1;
    const until = Math.min(end ?? now, now);
    if (isInPeriod && (counted !== undefined || until > begin)) this.#addToJob(run, until);
    for (const host of until > begin ? hosts : []) {
      const busy = this.#busy.get(host) ?? zeros(this.#period.steps);
      this.#busy.set(host, busy);
      for (let index = Math.max(0, at); index < busy.length && from + index * step < until; index += 1) {
        const [first, next] = [from + index * step, from + (index + 1) * step];
        busy[index] = (busy[index] ?? 0) + Math.min(until, next) - Math.max(begin, first);
      }
    }
  }

  #addToJob({ jobId, status, begin, end, items }: RunFigures, until: number): void {
    const sums = this.#jobs.get(jobId) ?? { runs: 0, failed: 0, lastFailed: 0, busyMs: 0, items: 0 };
    this.#jobs.set(jobId, sums);
    sums.runs += 1;
    sums.busyMs += Math.max(0, until - begin);
    if (status === 'succeeded') sums.items += items;
    if (hasFailed({ status })) {
      sums.failed += 1;
      sums.lastFailed = Math.max(sums.lastFailed, begin);
    }
    // A run that waits has not begun.
    if (status === 'queued' || until <= begin) return;
    const tookMs = until - begin;
    if (this.#longest.length === MAX_LISTED && tookMs <= (this.#longest.at(-1)?.tookMs ?? 0)) return;
    const run = { jobId, status, begin, items, tookMs, isActive: end === null };
    this.#longest = [...this.#longest, run]
      .sort((one, other) => other.tookMs - one.tookMs || one.begin - other.begin)
      .slice(0, MAX_LISTED);
  }

  /** @param errors of jobs, by their ids */
  figures(
    concurrent: readonly number[],
    errors: (jobIds: readonly string[]) => ReadonlyMap<string, string> = () => new Map(),
  ): HomeFigures {
    const hosts = [...this.#busy]
      .map(([host, busyMs]) => ({ host, busyMs, total: busyMs.reduce((sum, ms) => sum + ms, 0) }))
      .filter(({ total }) => total > 0)
      .sort((one, other) => other.total - one.total || (one.host < other.host ? -1 : 1));
    const failing = this.#first(({ failed }) => failed);
    const messages = errors(failing.map(({ jobId }) => jobId));
    return {
      period: this.#period,
      concurrent,
      succeeded: this.#succeeded,
      failed: this.#failed,
      items: this.#items,
      unstarted: this.#unstarted,
      hosts: hosts.map(({ host, busyMs }) => ({ host, busyMs })),
      failing: failing.map((job) => ({ ...job, error: messages.get(job.jobId) })),
      busiest: this.#first(({ busyMs }) => busyMs),
      longest: this.#longest,
    };
  }

  /** The jobs with the most of something, without those that have none. */
  #first(of: (sums: JobSums) => number): BusyJob[] {
    return [...this.#jobs]
      .filter(([, sums]) => of(sums) > 0)
      .sort(([id, one], [otherId, other]) => of(other) - of(one) || (id < otherId ? -1 : 1))
      .slice(0, MAX_LISTED)
      .map(([jobId, sums]) => ({ jobId, ...sums }));
  }
}

function countedAs<T>(status: RunStatus, succeeded: T, failed: T): T | undefined {
  if (status === 'succeeded') return succeeded;
  return hasFailed({ status }) ? failed : undefined;
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
