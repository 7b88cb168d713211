import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { formatRowValue } from '../../../core/lib/format-row-value.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { fieldOf, isFilled, toNumber } from '../../../core/runs/item-values.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { ChangedItem, Item, ItemColumn } from './model.ts';

const MIN_COLUMN_CELLS = 3;
/** Longer values are cut where the screen has no room left. */
export const MAX_COLUMN_CELLS = 40;
/** A longer text is narrowed to this where other columns need the room. */
const NARROW_TEXT_CELLS = 20;
/** A longer title does not keep its column from being narrowed. */
const MAX_TITLE_CELLS = 30;
/** No column of one field is wider. */
export const MAX_WANTED_CELLS = 200;
/** The gap between two columns, in cells: a line and a blank. */
export const ITEM_COLUMN_GAP = 2;
const NARROW_RULE = '│ ';
/** Where all columns have the room that they want. */
const WIDE_RULE = ' │ ';

/** In place of the fields of a row that is not read: an item that is too long, or a line that is none. */
export const NOT_READ = '…';

/** A value as one line; empty for a missing value. */
export function formatItemValue(value: unknown): string {
  return sanitizeText(formatRowValue(value));
}

/**
 * The columns of items: one for each field, in order of appearance. Known columns keep their place and never become
 * narrower, so that nothing jumps while the user scrolls.
 */
export function itemColumnsOf(
  items: readonly Item[],
  known: readonly ItemColumn[] = [],
): readonly ItemColumn[] {
  const columns = new Map(known.map((column) => [column.field, column]));
  let changed = false;
  for (const item of items) {
    for (const [field, value] of Object.entries(item)) {
      const before = columns.get(field);
      const title = before === undefined ? displayWidth(sanitizeText(field)) : 0;
      const needed = Math.max(title, displayWidth(formatItemValue(value)));
      const cells = Math.max(before?.cells ?? MIN_COLUMN_CELLS, Math.min(MAX_COLUMN_CELLS, needed));
      const wanted = Math.max(before?.wanted ?? cells, Math.min(MAX_WANTED_CELLS, needed));
      const align = alignWith(before, value);
      const prefix = sharedPrefix(before?.prefix, value);
      if (before?.wanted === wanted && before.align === align && before.prefix === prefix) continue;
      columns.set(field, { ...before, field, cells, wanted, align, prefix });
      changed = true;
    }
  }
  for (const [field, column] of columns) {
    if (column.hasGaps || items.every((item) => isFilled(fieldOf(item, field)))) continue;
    columns.set(field, { ...column, hasGaps: true });
    changed = true;
  }
  return changed ? [...columns.values()] : known;
}

/** ` 100 %` */
const SHARE_CELLS = 6;

/**
 * A column with room for its title. A share of 100 % gives way to the values of other columns, a lower one does not.
 * @param sign the cells of what stands between the title and the share
 */
export function withTitleRoom(column: ItemColumn, sign = 0): ItemColumn {
  const heading = displayWidth(sanitizeText(column.field)) + sign + SHARE_CELLS;
  const least = Math.min(MAX_COLUMN_CELLS, column.hasGaps ? heading : heading - SHARE_CELLS);
  const [cells, wanted] = [Math.max(column.cells, least), Math.max(column.wanted, least)];
  return { ...column, cells, wanted, heading: Math.min(MAX_COLUMN_CELLS, heading) };
}

/** A column on the screen. A long one may be narrower than its content needs. */
export interface VisibleColumn extends ItemColumn {
  readonly index: number;
}

/**
 * The columns from `first` on that fit into a width; always at least one. The widest texts are narrowed first, so that
 * short columns are whole. The room that is left goes to headings, then to texts that are cut, then to addresses. Columns
 * that are kept in sight stand before the others.
 */
export function visibleColumnsFrom(
  columns: readonly ItemColumn[],
  first: number,
  width: number,
): VisibleColumn[] {
  const shown: VisibleColumn[] = [];
  let room = width;
  const kept = keptColumns(columns, width);
  for (const [index, column] of columns.entries()) {
    if (index < first && index >= kept) continue;
    const mustShow = shown.length === 0 || (index === first && index >= kept);
    const least = Math.max(1, mustShow ? Math.min(leastCells(column), room) : leastCells(column));
    if (least > room) break;
    shown.push({ ...column, cells: least, index });
    room -= least + ITEM_COLUMN_GAP;
  }
  return grown(shown, columns, room + ITEM_COLUMN_GAP);
}

/** How many columns at the left are kept in sight: only if they leave most of the room to the others. */
function keptColumns(columns: readonly ItemColumn[], width: number): number {
  const end = columns.findIndex(({ isKept = false }) => !isKept);
  const kept = columns.slice(0, Math.max(0, end));
  return keptRoom(kept) * 2 <= width ? kept.length : 0;
}

function keptRoom(kept: readonly ItemColumn[]): number {
  return kept.reduce((sum, column) => sum + leastCells(column) + ITEM_COLUMN_GAP, 0);
}

/** What stands between two columns of a table of this width: a line, where there is room with a blank on both sides. */
export function columnRule(shown: readonly VisibleColumn[], width: number): string {
  const gaps = Math.max(0, shown.length - 1);
  const used = shown.reduce((sum, { cells }) => sum + cells, gaps * ITEM_COLUMN_GAP);
  return used + gaps <= width ? WIDE_RULE : NARROW_RULE;
}

/** The column in a cell of a row, counted from its first column. */
export function columnAt(
  shown: readonly VisibleColumn[],
  width: number,
  cell: number,
): VisibleColumn | undefined {
  const gap = columnRule(shown, width).length;
  let end = -gap;
  return shown.find(({ cells }) => {
    const start = end + gap;
    end = start + cells;
    return cell >= start && cell < end;
  });
}

/** The room that a column has at least: a long text is narrowed where others need it, but not its title and share. */
function leastCells({ field, cells, align, hasGaps = false, isFixed = false }: ItemColumn): number {
  if (align === 'right' || isFixed) return cells;
  const heading = displayWidth(sanitizeText(field)) + (hasGaps ? SHARE_CELLS : 0);
  const title = Math.min(MAX_TITLE_CELLS, heading);
  return Math.min(cells, Math.max(NARROW_TEXT_CELLS, title));
}

/** What a column would have beside its heading, in the order in which the room is given away. */
const WANTS: readonly ((column: ItemColumn) => number)[] = [
  // An address is known by its end, and often repeats another field.
  ({ cells, prefix = '' }) => (prefix === '' ? cells : 0),
  ({ wanted }) => wanted,
];

/** The columns as wide as the room allows. */
function grown(shown: readonly VisibleColumn[], all: readonly ItemColumn[], room: number): VisibleColumn[] {
  const cells = shown.map((column) => column.cells);
  let left = shareHeadings(
    cells,
    shown.map(({ heading = 0 }) => heading),
    room,
  );
  for (const want of WANTS) {
    const wanted = shown.map((column) => want(all[column.index] ?? column));
    left = shareRoom(cells, wanted, left);
  }
  return shown.map((column, at) => ({ ...column, cells: cells[at] ?? column.cells }));
}

/** Widens columns for their whole headings, those that lack least first, and returns the room that is left. */
function shareHeadings(cells: number[], headings: readonly number[], room: number): number {
  const lacking = headings
    .map((heading, at) => ({ at, lacks: heading - (cells[at] ?? 0) }))
    .filter(({ lacks }) => lacks > 0)
    .sort((one, other) => one.lacks - other.lacks);
  let left = room;
  for (const { at, lacks } of lacking) {
    // A part of a share says nothing.
    if (lacks > left) break;
    cells[at] = headings[at] ?? 0;
    left -= lacks;
  }
  return left;
}

/** Adds to the widths what is wanted, to the narrowest first, and returns the room that is left. */
function shareRoom(cells: number[], wanted: readonly number[], room: number): number {
  for (let left = room; left > 0; left -= 1) {
    const narrowest = cells.reduce<number | undefined>((best, now, at) => {
      if (now >= (wanted[at] ?? 0)) return best;
      return best === undefined || now < (cells[best] ?? 0) ? at : best;
    }, undefined);
    if (narrowest === undefined) return left;
    cells[narrowest] = (cells[narrowest] ?? 0) + 1;
  }
  return 0;
}

/** The last scroll position to the right: the smallest first column from which the last column is in sight. */
export function lastScrollColumn(columns: readonly ItemColumn[], width: number): number {
  const kept = keptColumns(columns, width);
  let room = width - keptRoom(columns.slice(0, kept));
  for (const [first, column] of [...columns.entries()].reverse()) {
    // The kept ones have their room already.
    if (first < kept) return 0;
    room -= leastCells(column) + (first === columns.length - 1 ? 0 : ITEM_COLUMN_GAP);
    if (room < 0) return Math.min(columns.length - 1, first + 1);
  }
  return 0;
}

/** The text of a cell, cut and padded to its column. Addresses are cut in front of what differs: `…/the-pocket-book`. */
export function cellText(
  value: unknown,
  {
    cells,
    align,
    prefix = '',
    wanted = 0,
  }: Pick<ItemColumn, 'cells' | 'align' | 'prefix'> & { wanted?: number },
): string {
  const text = formatItemValue(value);
  // Where one address of a column is cut, all of them are.
  const needed = text === prefix ? displayWidth(text) : Math.max(wanted, displayWidth(text));
  const isCut = prefix !== '' && needed > cells && text.startsWith(prefix);
  return fitTo(isCut ? `…${text.slice(cutBefore(text, prefix, cells))}` : text, cells, align);
}

/** Where the shown part of a long address begins: at a slash. */
function cutBefore(text: string, prefix: string, cells: number): number {
  if (text !== prefix) return prefix.length - 1;
  // The only address of its column: as much of its end as fits.
  let start = text.lastIndexOf('/', text.length - 2);
  for (let next = start; next > SCHEME_CHARACTERS && displayWidth(text.slice(next)) < cells; ) {
    start = next;
    next = text.lastIndexOf('/', next - 1);
  }
  return start;
}

/** `https:/` and one more: the slashes of a scheme are no place to cut. */
const SCHEME_CHARACTERS = 7;
const ADDRESS = /^https?:\/\/[^/]/i;

/**
 * What the addresses of a column begin with, up to a slash; the whole address while there is only one, and empty once the
 * column has another value.
 * @param known that of the values so far; `undefined` without any
 */
function sharedPrefix(known: string | undefined, value: unknown): string | undefined {
  if (known === '' || value === null || value === undefined) return known;
  if (typeof value !== 'string' || !ADDRESS.test(value)) return '';
  const text = sanitizeText(value);
  if (known === undefined || known === text) return text;
  let end = 0;
  while (end < known.length && text[end] === known[end]) end += 1;
  return text.slice(0, text.slice(0, end).lastIndexOf('/') + 1);
}

/** A row of items as one line. */
export function rowText(item: Item, columns: readonly VisibleColumn[]): string {
  return columns.map((column) => cellText(item[column.field], column)).join(' '.repeat(ITEM_COLUMN_GAP));
}

function alignWith(before: ItemColumn | undefined, value: unknown): 'left' | 'right' {
  if (value === null || value === undefined) return before?.align ?? 'right';
  return toNumber(value) !== undefined && (before === undefined || before.align === 'right')
    ? 'right'
    : 'left';
}

/** What stands between an old and a new value. */
const ARROW = ' → ';
/** What stays of a beginning that both values have. */
const SHARED_CHARACTERS = 6;

/** The text of a cell of a changed item: the value, or the old and the new value. */
export function formatChangedCell(
  { item, before }: ChangedItem,
  field: string,
): { text: string; changed: boolean } {
  if (!Object.hasOwn(before, field)) return { text: formatItemValue(item[field]), changed: false };
  return { text: oldAndNew(before[field], item[field]).join(ARROW), changed: true };
}

/** The old and the new value of a cell in its width. Long values are cut in front of what differs, then at their ends. */
export function fitChange(
  { item, before }: ChangedItem,
  { field, cells, align }: Pick<ItemColumn, 'field' | 'cells' | 'align'>,
): string {
  const [was, is] = oldAndNew(before[field], item[field]);
  const text = was + ARROW + is;
  if (displayWidth(text) <= cells) return fitTo(text, cells, align);
  const [from, to] = withoutShared(was, is);
  const room = Math.max(2, cells - displayWidth(ARROW));
  // The shorter one leaves its room to the other.
  const half = Math.floor(room / 2);
  const left = Math.min(displayWidth(from), Math.max(half, room - displayWidth(to)));
  return fitTo(truncateToWidth(from, left) + ARROW + truncateToWidth(to, room - left), cells, align);
}

function oldAndNew(before: unknown, after: unknown): [string, string] {
  return [formatItemValue(before) || '-', formatItemValue(after) || '-'];
}

/** Both texts without the words that they begin with together. */
function withoutShared(was: string, is: string): [string, string] {
  let end = 0;
  while (end < was.length && was[end] === is[end]) end += 1;
  const word = /[^\s/]*$/.exec(was.slice(0, end))?.index ?? 0;
  return word < SHARED_CHARACTERS ? [was, is] : [`…${was.slice(word)}`, `…${is.slice(word)}`];
}
