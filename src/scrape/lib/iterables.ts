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

export function* chain<T>(parts: Iterable<Iterable<T>>): Generator<T> {
  for (const part of parts) yield* part;
}
