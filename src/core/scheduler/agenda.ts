import TinyQueue from 'tinyqueue';

interface Entry {
  at: number;
  jobId: string;
}

/**
 * The next occurrence of every scheduled job: one heap, instants in epoch milliseconds. A changed entry leaves its
 * old one in the heap, which is passed over when it comes up.
 */
export class Agenda {
  readonly #heap = new TinyQueue<Entry>([], (a, b) => a.at - b.at);
  readonly #current = new Map<string, number>();

  get size(): number {
    return this.#current.size;
  }

  /** Puts a job's next occurrence down; `undefined` takes the job off. */
  set(jobId: string, at: number | undefined): void {
    if (at === undefined) {
      this.#current.delete(jobId);
      return;
    }
    if (this.#current.get(jobId) === at) return;
    this.#current.set(jobId, at);
    this.#heap.push({ at, jobId });
  }

  /** The earliest instant, if any. */
  next(): number | undefined {
    for (let first = this.#heap.peek(); first; first = this.#heap.peek()) {
      if (this.#current.get(first.jobId) === first.at) return first.at;
      this.#heap.pop();
    }
    return undefined;
  }

  /** Takes off and returns the jobs whose occurrence is due. */
  takeDue(now: number): { jobId: string; at: number }[] {
    const due: Entry[] = [];
    for (let at = this.next(); at !== undefined && at <= now; at = this.next()) {
      const entry = this.#heap.pop();
      if (!entry) break;
      this.#current.delete(entry.jobId);
      due.push(entry);
    }
    return due;
  }

  clear(): void {
    this.#current.clear();
  }

  jobIds(): string[] {
    return [...this.#current.keys()];
  }
}
