import type { RunStatus } from '../../../core/model/run-record.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';

/** A period of equal steps; instants and lengths in milliseconds. */
export interface FigurePeriod {
  readonly from: number;
  readonly step: number;
  readonly steps: number;
  /** Nothing is known after it. */
  readonly now: number;
}

/** What ran in the home in a period; each list has a value for each step. */
export interface HomeFigures {
  readonly period: FigurePeriod;
  /** The most runs at once. */
  readonly concurrent: readonly number[];
  /** Runs that began in the step, by how they ended. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
  /** The hosts that were scraped, the busiest first, with how long runs were busy with each, ms. */
  readonly hosts: readonly { readonly host: string; readonly busyMs: readonly number[] }[];
}

/** Adds up the runs of the jobs of a home, in any order. */
export class HomeFigureSums {
  readonly #period: FigurePeriod;
  readonly #succeeded: number[];
  readonly #failed: number[];
  readonly #busy = new Map<string, number[]>();

  constructor(period: FigurePeriod) {
    this.#period = period;
    this.#succeeded = zeros(period.steps);
    this.#failed = zeros(period.steps);
  }

  /** @param hosts those that the run's job scrapes; each is busy as long as the run */
  add({ status, begin, end }: Pick<TimelineRun, 'status' | 'begin' | 'end'>, hosts: readonly string[]): void {
    const { from, step, now } = this.#period;
    const at = Math.floor((begin - from) / step);
    const counted = countedAs(status, this.#succeeded, this.#failed);
    if (counted?.[at] !== undefined) counted[at] += 1;
    const until = Math.min(end ?? now, now);
    for (const host of until > begin ? hosts : []) {
      const busy = this.#busy.get(host) ?? zeros(this.#period.steps);
      this.#busy.set(host, busy);
      for (let index = Math.max(0, at); index < busy.length && from + index * step < until; index += 1) {
        const [first, next] = [from + index * step, from + (index + 1) * step];
        busy[index] = (busy[index] ?? 0) + Math.min(until, next) - Math.max(begin, first);
      }
    }
  }

  figures(concurrent: readonly number[]): HomeFigures {
    const hosts = [...this.#busy]
      .map(([host, busyMs]) => ({ host, busyMs, total: busyMs.reduce((sum, ms) => sum + ms, 0) }))
      .filter(({ total }) => total > 0)
      .sort((one, other) => other.total - one.total || (one.host < other.host ? -1 : 1));
    return {
      period: this.#period,
      concurrent,
      succeeded: this.#succeeded,
      failed: this.#failed,
      hosts: hosts.map(({ host, busyMs }) => ({ host, busyMs })),
    };
  }
}

function countedAs<T>(status: RunStatus, succeeded: T, failed: T): T | undefined {
  if (status === 'succeeded') return succeeded;
  return hasFailed({ status }) ? failed : undefined;
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
