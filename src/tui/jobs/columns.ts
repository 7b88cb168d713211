import type { JobRow } from '../home/job-row.ts';
import { remembered } from '../remembered.ts';
import { clamp } from '../state/scroll.ts';
import { cellsOf } from '../text/fit.ts';
import type { SortKey } from './sort-jobs.ts';

export type ColumnId = (typeof COLUMNS)[number]['id'];

/** A column as it is drawn: so many cells wide, with {@link GAP} cells after it. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  readonly cells: number;
  readonly align: 'left' | 'right';
  /** What a sort by this column is called. */
  readonly sort: SortKey | undefined;
}

/** The longest text of each column whose width follows what is in it, in cells. */
export interface Wants {
  readonly job: number;
  readonly config: number;
  readonly host: number;
  readonly tags: number;
}

export const NO_WANTS: Wants = { job: 0, config: 0, host: 0, tags: 0 };

/** What these jobs would need to be shown in full. */
export function wantsOf(rows: readonly JobRow[]): Wants {
  const wants = { job: 0, config: 0, host: 0, tags: 0 };
  for (const row of rows) {
    const own = rowWants(row);
    wants.job = Math.max(wants.job, own.job);
    wants.config = Math.max(wants.config, own.config);
    wants.host = Math.max(wants.host, own.host);
    wants.tags = Math.max(wants.tags, own.tags);
  }
  return wants;
}

const rowWants = remembered(
  ({ id, configName, hosts, tags }: JobRow): Wants => ({
    job: cellsOf(id),
    config: cellsOf(configName ?? ''),
    host: cellsOf(hosts[0] ?? '') + (hosts.length > 1 ? 3 : 0),
    tags: cellsOf(tags.join(' ')),
  }),
);

/** Blank cells between two columns. */
export const GAP = 2;

/**
 * The columns from left to right. `keep`: the one with the highest is the last to go when there is no room. `least` is
 * what it takes to be there at all, `most` what it grows to.
 */
const COLUMNS = [
  { id: 'state', title: 'STATE', keep: 90, least: 11, most: 11, align: 'left', sort: 'state' },
  { id: 'job', title: 'JOB', keep: 100, least: 12, most: 44, align: 'left', sort: 'job' },
  { id: 'next', title: 'NEXT', keep: 80, least: 11, most: 11, align: 'left', sort: 'next' },
  { id: 'at', title: 'AT', keep: 40, least: 9, most: 9, align: 'left', sort: undefined },
  { id: 'last', title: 'LAST', keep: 70, least: 13, most: 13, align: 'left', sort: 'last' },
  { id: 'took', title: 'TOOK', keep: 45, least: 6, most: 7, align: 'right', sort: 'took' },
  { id: 'items', title: 'ITEMS', keep: 60, least: 6, most: 6, align: 'right', sort: 'items' },
  { id: 'change', title: 'CHANGE', keep: 50, least: 6, most: 6, align: 'right', sort: 'change' },
  { id: 'history', title: 'HISTORY', keep: 65, least: 5, most: 20, align: 'right', sort: 'fails' },
  { id: 'config', title: 'CONFIG', keep: 30, least: 8, most: 24, align: 'left', sort: 'config' },
  { id: 'host', title: 'HOST', keep: 20, least: 10, most: 30, align: 'left', sort: 'host' },
  { id: 'tags', title: 'TAGS', keep: 35, least: 6, most: 30, align: 'left', sort: 'tags' },
  { id: 'by', title: 'BY', keep: 10, least: 7, most: 7, align: 'left', sort: 'changed' },
] as const;

/** How far columns that are hard to read at their least grow before there are others that matter less than `keep`. */
const FAIR = [
  { id: 'job', keep: 67, cells: 18 },
  { id: 'history', keep: 55, cells: 10 },
] as const;

const BY_WORTH = [...COLUMNS.map(({ id, keep, least }) => ({ id, keep, cells: least })), ...FAIR].toSorted(
  (one, other) => other.keep - one.keep,
);

/**
 * The columns that fit into `width` cells, from left to right. What matters least goes first; room that is left widens
 * the jobs' names, then the history, then the others, as far as there is something to show.
 */
export function columnsFor(width: number, wants: Wants): readonly Column[] {
  const cells = new Map<ColumnId, number>();
  let room = width + GAP;
  const grow = (id: ColumnId, to: number) => {
    const own = cells.get(id) ?? 0;
    const more = clamp(to - own, 0, Math.max(0, room));
    cells.set(id, own + more);
    room -= more;
  };
  for (const { id, cells: asked } of BY_WORTH) {
    if (cells.has(id)) grow(id, Math.min(asked, mostOf(id, wants)));
    else if ((id === 'tags' || id === 'host') && wants[id] === 0) continue;
    // Nothing less important comes instead of what has no room: columns would jump to and fro with the width.
    else if (room < asked + GAP && id !== 'job') break;
    else {
      cells.set(id, Math.min(asked, width));
      room -= asked + GAP;
    }
  }
  for (const { id } of BY_WORTH) if (cells.has(id)) grow(id, mostOf(id, wants));
  return COLUMNS.flatMap(({ id, title: full, align, sort }) => {
    const own = cells.get(id);
    // The sign of the order stands behind it, too.
    const title = id === 'history' && own !== undefined && own <= full.length ? 'RUNS' : full;
    return own === undefined ? [] : [{ id, title, cells: own, align, sort }];
  });
}

/** What a column has use for. */
function mostOf(id: ColumnId, wants: Wants): number {
  const most = COLUMNS.find((column) => column.id === id)?.most ?? 0;
  return id in wants ? Math.min(wants[id as keyof Wants], most) : most;
}

/** The column at so many cells from the left, its gap included. */
export function columnAt(cell: number, width: number, wants: Wants): Column | undefined {
  let end = 0;
  return columnsFor(width, wants).find((column) => {
    end += column.cells + GAP;
    return cell >= 0 && cell < end;
  });
}
