import { isActive, type RunRecord, shownStatus } from './record.ts';

/** How a run differs from what was known of it: nothing of note, its counts only, or what it is. */
export function compareRuns(before: RunRecord | undefined, now: RunRecord): 'same' | 'progress' | 'changed' {
  if (before === undefined || state(before) !== state(now)) return 'changed';
  return counts(before) === counts(now) ? 'same' : 'progress';
}

/** What has become of the runs since the last look, in the order in which they were queued. */
export class RunBook {
  #active = new Map<string, RunRecord>();

  constructor(active: readonly RunRecord[]) {
    for (const run of active) this.#active.set(run.runId, run);
  }

  /** The runs that have to be read again besides those that are new. */
  get watched(): readonly string[] {
    return [...this.#active.keys()];
  }

  /** @param runs the new ones and the watched ones, as they are now; a watched one that is not among them is gone */
  look(runs: readonly RunRecord[]): { run: RunRecord; how: 'progress' | 'changed' }[] {
    const before = this.#active;
    this.#active = new Map(runs.filter(({ status }) => isActive(status)).map((run) => [run.runId, run]));
    return runs.flatMap((run) => {
      const how = compareRuns(before.get(run.runId), run);
      return how === 'same' ? [] : [{ run, how }];
    });
  }
}

function state({ status, attempt, notBefore, reason, error, finishedAt, outputPath }: RunRecord): string {
  return JSON.stringify([shownStatus(status), attempt, notBefore, reason, error, finishedAt, outputPath]);
}

function counts({ items, pages, bytes, totalPages }: RunRecord): string {
  return JSON.stringify([items, pages, bytes, totalPages]);
}
