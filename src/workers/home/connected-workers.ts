import { tagsOfPool } from '../../core/model/worker-names.ts';

/** A worker that this scheduler has heard. */
interface ConnectedWorker {
  readonly tags: ReadonlySet<string>;
  readonly slots: number;
  /** Identifies its process. */
  readonly incarnation: string;
  /** On the monotonic clock. */
  readonly heardAt: number;
  /** Whether it shall take no more runs. */
  readonly isDraining: boolean;
  /** The tokens of the starts that it has claimed and whose rows are not collected yet. */
  readonly claimed: Set<string>;
}

/** The number of earlier processes of a worker that are remembered. */
const MAX_RETIRED = 100;

/**
 * The workers that were heard of late, and the starts that wait for one of them: from these follows how many runs of
 * each pool may be handed over.
 */
export class ConnectedWorkers {
  readonly #workers = new Map<string, ConnectedWorker>();
  /** The processes of each worker that others have followed. */
  readonly #retired = new Map<string, Set<string>>();
  /** The starts that no worker has claimed: their pools by token. */
  readonly #unclaimed = new Map<string, string>();

  /**
   * Notes what a worker says of itself.
   * @returns whether another process of this worker was heard before
   */
  hear(
    name: string,
    report: Omit<ConnectedWorker, 'claimed' | 'tags'> & { tags: readonly string[] },
  ): boolean {
    const before = this.#workers.get(name);
    const isNewProcess = before !== undefined && before.incarnation !== report.incarnation;
    if (isNewProcess) this.#retire(name, before.incarnation);
    this.#workers.set(name, {
      ...report,
      tags: new Set(report.tags),
      claimed: before?.claimed ?? new Set(),
    });
    return isNewProcess;
  }

  /** Whether another process of this worker was heard after this one. */
  isRetired(name: string, incarnation: string): boolean {
    return this.#retired.get(name)?.has(incarnation) ?? false;
  }

  setDraining(name: string, isDraining: boolean): void {
    const worker = this.#workers.get(name);
    if (worker) this.#workers.set(name, { ...worker, isDraining });
  }

  /** Forgets a worker that may execute no runs, such as one whose invitation was revoked. */
  forget(name: string): void {
    this.#workers.delete(name);
  }

  handedOver(token: string, pool: string): void {
    this.#unclaimed.set(token, pool);
  }

  /** Whether a start was handed over by this scheduler, and no worker has claimed it. */
  isUnclaimed(token: string): boolean {
    return this.#unclaimed.has(token);
  }

  claimed(name: string, token: string): void {
    this.#unclaimed.delete(token);
    this.#workers.get(name)?.claimed.add(token);
  }

  /** How many slots of a worker are occupied. */
  countClaimed(name: string): number {
    return this.#workers.get(name)?.claimed.size ?? 0;
  }

  /** The start occupies no slot of a worker any more. */
  ended(token: string): void {
    this.#unclaimed.delete(token);
    for (const { claimed } of this.#workers.values()) claimed.delete(token);
  }

  /** The names of the workers that serve a pool, whether they are free or not. */
  serving(pool: string, since: number): string[] {
    return [...this.#workers]
      .filter(([, worker]) => isAvailable(worker, since) && serves(worker, pool))
      .map(([name]) => name);
  }

  /** The pools of tags that a worker serves, among those that runs are known to ask for. */
  poolsOf(name: string, known: Iterable<string>): string[] {
    const worker = this.#workers.get(name);
    return worker === undefined
      ? []
      : ['', ...known].filter((pool, at, all) => all.indexOf(pool) === at && serves(worker, pool));
  }

  /**
   * Whether one more start of a pool may be handed over.
   * @param since workers that were not heard since then do not count, on the monotonic clock
   * @param ahead how many starts may wait without a free slot
   */
  hasCapacity(pool: string, since: number, ahead = 0): boolean {
    const free = new Map<string, number>();
    for (const [name, worker] of this.#workers)
      if (isAvailable(worker, since)) free.set(name, worker.slots - worker.claimed.size);
    let waiting = 0;
    for (const other of this.#unclaimed.values()) if (!this.#take(free, other)) waiting += 1;
    return this.#take(free, pool) || waiting < ahead;
  }

  /** The free slots of all workers, without those that waiting starts will take. */
  freeSlots(since: number): number {
    let free = -this.#unclaimed.size;
    for (const worker of this.#workers.values())
      if (isAvailable(worker, since)) free += Math.max(0, worker.slots - worker.claimed.size);
    return Math.max(0, free);
  }

  #retire(name: string, incarnation: string): void {
    const retired = this.#retired.get(name) ?? new Set();
    this.#retired.set(name, retired.add(incarnation));
    const [oldest] = retired;
    if (retired.size > MAX_RETIRED && oldest !== undefined) retired.delete(oldest);
  }

  /** Takes a slot of the fitting worker that has the most free ones. */
  #take(free: Map<string, number>, pool: string): boolean {
    let best: string | undefined;
    for (const [name, slots] of free) {
      const worker = this.#workers.get(name);
      if (slots <= 0 || worker === undefined || !serves(worker, pool)) continue;
      if (best === undefined || slots > (free.get(best) ?? 0)) best = name;
    }
    if (best === undefined) return false;
    free.set(best, (free.get(best) ?? 0) - 1);
    return true;
  }
}

function isAvailable({ heardAt, isDraining }: ConnectedWorker, since: number): boolean {
  return heardAt >= since && !isDraining;
}

function serves({ tags }: ConnectedWorker, pool: string): boolean {
  return tagsOfPool(pool).every((tag) => tags.has(tag));
}
