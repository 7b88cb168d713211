import TinyQueue from 'tinyqueue';

/** The next occurrence of a job, epoch milliseconds. */
export interface PlannedOccurrence {
  at: number;
  jobId: string;
}

/** Rank of an entry that {@link OccurrenceQueue.peek} never returns. */
export const NEVER_PEEKED = Number.NEGATIVE_INFINITY;

/** Peeks after one instant, up to and including another one; `most` is the maximum number of results. */
export interface PeekRange {
  after: number;
  until: number;
  most: number;
}

export interface PeekResult {
  planned: PlannedOccurrence[];
  /** An instant after the range that is not later than the first entry there. `undefined`: no entry follows. */
  beyond: number | undefined;
}

/**
 * The next occurrence of every scheduled job, in one heap; instants in epoch milliseconds, those of one instant ordered
 * by job id. Changing an entry leaves the old one in the heap, where it is skipped when it reaches the top. Entries are
 * indexes into parallel arrays, because thousands of objects would take twice the memory.
 */
export class OccurrenceQueue {
  readonly #jobIds: string[] = [];
  readonly #instants: number[] = [];
  readonly #ranks: number[] = [];
  readonly #free: number[] = [];
  /** The valid entry of each job. */
  readonly #current = new Map<string, number>();
  readonly #heap = new TinyQueue<number>([], (a, b) => this.#at(a) - this.#at(b) || this.#compareIds(a, b));

  get size(): number {
    return this.#current.size;
  }

  /**
   * Sets a job's next occurrence; `undefined` removes the job.
   * @param rank {@link peek} orders entries of one instant by it, highest first; {@link NEVER_PEEKED} excludes the
   *   entry there
   */
  set(jobId: string, at: number | undefined, rank = 0): void {
    if (at === undefined) {
      this.#current.delete(jobId);
      return;
    }
    const before = this.#current.get(jobId);
    if (before !== undefined && this.#at(before) === at) {
      this.#ranks[before] = rank;
      return;
    }
    const entry = this.#free.pop() ?? this.#instants.length;
    this.#ranks[entry] = rank;
    this.#jobIds[entry] = jobId;
    this.#instants[entry] = at;
    this.#current.set(jobId, entry);
    this.#heap.push(entry);
  }

  /** Returns the earliest instant, if any. */
  next(): number | undefined {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (this.#current.get(this.#jobIdAt(first)) === first) return this.#at(first);
      this.#pop();
    }
    return undefined;
  }

  /**
   * Returns the first entries of a range: the earliest, and within one instant those of the highest rank. Removes
   * nothing. The cost depends on the number of entries in the range, not on the number of scheduled jobs.
   */
  peek({ after, until, most }: PeekRange): PeekResult {
    const found: number[] = [];
    const beyond = this.#walk(until, (entry) => {
      const at = this.#at(entry);
      if (at <= after || this.#rank(entry) === NEVER_PEEKED) return;
      found.push(entry);
    });
    // A heap, because only a few of thousands are wanted: sorting all of them would take longer.
    const best = new TinyQueue(
      found,
      (a, b) => this.#at(a) - this.#at(b) || this.#rank(b) - this.#rank(a) || this.#compareIds(a, b),
    );
    const planned: PlannedOccurrence[] = [];
    for (let entry = best.pop(); entry !== undefined; entry = planned.length < most ? best.pop() : undefined)
      planned.push({ jobId: this.#jobIdAt(entry), at: this.#at(entry) });
    return { planned, beyond };
  }

  /** Removes and returns the jobs whose occurrence is due. */
  takeDue(now: number): PlannedOccurrence[] {
    const due: PlannedOccurrence[] = [];
    for (let at = this.next(); at !== undefined && at <= now; at = this.next()) {
      const jobId = this.#pop();
      if (jobId === undefined) break;
      this.#current.delete(jobId);
      due.push({ jobId, at });
    }
    return due;
  }

  clear(): void {
    this.#current.clear();
  }

  jobIds(): string[] {
    return [...this.#current.keys()];
  }

  /** Removes the first entry, and returns its job. */
  #pop(): string | undefined {
    const entry = this.#heap.pop();
    if (entry === undefined) return undefined;
    this.#free.push(entry);
    return this.#jobIdAt(entry);
  }

  /**
   * Visits the valid entries up to an instant, in no particular order. Skips the subtree of a later entry, because the
   * heap holds only later entries there.
   * @returns an instant that is not later than the first entry after `until`
   */
  #walk(until: number, visit: (entry: number) => void): number | undefined {
    const { data } = this.#heap;
    let beyond: number | undefined;
    const indexes = [0];
    for (let index = indexes.pop(); index !== undefined; index = indexes.pop()) {
      const entry = data[index];
      if (entry === undefined) continue;
      const at = this.#at(entry);
      if (at > until) {
        beyond = Math.min(at, beyond ?? at);
        continue;
      }
      if (this.#current.get(this.#jobIdAt(entry)) === entry) visit(entry);
      indexes.push(2 * index + 1, 2 * index + 2);
    }
    return beyond;
  }

  #compareIds(a: number, b: number): number {
    return this.#jobIdAt(a) < this.#jobIdAt(b) ? -1 : 1;
  }

  #rank(entry: number): number {
    return this.#ranks[entry] ?? 0;
  }

  #at(entry: number): number {
    return this.#instants[entry] ?? 0;
  }

  #jobIdAt(entry: number): string {
    return this.#jobIds[entry] ?? '';
  }
}
