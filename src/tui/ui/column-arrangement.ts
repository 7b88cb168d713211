import { clamp } from './scroll.ts';

/** How the user arranged the columns of a table. A column is known by its name. */
export interface ColumnArrangement {
  readonly hidden: readonly string[];
  /** The columns as they stand since the user moved one; empty: in the order of the table. */
  readonly order: readonly string[];
  /** Widths that the user chose, in cells. */
  readonly widths: Readonly<Record<string, number>>;
}

export const NOT_ARRANGED: ColumnArrangement = { hidden: [], order: [], widths: {} };

/** A change of the column under the cursor; `restore` takes all changes back. */
export type ColumnChange =
  | { readonly kind: 'width'; readonly by: number }
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  | { readonly kind: 'hide' }
  | { readonly kind: 'restore' };

export const MIN_CHOSEN_CELLS = 3;
export const MAX_CHOSEN_CELLS = 400;

/** The columns that are not hidden: those that were moved keep their place, new ones follow. */
export function inChosenOrder<C>(
  columns: readonly C[],
  nameOf: (column: C) => string,
  { hidden, order }: ColumnArrangement,
): C[] {
  const place = new Map(order.map((name, index) => [name, index]));
  const at = (column: C) => place.get(nameOf(column)) ?? order.length;
  return columns
    .filter((column) => !hidden.includes(nameOf(column)))
    .sort((one, other) => at(one) - at(other));
}

/** The columns of a table before a change. */
interface ArrangedColumns {
  /** The names of all columns that are not hidden, in order. */
  readonly all: readonly string[];
  /** Those on the screen, or all of them where the table scrolls, with their widths in cells. */
  readonly shown: readonly { readonly name: string; readonly cells: number }[];
  /** The name of the column under the cursor. */
  readonly cursor: string | undefined;
}

interface Rearranged {
  readonly arrangement: ColumnArrangement;
  readonly cursor: string | undefined;
}

/** The arrangement after a change, and the column that is then under the cursor. The last column is never hidden. */
export function rearrange(
  before: ColumnArrangement,
  { all, shown, cursor }: ArrangedColumns,
  change: ColumnChange,
): Rearranged {
  if (change.kind === 'restore') return { arrangement: NOT_ARRANGED, cursor };
  const unchanged = { arrangement: before, cursor };
  const at = shown.findIndex(({ name }) => name === cursor);
  const column = shown[at];
  if (cursor === undefined || column === undefined) return unchanged;
  switch (change.kind) {
    case 'width': {
      const cells = clamp(column.cells + change.by, MIN_CHOSEN_CELLS, MAX_CHOSEN_CELLS);
      return { arrangement: { ...before, widths: { ...before.widths, [cursor]: cells } }, cursor };
    }
    case 'move': {
      const neighbour = shown[at + change.by]?.name;
      if (neighbour === undefined) return unchanged;
      const others = all.filter((name) => name !== cursor);
      const to = others.indexOf(neighbour) + (change.by > 0 ? 1 : 0);
      return { arrangement: { ...before, order: others.toSpliced(to, 0, cursor) }, cursor };
    }
    case 'hide': {
      if (shown.length < 2) return unchanged;
      const next = shown[at + 1] ?? shown[at - 1];
      return { arrangement: { ...before, hidden: [...before.hidden, cursor] }, cursor: next?.name };
    }
    default:
      return change satisfies never;
  }
}
