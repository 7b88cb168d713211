import { displayWidth } from '../../../core/lib/display-width.ts';
import { isRecord } from '../../../core/lib/json.ts';
import type { JobRow } from '../../home/job-row.ts';
import {
  type ColumnArrangement,
  inChosenOrder,
  MAX_CHOSEN_CELLS,
  MIN_CHOSEN_CELLS,
  NOT_ARRANGED,
} from '../../ui/column-arrangement.ts';
import { CLOCK_TIME_CELLS, formatClockTime } from '../../ui/format.ts';
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

/** What the columns have to show of these jobs at an instant (epoch ms). */
export function measureColumns(
  rows: readonly JobRow[],
  { now, timezone }: { now: number; timezone: string },
): ColumnWidths {
  const widths = { job: 0, at: measureTimes(rows, now, timezone), config: 0, host: 0, tags: 0, history: 0 };
  const empty = new Set(MAYBE_EMPTY);
  for (const row of rows) {
    const own = measureRow(row);
    widths.job = Math.max(widths.job, own.job);
    widths.config = Math.max(widths.config, own.config);
    widths.host = Math.max(widths.host, own.host);
    widths.tags = Math.max(widths.tags, own.tags);
    widths.history = Math.max(widths.history, own.history);
    for (const id of empty) if (!IS_BLANK[id](row)) empty.delete(id);
  }
  return { ...widths, empty: rows.length === 0 ? new Set() : empty };
}

/** The cells of the next runs: `09:00` while all are today, which they then stay; else `24 Dec 09:00`. */
function measureTimes(rows: readonly JobRow[], now: number, timezone: string): number {
  let [first, last] = [now, now];
  // Only the ends are formatted, because there may be ten thousand jobs.
  for (const { nextRun } of rows) {
    if (nextRun === null) continue;
    first = Math.min(first, nextRun);
    last = Math.max(last, nextRun);
  }
  const areToday = [first, last].every((at) => formatClockTime(at, now, timezone).length === CLOCK_CELLS);
  return areToday ? CLOCK_CELLS : CLOCK_TIME_CELLS;
}

const CLOCK_CELLS = '09:00'.length;

const VARIABLE = ['job', 'at', 'config', 'host', 'tags', 'history'] as const;

const measureRow = memoize(
  ({
    id,
    configName,
    hosts,
    tags,
    history,
    callbackFailure,
  }: JobRow): Omit<ColumnWidths, 'empty' | 'at'> => ({
    // The sign of a failed alert stands before the name.
    job: displayWidth(id) + (callbackFailure === null ? 0 : 2),
    config: displayWidth(configName ?? ''),
    host: displayWidth(hosts[0] ?? '') + (hosts.length > 1 ? 3 : 0),
    tags: displayWidth(tags.join(' ')),
    history: history.length,
  }),
);

/** Whether a job has nothing to show in a column. */
const IS_BLANK = {
  next: ({ nextRun, active }: JobRow) => nextRun === null && active.length === 0,
  at: ({ nextRun }: JobRow) => nextRun === null,
  last: ({ last }: JobRow) => last === null,
  took: ({ last, active }: JobRow) => active.length === 0 && (last?.durationMs ?? null) === null,
  items: ({ last, active }: JobRow) => active.length === 0 && last === null,
  change: ({ itemChange }: JobRow) => itemChange === null,
  history: ({ history }: JobRow) => history.length === 0,
} as const;

const MAYBE_EMPTY = Object.keys(IS_BLANK) as (keyof typeof IS_BLANK)[];

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
  {
    id: 'at',
    title: 'AT',
    priority: 40,
    minCells: CLOCK_CELLS,
    maxCells: CLOCK_TIME_CELLS,
    align: 'left',
    sort: undefined,
  },
  { id: 'last', title: 'LAST', priority: 70, minCells: 13, maxCells: 13, align: 'left', sort: 'last' },
  { id: 'took', title: 'TOOK', priority: 45, minCells: 7, maxCells: 7, align: 'right', sort: 'took' },
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
  { id: 'history', priority: 55, cells: 8 },
  { id: 'job', priority: 42, cells: 44 },
  { id: 'history', priority: 41, cells: 12 },
  { id: 'tags', priority: 34, cells: 30 },
  { id: 'config', priority: 29, cells: 24 },
  { id: 'host', priority: 19, cells: 30 },
] as const;

const BY_PRIORITY = [
  ...COLUMNS.map(({ id, priority, minCells }) => ({ id, priority, cells: minCells })),
  ...PREFERRED_CELLS,
].toSorted((one, other) => other.priority - one.priority);

/**
 * The columns that fit into `width` cells, from left to right as the user arranged them. The least important ones are
 * left out first. Remaining space widens the names of the jobs, then the other texts, then the history, as far as their
 * content needs it. Columns that are blank in every row stand there only where everything else is shown in full.
 */
export function columnsFor(
  width: number,
  widths: ColumnWidths,
  arrangement: ColumnArrangement = NOT_ARRANGED,
): readonly Column[] {
  const wanted = wantedColumns(widths, arrangement);
  const cells = fitColumns(width, widths, arrangement, wanted);
  const isShort = [...wanted].some((id) => (cells.get(id) ?? 0) < usableCells(id, widths, arrangement));
  const fitted =
    isShort && widths.empty.size > 0
      ? fitColumns(width, widths, arrangement, new Set([...wanted].filter((id) => !widths.empty.has(id))))
      : cells;
  return inChosenOrder(COLUMNS, ({ id }) => id, arrangement).flatMap(({ id, title: full, align, sort }) => {
    const own = fitted.get(id);
    // The sort arrow also needs space behind the title.
    const title = id === 'history' && own !== undefined && own <= full.length ? 'RUNS' : full;
    return own === undefined ? [] : [{ id, title, cells: own, align, sort }];
  });
}

/** The columns that are not hidden and have something to show. The names of the jobs always stay. */
function wantedColumns(widths: ColumnWidths, { hidden }: ColumnArrangement): ReadonlySet<ColumnId> {
  const isWanted = (id: ColumnId) => {
    if (id === 'job') return true;
    return !hidden.includes(id) && !((id === 'tags' || id === 'host') && widths[id] === 0);
  };
  return new Set(COLUMNS.map(({ id }) => id).filter(isWanted));
}

/** The cells of the wanted columns that fit. */
function fitColumns(
  width: number,
  widths: ColumnWidths,
  arrangement: ColumnArrangement,
  wanted: ReadonlySet<ColumnId>,
): ReadonlyMap<ColumnId, number> {
  const cells = new Map<ColumnId, number>();
  let room = width + JOB_COLUMN_GAP;
  let isFull = false;
  const grow = (id: ColumnId, to: number) => {
    const own = cells.get(id) ?? 0;
    const more = clamp(to - own, 0, Math.max(0, room));
    cells.set(id, own + more);
    room -= more;
  };
  for (const { id, cells: usual } of BY_PRIORITY) {
    // Times are never cut.
    const requested = arrangement.widths[id] ?? (id === 'at' ? widths.at : usual);
    if (!wanted.has(id)) continue;
    if (cells.has(id)) grow(id, Math.min(requested, usableCells(id, widths, arrangement)));
    // A less important column does not fill the space of one that did not fit. Otherwise columns would appear and
    // disappear with the width.
    else if (room < requested + JOB_COLUMN_GAP && id !== 'job') {
      isFull = true;
      break;
    } else {
      cells.set(id, Math.min(requested, width));
      room -= requested + JOB_COLUMN_GAP;
    }
  }
  // Texts come before bars: a cut name says less than a few runs fewer.
  const texts = BY_PRIORITY.map(({ id }) => id).filter((id) => id !== 'history');
  for (const id of texts) if (cells.has(id)) grow(id, usableCells(id, widths, arrangement));
  // The bars would be fewer again on a wider screen, which has room for the next column.
  if (!isFull && cells.has('history')) grow('history', usableCells('history', widths, arrangement));
  return cells;
}

/** The width that a column can use, in cells: the one that the user chose, or what its content needs. */
function usableCells(id: ColumnId, widths: ColumnWidths, { widths: chosen }: ColumnArrangement): number {
  const maxCells = COLUMNS.find((column) => column.id === id)?.maxCells ?? 0;
  const needed = VARIABLE.find((variable) => variable === id);
  return chosen[id] ?? (needed === undefined ? maxCells : Math.min(widths[needed], maxCells));
}

/** The column at this many cells from the left, including its gap. */
export function columnAt(cell: number, columns: readonly Column[]): Column | undefined {
  let end = 0;
  return columns.find((column) => {
    end += column.cells + JOB_COLUMN_GAP;
    return cell >= 0 && cell < end;
  });
}

/** A saved arrangement, without columns and widths that do not exist; `undefined` for anything else. */
export function toJobColumns(saved: unknown): ColumnArrangement | undefined {
  if (!isRecord(saved)) return undefined;
  const { hidden, order, widths } = saved;
  const idsOf = (value: unknown) => (Array.isArray(value) ? value.filter(isColumn) : []);
  const isWidth = ([id, cells]: [string, unknown]) =>
    isColumn(id) &&
    Number.isInteger(cells) &&
    Number(cells) >= MIN_CHOSEN_CELLS &&
    Number(cells) <= MAX_CHOSEN_CELLS;
  return {
    hidden: idsOf(hidden).filter((id) => id !== 'job'),
    order: idsOf(order),
    widths: Object.fromEntries(Object.entries(isRecord(widths) ? widths : {}).filter(isWidth)) as Record<
      string,
      number
    >,
  };
}

function isColumn(id: unknown): id is ColumnId {
  return COLUMNS.some((column) => column.id === id);
}

/** The names of all columns that are not hidden, as the user arranged them. */
export function orderedColumns(arrangement: ColumnArrangement): readonly ColumnId[] {
  return inChosenOrder(COLUMNS, ({ id }) => id, arrangement).map(({ id }) => id);
}
