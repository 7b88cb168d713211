import { toPageUrl } from '../lib/page-url.ts';

/** Values of which the next ones can be listed before they are taken. */
export class Peekable<T> implements Iterable<T> {
  readonly #values: Iterator<T>;
  readonly #peeked: T[] = [];

  constructor(values: Iterable<T>) {
    this.#values = values[Symbol.iterator]();
  }

  *[Symbol.iterator](): Generator<T> {
    for (;;) {
      const next = this.#peeked.length > 0 ? { value: this.#peeked.shift() as T } : this.#values.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** The values that come next; they stay. */
  *peek(): Generator<T> {
    for (let index = 0; ; index++) {
      if (index >= this.#peeked.length) {
        const next = this.#values.next();
        if (next.done === true) return;
        this.#peeked.push(next.value);
      }
      yield this.#peeked[index] as T;
    }
  }
}

/**
 * The pages of the list that come after the current one, as far as they are known before it is read: the numbered pages
 * of its start address, and the first pages of the start addresses after it.
 */
export class KnownPages implements Iterable<string> {
  /** The most pages that are fetched yet. */
  left = Number.POSITIVE_INFINITY;
  /** The pages of the current start address. */
  ofStart: () => Iterable<string> = () => [];
  /** The start addresses after it. */
  starts: () => Iterable<string> = () => [];
  readonly #isSeen: (url: string) => boolean;

  /** @param isSeen whether a page was fetched before */
  constructor(isSeen: (url: string) => boolean) {
    this.#isSeen = isSeen;
  }

  *[Symbol.iterator](): Generator<string> {
    let { left } = this;
    for (const pages of [this.ofStart, this.starts])
      for (const page of pages()) {
        const url = toPageUrl(page);
        if (left <= 0) return;
        if (this.#isSeen(url)) continue;
        left -= 1;
        yield url;
      }
  }
}

/** The first values. */
export function* take<T>(values: Iterable<T>, most: number): Generator<T> {
  let left = most;
  if (left <= 0) return;
  for (const value of values) {
    yield value;
    left -= 1;
    if (left <= 0) return;
  }
}
