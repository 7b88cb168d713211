import type { ColumnDescription, DescribedColumns } from '../../../core/items/describe-columns.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { memoize } from '../../ui/memoize.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { figureFormat, formatNumber } from './describe-position.ts';
import { formatShare } from './missing-values.ts';

/** The table of what all columns hold, as lines of one width. */
export interface ColumnsTable {
  readonly titles: string;
  /** One for each column, in order. */
  readonly rows: readonly string[];
  /** The figures that have no room. */
  readonly left: readonly string[];
}

interface Figure {
  readonly title: string;
  /** Figures with higher numbers go first where there is no room. */
  readonly rank: number;
  readonly align: 'left' | 'right';
  readonly text: (column: ColumnDescription, rows: number) => string;
}

/** A figure of the numbers of a column, with their sign; empty where it has none. */
export const numberOf =
  (value: 'min' | 'median' | 'mean' | 'stdev' | 'max' | 'sum') => (column: ColumnDescription) => {
    const { unit, min, max, decimals = 0, [value]: figure } = column;
    if (unit === undefined || min === undefined || max === undefined || figure === undefined) return '';
    return figureFormat({ unit, min, max, decimals })(figure);
  };

/** From left to right, beside the name. */
const FIGURES: readonly Figure[] = [
  { title: 'type', rank: 1, align: 'left', text: ({ type }) => type },
  { title: 'filled', rank: 2, align: 'right', text: ({ filled }, rows) => formatShare(filled, rows) },
  { title: 'empty', rank: 6, align: 'right', text: ({ filled }, rows) => formatNumber(rows - filled) },
  { title: 'distinct', rank: 3, align: 'right', text: describeDistinct },
  { title: 'lowest', rank: 4, align: 'right', text: numberOf('min') },
  { title: 'median', rank: 5, align: 'right', text: numberOf('median') },
  { title: 'mean', rank: 7, align: 'right', text: numberOf('mean') },
  { title: 'highest', rank: 4, align: 'right', text: numberOf('max') },
  { title: 'stdev', rank: 8, align: 'right', text: numberOf('stdev') },
  { title: 'sum', rank: 9, align: 'right', text: numberOf('sum') },
  { title: 'most frequent', rank: 10, align: 'left', text: describeTop },
];

/** Between two figures, in cells: the second where the first leaves no room for all of them. */
const GAPS = [2, 1] as const;
const MIN_NAME_CELLS = 10;
const MAX_NAME_CELLS = 40;
/** The one figure that may be cut. */
const LONGEST = 'most frequent';
const MIN_LONGEST_CELLS = 20;
const MAX_LONGEST_CELLS = 60;
/** The number of figures that are shown also where long names are then cut. */
const ALWAYS = 6;

/** A figure that some column has, with its texts and the width that it needs. */
interface Measured extends Figure {
  readonly texts: readonly string[];
  readonly cells: number;
}

/** The figures that fit, and the width of the names beside them. */
interface Fitting {
  readonly gap: number;
  readonly name: number;
  readonly shown: readonly Measured[];
}

const tablesOf = memoize((_: DescribedColumns) => new Map<number, ColumnsTable>());

/** The table of a width. A thousand columns are not laid out at each key. */
export function columnsTable(described: DescribedColumns, cells: number): ColumnsTable {
  const known = tablesOf(described).get(cells);
  if (known !== undefined) return known;
  const table = layOut(described, cells);
  tablesOf(described).set(cells, table);
  return table;
}

/** Lays the table out: each figure is as wide as it needs, and the least important ones are left out where there is no room. */
function layOut({ columns, rows }: DescribedColumns, cells: number): ColumnsTable {
  const names = columns.map(({ field }) => sanitizeText(field));
  const needed = Math.min(MAX_NAME_CELLS, Math.max(MIN_NAME_CELLS, ...names.map(displayWidth)));
  const measured = FIGURES.flatMap((figure): Measured[] => {
    const texts = columns.map((column) => figure.text(column, rows));
    if (texts.every((text) => text === '')) return [];
    return [{ ...figure, texts, cells: Math.max(displayWidth(figure.title), ...texts.map(displayWidth)) }];
  });
  const [wide, narrow] = GAPS.map((gap) => fitFigures(measured, needed, cells, gap));
  const fitting = wide?.shown.length === measured.length ? wide : narrow;
  const { gap = 0, name = 0, shown = [] } = fitting ?? {};
  const line = (first: string, texts: readonly string[]) =>
    [
      fitTo(first, name),
      ...shown.map((figure, at) => fitTo(texts[at] ?? '', figure.cells, figure.align)),
    ].join(' '.repeat(gap));
  const titles = shown.map(({ title }) => title);
  return {
    titles: line('column', titles),
    rows: names.map((title, at) =>
      line(
        title,
        shown.map(({ texts }) => texts[at] ?? ''),
      ),
    ),
    left: measured.map(({ title }) => title).filter((title) => !titles.includes(title)),
  };
}

function fitFigures(measured: readonly Measured[], needed: number, cells: number, gap: number): Fitting {
  const given = new Map<string, number>();
  let room = cells - needed;
  for (const { title, cells: wanted } of [...measured].sort((one, other) => one.rank - other.rank)) {
    // Names give up some of their room for the figures that matter most.
    const spare = given.size < ALWAYS ? room + needed - MIN_NAME_CELLS : room;
    const least = title === LONGEST ? Math.min(wanted, MIN_LONGEST_CELLS) : wanted;
    if (gap + least > spare) continue;
    const most =
      title === LONGEST ? Math.max(least, Math.min(wanted, MAX_LONGEST_CELLS, room - gap)) : wanted;
    given.set(title, most);
    room -= gap + most;
  }
  const shown = measured.flatMap((figure) => {
    const width = given.get(figure.title);
    return width === undefined ? [] : [{ ...figure, cells: width }];
  });
  return { gap, name: needed + Math.min(0, room), shown };
}

function describeDistinct({ distinct, isCut }: ColumnDescription): string {
  return `${isCut ? '>' : ''}${formatNumber(distinct)}`;
}

/** `950 × In stock` */
function describeTop({ top }: ColumnDescription): string {
  return top === undefined ? '' : `${formatNumber(top.rows)} × ${sanitizeText(top.text)}`;
}
