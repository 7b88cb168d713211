import TinyQueue from 'tinyqueue';

/** The next occurrence of a job, epoch milliseconds. */
export interface PlannedOccurrence {
  at: number;
  jobId: string;
}

/** The rank of one that nobody looks at before it is due. */
export const NEVER_PEEKED = Number.NEGATIVE_INFINITY;

/** From after one instant up to and with another one, and how many of it are wanted. */
interface PeekRange {
  after: number;
  until: number;
  most: number;
}

interface PeekResult {
  planned: PlannedOccurrence[];
  /** Whether more of the span were wanted than these. */
  hasMore: boolean;
  /** When to look for those after the span: none of them is earlier. `undefined`: there are none. */
  beyond: number | undefined;
}

/**
 * The next occurrence of every scheduled job: one heap, instants in epoch milliseconds, those of one instant in the order of
 * their ids. A changed entry leaves its old one in the heap, which is passed over when it comes up. Entries are numbers that stand for a place in two arrays:
 * thousands of objects would take twice the memory.
 */
export class OccurrenceQueue {
  readonly #jobIds: string[] = [];
  readonly #instants: number[] = [];
  readonly #ranks: number[] = [];
  readonly #free: number[] = [];
  /** Of each job, the entry that counts. */
  readonly #current = new Map<string, number>();
  readonly #heap = new TinyQueue<number>([], (a, b) => this.#at(a) - this.#at(b) || this.#compareIds(a, b));

  get size(): number {
    return this.#current.size;
  }

  /**
   * Puts a job's next occurrence down; `undefined` takes the job off.
   * @param rank what {@link peek} sorts those of one instant by, highest first; {@link NEVER_PEEKED}: it gives others only
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

  /** The earliest instant, if any. */
  next(): number | undefined {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (this.#current.get(this.#jobIdAt(first)) === first) return this.#at(first);
      this.#pop();
    }
    return undefined;
  }

  /** The instant of a job's next occurrence, if any. */
  at(jobId: string): number | undefined {
    const entry = this.#current.get(jobId);
    return entry === undefined ? undefined : this.#at(entry);
  }

  /**
   * Those of a span that come up first: the earliest, of one instant those of the highest rank. Takes nothing off, and costs by how
   * many there are in the span, however many are scheduled.
   * @param isWanted asked of each whether it is wanted
   */
  peek({ after, until, most }: PeekRange, isWanted: (jobId: string, at: number) => boolean): PeekResult {
    const found: number[] = [];
    const beyond = this.#walk(until, (entry) => {
      const at = this.#at(entry);
      if (at <= after || this.#rank(entry) === NEVER_PEEKED) return;
      if (isWanted(this.#jobIdAt(entry), at)) found.push(entry);
    });
    // Of thousands only some are wanted: to sort them all would take longer.
    const best = new TinyQueue(
      found,
      (a, b) => this.#at(a) - this.#at(b) || this.#rank(b) - this.#rank(a) || this.#compareIds(a, b),
    );
    const planned: PlannedOccurrence[] = [];
    for (let entry = best.pop(); entry !== undefined; entry = planned.length < most ? best.pop() : undefined)
      planned.push({ jobId: this.#jobIdAt(entry), at: this.#at(entry) });
    return { planned, hasMore: best.length > 0, beyond };
  }

  /** Takes off and returns the jobs whose occurrence is due. */
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

  /** Takes the first entry off, and gives its job. */
  #pop(): string | undefined {
    const entry = this.#heap.pop();
    if (entry === undefined) return undefined;
    this.#free.push(entry);
    return this.#jobIdAt(entry);
  }

  /**
   * Visits the entries that count up to an instant, in no order: below one that is later all are.
   * @returns no later than the first one after it
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
