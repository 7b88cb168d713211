import { isActive, isRunning, type RunRecord, toRunStatus } from '../model/run-record.ts';
import { SUM_MODULUS, type WaitingSums } from './run-store.ts';

/** How a run differs from what was known of it: nothing of note, its counts only, or what it is. */
export function compareRuns(before: RunRecord | undefined, now: RunRecord): 'same' | 'progress' | 'changed' {
  if (before === undefined || state(before) !== state(now)) return 'changed';
  return counts(before) === counts(now) ? 'same' : 'progress';
}

/**
 * What has become of the runs since the last look. Of a hundred thousand that wait, one that is not among them any more is
 * found by sums, so that a look reads only what has moved.
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

  /** The runs that have to be read again in each look, besides those that are new or under way. */
  get running(): readonly string[] {
    return [...this.#active.values()].filter(isRunning).map(({ runId }) => runId);
  }

  /** Whether no other runs wait than those known to. */
  hasSameWaiting(sums: WaitingSums): boolean {
    return sums.count === this.#waiting.count && sums.notBefore === this.#waiting.notBefore;
  }

  /** Those known to wait that do not any more, or for another instant, and those that wait unknown. */
  outdated(waiting: ReadonlyMap<string, number>): string[] {
    const known = [...this.#active.values()].filter((run) => !isRunning(run));
    const changed = known.filter(({ runId, notBefore }) => waiting.get(runId) !== notBefore);
    const unknown = [...waiting.keys()].filter((id) => !this.#active.has(id));
    return [...changed.map(({ runId }) => runId), ...unknown];
  }

  /** @param runs as they are now, those of `asked` among them that there still are */
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
