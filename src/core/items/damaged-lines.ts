/** The most lines that are named in an answer; further ones are only counted. */
const MAX_KEPT = 1_000;
const MAX_NAMED = 3;

/** Lines of an item file that are no items, such as after a full or broken disk. */
export interface DamagedLines {
  readonly count: number;
  /** The first of them in the order of the file, by their number from 0. */
  readonly rows: readonly number[];
}

export const NO_DAMAGE: DamagedLines = { count: 0, rows: [] };

/** Collects them while a file is read from its beginning. */
export class DamageList {
  #count = 0;
  readonly #rows: number[] = [];

  add(row: number): void {
    this.#count += 1;
    if (this.#rows.length < MAX_KEPT) this.#rows.push(row);
  }

  end(): DamagedLines {
    return this.#count === 0 ? NO_DAMAGE : { count: this.#count, rows: this.#rows };
  }
}

/** The numbers of the first ones as a person counts lines: `12, 80, 81, …`. */
export function nameLines({ count, rows }: DamagedLines): string {
  const named = rows.slice(0, MAX_NAMED).map((row) => `${row + 1}`);
  return `${named.join(', ')}${count > named.length ? ', …' : ''}`;
}

/** `4 damaged lines (12, 80, 81, …) are left out` */
export function describeLeftOut(damaged: DamagedLines): string {
  const { count } = damaged;
  const lines = count === 1 ? '1 damaged line' : `${count.toLocaleString('en-US')} damaged lines`;
  return `${lines} (${nameLines(damaged)}) ${count === 1 ? 'is' : 'are'} left out`;
}
