import type { ColumnDescription, DescribedColumns } from '../../../core/items/describe-columns.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { figureFormat, formatNumber } from './describe-position.ts';

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

const number = (value: 'min' | 'median' | 'mean' | 'max' | 'sum') => (column: ColumnDescription) => {
  const { unit, min, max, [value]: figure } = column;
  if (unit === undefined || min === undefined || max === undefined || figure === undefined) return '';
  return figureFormat({ unit, min, max })(figure);
};

/** From left to right, beside the name. */
const FIGURES: readonly Figure[] = [
  { title: 'type', rank: 1, align: 'left', text: ({ type }) => type },
  { title: 'filled', rank: 2, align: 'right', text: ({ filled }, rows) => formatFilled(filled, rows) },
  { title: 'empty', rank: 6, align: 'right', text: ({ filled }, rows) => formatNumber(rows - filled) },
  { title: 'distinct', rank: 3, align: 'right', text: describeDistinct },
  { title: 'lowest', rank: 4, align: 'right', text: number('min') },
  { title: 'median', rank: 5, align: 'right', text: number('median') },
  { title: 'mean', rank: 7, align: 'right', text: number('mean') },
  { title: 'highest', rank: 4, align: 'right', text: number('max') },
  { title: 'sum', rank: 8, align: 'right', text: number('sum') },
  { title: 'most frequent', rank: 9, align: 'left', text: describeTop },
];

const GAP = '  ';
const MIN_NAME_CELLS = 10;
const MAX_NAME_CELLS = 40;
/** A value is cut where it needs more. */
const MIN_TOP_CELLS = 20;
const MAX_TOP_CELLS = 60;

/** Lays the table out: each figure is as wide as it needs, and the least important ones are left out where there is no room. */
export function columnsTable({ columns, rows }: DescribedColumns, cells: number): ColumnsTable {
  const names = columns.map(({ field }) => sanitizeText(field));
  const needed = Math.max(MIN_NAME_CELLS, ...names.map(displayWidth));
  const measured = FIGURES.map((figure) => {
    const texts = columns.map((column) => figure.text(column, rows));
    return { ...figure, texts, cells: Math.max(displayWidth(figure.title), ...texts.map(displayWidth)) };
  });
  let room = cells - Math.min(MAX_NAME_CELLS, needed);
  const shown = new Map<string, number>();
  for (const { title, cells: wanted } of [...measured].sort((one, other) => one.rank - other.rank)) {
    const least = title === LAST ? Math.min(wanted, MIN_TOP_CELLS) : wanted;
    // Without names, figures say nothing: they give up some of their room first.
    const spare = room + Math.min(MAX_NAME_CELLS, needed) - MIN_NAME_CELLS;
    if (GAP.length + least > (shown.size < ALWAYS ? spare : room)) continue;
    const given = title === LAST ? Math.min(wanted, MAX_TOP_CELLS, room - GAP.length) : wanted;
    shown.set(title, given);
    room -= GAP.length + given;
  }
  const name = Math.max(MIN_NAME_CELLS, Math.min(MAX_NAME_CELLS, needed) + Math.min(0, room));
  const figures = measured.filter(({ title }) => shown.has(title));
  const line = (first: string, texts: readonly string[]) =>
    [
      fitTo(first, name),
      ...texts.map((text, at) => {
        const { title = '', align } = figures[at] ?? {};
        return fitTo(text, shown.get(title) ?? 0, align);
      }),
    ].join(GAP);
  return {
    titles: line(
      'column',
      figures.map(({ title }) => title),
    ),
    rows: names.map((title, at) =>
      line(
        title,
        figures.map(({ texts }) => texts[at] ?? ''),
      ),
    ),
    left: FIGURES.filter(({ title }) => !shown.has(title)).map(({ title }) => title),
  };
}

const LAST = 'most frequent';
/** The number of figures that are shown also where long names are then cut. */
const ALWAYS = 6;

function describeDistinct({ distinct, isCut }: ColumnDescription): string {
  return `${isCut ? '>' : ''}${formatNumber(distinct)}`;
}

/** `950 × In stock` */
function describeTop({ top }: ColumnDescription): string {
  return top === undefined ? '' : `${formatNumber(top.rows)} × ${sanitizeText(top.text)}`;
}

/** `100 %` only if every row has a value. */
function formatFilled(filled: number, rows: number): string {
  const percent = Math.floor((100 * filled) / Math.max(1, rows));
  return filled > 0 && percent === 0 ? '<1 %' : `${percent} %`;
}
