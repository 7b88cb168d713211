import { asFields, asList, type Fields } from './fields.ts';

/** A cell: its text and, where a run changed it, the text before. */
export interface Cell {
  value: unknown;
  before?: unknown;
}

export interface Row {
  kind: 'item' | 'added' | 'removed' | 'changed';
  cells: Record<string, Cell>;
}

/** What the table shows, of one answer or of several pages. */
export interface ItemTable {
  tool: 'list_items' | 'compare_runs';
  columns: string[];
  rows: Row[];
  /** Rows in all, if the answer says so. */
  total: number | undefined;
  nextCursor: string | undefined;
  summary: string;
}

/** Reads an answer of list_items or compare_runs; `before` is what was shown, which the answer continues. */
export function readTable(answer: Fields, before?: ItemTable): ItemTable {
  const isComparison = 'examples' in answer || 'added' in answer;
  const rows = isComparison ? comparedRows(answer) : listedRows(answer);
  const all = [...(before?.rows ?? []), ...rows];
  const { next_cursor, summary } = answer;
  return {
    tool: isComparison ? 'compare_runs' : 'list_items',
    columns: collectColumns(all),
    rows: all,
    total: isComparison ? differencesIn(answer) : asCount(answer['total']),
    nextCursor: typeof next_cursor === 'string' ? next_cursor : undefined,
    // That of the first page alone speaks of all that was asked for.
    summary: before === undefined && typeof summary === 'string' ? summary : '',
  };
}

function listedRows({ items }: Fields): Row[] {
  return asList(items).map((item) => ({ kind: 'item', cells: mapCells(item, (value) => ({ value })) }));
}

function comparedRows({ examples }: Fields): Row[] {
  return asList(examples).map(({ kind, key, before, after, fields }) => {
    const [old, present] = [asFields(before), asFields(after)];
    // An answer for models has only the fields that differ, so the key says which item it is.
    const isBrief = !Array.isArray(fields);
    const differing = new Set(isBrief ? Object.keys({ ...old, ...present }) : fields.map(String));
    if (kind !== 'changed')
      return {
        kind: kind === 'added' ? 'added' : 'removed',
        cells: mapCells(kind === 'added' ? present : old, (value) => ({ value })),
      };
    const cells = mapCells({ ...old, ...present }, (value, name) =>
      differing.has(name) ? { value: present[name], before: old[name] } : { value },
    );
    return { kind: 'changed', cells: isBrief ? { key: { value: key }, ...cells } : cells };
  });
}

/** The columns in the order in which the items first name them. */
function collectColumns(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
}

function differencesIn({ added, removed, changed }: Fields): number | undefined {
  const counts = [added, removed, changed].map(asCount);
  return counts.some((count) => count === undefined)
    ? undefined
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** The next order after a click on a column: ascending, descending, then as scraped. */
export function nextSort(sort: unknown, column: string): string | undefined {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` ? undefined : column;
}

function mapCells(item: Fields, cell: (value: unknown, name: string) => Cell): Record<string, Cell> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, cell(value, name)]));
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
