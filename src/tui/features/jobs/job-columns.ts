import { displayWidth } from '../../../core/lib/display-width.ts';
import type { JobRow } from '../../home/job-row.ts';
import { memoize } from '../../ui/memoize.ts';
import { clamp } from '../../ui/scroll.ts';
import type { ColumnWidths, SortKey } from './model.ts';

export type ColumnId = (typeof COLUMNS)[number]['id'];

/** A column as drawn: its width in cells, followed by a gap of {@link JOB_COLUMN_GAP} cells. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  readonly cells: number;
  readonly align: 'left' | 'right';
  /** The sort key of this column. */
  readonly sort: SortKey | undefined;
}

/** The widths that show these jobs in full. */
export function measureColumns(rows: readonly JobRow[]): ColumnWidths {
  const widths = { job: 0, config: 0, host: 0, tags: 0 };
  for (const row of rows) {
    const own = measureRow(row);
    widths.job = Math.max(widths.job, own.job);
    widths.config = Math.max(widths.config, own.config);
    widths.host = Math.max(widths.host, own.host);
    widths.tags = Math.max(widths.tags, own.tags);
  }
  return widths;
}

const measureRow = memoize(
  ({ id, configName, hosts, tags }: JobRow): ColumnWidths => ({
    job: displayWidth(id),
    config: displayWidth(configName ?? ''),
    host: displayWidth(hosts[0] ?? '') + (hosts.length > 1 ? 3 : 0),
    tags: displayWidth(tags.join(' ')),
  }),
);

/** Blank cells between two columns. */
export const JOB_COLUMN_GAP = 2;

/**
 * The columns from left to right. When space is short, columns with a higher `priority` stay longer. A column needs
 * `minCells` to be shown and grows to `maxCells`.
 */
const COLUMNS = [
  { id: 'state', title: 'STATE', priority: 90, minCells: 11, maxCells: 11, align: 'left', sort: 'state' },
  { id: 'job', title: 'JOB', priority: 100, minCells: 12, maxCells: 44, align: 'left', sort: 'job' },
  { id: 'next', title: 'NEXT', priority: 80, minCells: 11, maxCells: 11, align: 'left', sort: 'next' },
  { id: 'at', title: 'AT', priority: 40, minCells: 9, maxCells: 9, align: 'left', sort: undefined },
  { id: 'last', title: 'LAST', priority: 70, minCells: 13, maxCells: 13, align: 'left', sort: 'last' },
  { id: 'took', title: 'TOOK', priority: 45, minCells: 6, maxCells: 7, align: 'right', sort: 'took' },
  { id: 'items', title: 'ITEMS', priority: 60, minCells: 6, maxCells: 6, align: 'right', sort: 'items' },
  { id: 'change', title: 'CHANGE', priority: 50, minCells: 6, maxCells: 6, align: 'right', sort: 'change' },
  { id: 'history', title: 'HISTORY', priority: 65, minCells: 5, maxCells: 20, align: 'right', sort: 'fails' },
  { id: 'config', title: 'CONFIG', priority: 30, minCells: 8, maxCells: 24, align: 'left', sort: 'config' },
  { id: 'host', title: 'HOST', priority: 20, minCells: 10, maxCells: 30, align: 'left', sort: 'host' },
  { id: 'tags', title: 'TAGS', priority: 35, minCells: 6, maxCells: 30, align: 'left', sort: 'tags' },
  { id: 'by', title: 'BY', priority: 10, minCells: 7, maxCells: 7, align: 'left', sort: 'changed' },
] as const;

/**
 * Columns that are hard to read at their minimum first grow to these widths. Only then are columns of a lower priority
 * added.
 */
const PREFERRED_CELLS = [
  { id: 'job', priority: 67, cells: 18 },
  { id: 'history', priority: 55, cells: 10 },
] as const;

const BY_PRIORITY = [
  ...COLUMNS.map(({ id, priority, minCells }) => ({ id, priority, cells: minCells })),
  ...PREFERRED_CELLS,
].toSorted((one, other) => other.priority - one.priority);

/**
 * The columns that fit into `width` cells, from left to right. The least important ones are left out first. Remaining
 * space widens the names of the jobs, then the history, then the others, as far as their content needs it.
 */
export function columnsFor(width: number, widths: ColumnWidths): readonly Column[] {
  const cells = new Map<ColumnId, number>();
  let room = width + JOB_COLUMN_GAP;
  const grow = (id: ColumnId, to: number) => {
    const own = cells.get(id) ?? 0;
    const more = clamp(to - own, 0, Math.max(0, room));
    cells.set(id, own + more);
    room -= more;
  };
  for (const { id, cells: requested } of BY_PRIORITY) {
    if (cells.has(id)) grow(id, Math.min(requested, maxCellsOf(id, widths)));
    else if ((id === 'tags' || id === 'host') && widths[id] === 0) continue;
    // A less important column does not fill the space of one that did not fit. Otherwise columns would appear and
    // disappear with the width.
    else if (room < requested + JOB_COLUMN_GAP && id !== 'job') break;
    else {
      cells.set(id, Math.min(requested, width));
      room -= requested + JOB_COLUMN_GAP;
    }
  }
  for (const { id } of BY_PRIORITY) if (cells.has(id)) grow(id, maxCellsOf(id, widths));
  return COLUMNS.flatMap(({ id, title: full, align, sort }) => {
    const own = cells.get(id);
    // The sort arrow also needs space behind the title.
    const title = id === 'history' && own !== undefined && own <= full.length ? 'RUNS' : full;
    return own === undefined ? [] : [{ id, title, cells: own, align, sort }];
  });
}

/** The width that a column can use, in cells. */
function maxCellsOf(id: ColumnId, widths: ColumnWidths): number {
  const maxCells = COLUMNS.find((column) => column.id === id)?.maxCells ?? 0;
  return id in widths ? Math.min(widths[id as keyof ColumnWidths], maxCells) : maxCells;
}

/** The column at this many cells from the left, including its gap. */
export function columnAt(cell: number, width: number, widths: ColumnWidths): Column | undefined {
  let end = 0;
  return columnsFor(width, widths).find((column) => {
    end += column.cells + JOB_COLUMN_GAP;
    return cell >= 0 && cell < end;
  });
}
