import TinyQueue from 'tinyqueue';

/** The next occurrence of a job, epoch milliseconds. */
export interface Planned {
  at: number;
  jobId: string;
}

/**
 * The next occurrence of every scheduled job: one heap, instants in epoch milliseconds, those of one instant in the order of
 * their ids. A changed entry leaves its old one in the heap, which is passed over when it comes up. Entries are numbers that stand for a place in two arrays:
 * thousands of objects would take twice the memory.
 */
export class Agenda {
  readonly #jobIds: string[] = [];
  readonly #instants: number[] = [];
  readonly #free: number[] = [];
  /** Of each job, the entry that counts. */
  readonly #current = new Map<string, number>();
  readonly #heap = new TinyQueue<number>(
    [],
    (a, b) => this.#at(a) - this.#at(b) || (this.#jobOf(a) < this.#jobOf(b) ? -1 : 1),
  );

  get size(): number {
    return this.#current.size;
  }

  /** Puts a job's next occurrence down; `undefined` takes the job off. */
  set(jobId: string, at: number | undefined): void {
    if (at === undefined) {
      this.#current.delete(jobId);
      return;
    }
    const before = this.#current.get(jobId);
    if (before !== undefined && this.#at(before) === at) return;
    const entry = this.#free.pop() ?? this.#instants.length;
    this.#jobIds[entry] = jobId;
    this.#instants[entry] = at;
    this.#current.set(jobId, entry);
    this.#heap.push(entry);
  }

  /** The earliest instant, if any. */
  next(): number | undefined {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (this.#current.get(this.#jobOf(first)) === first) return this.#at(first);
      this.#pop();
    }
    return undefined;
  }

  /** The instant of a job's next occurrence, if any. */
  at(jobId: string): number | undefined {
    const entry = this.#current.get(jobId);
    return entry === undefined ? undefined : this.#at(entry);
  }

  /** The earliest ones up to and with an instant, at most so many, in their order, and the instant of the one after them. */
  upTo(until: number, most: number): { planned: Planned[]; after: number | undefined } {
    const entries: number[] = [];
    let at = this.next();
    for (; at !== undefined && at <= until && entries.length < most; at = this.next()) {
      const entry = this.#heap.pop();
      if (entry !== undefined) entries.push(entry);
    }
    for (const entry of entries) this.#heap.push(entry);
    return {
      planned: entries.map((entry) => ({ jobId: this.#jobOf(entry), at: this.#at(entry) })),
      after: at,
    };
  }

  /** Takes off and returns the jobs whose occurrence is due. */
  takeDue(now: number): Planned[] {
    const due: Planned[] = [];
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
    return this.#jobOf(entry);
  }

  #at(entry: number): number {
    return this.#instants[entry] ?? 0;
  }

  #jobOf(entry: number): string {
    return this.#jobIds[entry] ?? '';
  }
}
