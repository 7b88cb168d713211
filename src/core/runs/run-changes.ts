import { isActive, isRunning, type RunRecord, toRunStatus } from '../model/run-record.ts';
import { SUM_MODULUS, type WaitingSums } from './run-store.ts';

/** Compares two states of a run: `same`, `progress` when only its counts differ, else `changed`. */
export function compareRuns(before: RunRecord | undefined, now: RunRecord): 'same' | 'progress' | 'changed' {
  if (before === undefined || state(before) !== state(now)) return 'changed';
  return counts(before) === counts(now) ? 'same' : 'progress';
}

/**
 * Tracks which runs changed since the last poll. Sums over the waiting runs show when one of a hundred thousand leaves
 * the queue, so a poll reads only runs that changed.
 */
export class RunTracker {
  readonly #active = new Map<string, RunRecord>();
  #waiting: WaitingSums = { count: 0, notBefore: 0 };

  constructor(active: readonly RunRecord[]) {
    for (const run of active) this.#put(run);
  }

  get size(): number {
    return this.#active.size;
  }

  /** The runs that every poll must read again, besides the new and the running ones. */
  get running(): readonly string[] {
    return [...this.#active.values()].filter(isRunning).map(({ runId }) => runId);
  }

  /** Whether the waiting runs are exactly the known ones. */
  hasSameWaiting(sums: WaitingSums): boolean {
    return sums.count === this.#waiting.count && sums.notBefore === this.#waiting.notBefore;
  }

  /**
   * The known waiting runs that no longer wait or wait for another instant, and the waiting runs that are not known.
   */
  outdated(waiting: ReadonlyMap<string, number>): string[] {
    const known = [...this.#active.values()].filter((run) => !isRunning(run));
    const changed = known.filter(({ runId, notBefore }) => waiting.get(runId) !== notBefore);
    const unknown = [...waiting.keys()].filter((id) => !this.#active.has(id));
    return [...changed.map(({ runId }) => runId), ...unknown];
  }

  /** @param runs their current state, including those of `asked` that still exist */
  update(
    asked: readonly string[],
    runs: readonly RunRecord[],
  ): { run: RunRecord; how: 'progress' | 'changed' }[] {
    const before = new Map(
      [...asked, ...runs.map(({ runId }) => runId)].map((id) => [id, this.#active.get(id)]),
    );
    for (const id of before.keys()) this.#remove(id);
    return runs.flatMap((run) => {
      if (isActive(run.status)) this.#put(run);
      const how = compareRuns(before.get(run.runId), run);
      return how === 'same' ? [] : [{ run, how }];
    });
  }

  #put(run: RunRecord): void {
    this.#active.set(run.runId, run);
    this.#count(run, 1);
  }

  #remove(id: string): void {
    const run = this.#active.get(id);
    if (run) this.#count(run, -1);
    this.#active.delete(id);
  }

  #count(run: RunRecord, by: 1 | -1): void {
    if (isRunning(run)) return;
    const { count, notBefore } = this.#waiting;
    this.#waiting = { count: count + by, notBefore: notBefore + by * (run.notBefore % SUM_MODULUS) };
  }
}

function state({ status, attempt, notBefore, reason, error, finishedAt, outputPath }: RunRecord): string {
  return JSON.stringify([toRunStatus(status), attempt, notBefore, reason, error, finishedAt, outputPath]);
}

function counts({ items, pages, bytes, totalPages }: RunRecord): string {
  return JSON.stringify([items, pages, bytes, totalPages]);
}
