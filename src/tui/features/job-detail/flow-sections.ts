import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { BLANK, rowCells, type StyledRow, type StyledSpan } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DetailParts } from './model.ts';

/** From this width on, two columns can stand side by side. */
const TWO_COLUMNS_FROM = 100;
const GAP = 3;
/** The shares of the width that are tried for the left column. */
const LEFT_SHARES = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65];

type Sections = readonly (readonly StyledRow[])[];
interface Flow extends Pick<DetailParts, 'columns' | 'dense' | 'height' | 'now'> {
  /** The first section of the right column, wherever the rows fit so. */
  readonly split?: number;
}

/**
 * Places sections one below the other, in their order. A wide pane has two columns, divided at `split`, so that a section
 * has the same place whatever the others hold. Where rows would be hidden so, the columns are divided where most rows are
 * shown. Two columns cut no text that a single one shows in full.
 * @param sectionsAt the rows of all sections in a width; those without content have none
 */
export function flowSections(
  sectionsAt: (columns: number) => Sections,
  { columns, dense, height, now, split }: Flow,
): readonly StyledRow[] {
  const all = sectionsAt(columns);
  const single = stacked(all, dense);
  if (height === undefined || columns < TWO_COLUMNS_FROM) return single;
  const cut = countCut(single, now);
  const divided =
    split === undefined ? undefined : dividedAt(split, sectionsAt, { columns, dense, height, now, cut });
  if (divided !== undefined) return divided;
  if (single.length <= height) return single;
  let best = { rows: single, hidden: single.length - height };
  for (const isDense of dense ? [true] : [false, true]) {
    for (const share of LEFT_SHARES) {
      const width = Math.floor((columns - GAP) * share);
      const [left, right] = [sectionsAt(width), sectionsAt(columns - GAP - width)];
      for (let count = 1; count < all.length; count += 1) {
        const [one, other] = [stacked(left.slice(0, count), isDense), stacked(right.slice(count), isDense)];
        const hidden = Math.max(0, Math.max(one.length, other.length) - height);
        if (hidden >= best.hidden || countCut(one, now) + countCut(other, now) > cut) continue;
        best = { rows: beside(one, other, width), hidden };
        if (hidden === 0) return best.rows;
      }
    }
  }
  const half = Math.floor((columns - GAP) / 2);
  const rows = stacked(sectionsAt(half), true);
  // A section that is too long for its column goes on in the other one.
  const at = splitAt(rows, height);
  return Math.max(at, rows.length - at) - height < best.hidden && countCut(rows, now) <= cut
    ? beside(rows.slice(0, at), rows.slice(at), half)
    : best.rows;
}

/** The sections in two columns, the second from `split` on; `undefined` where rows would be hidden or texts cut. */
function dividedAt(
  split: number,
  sectionsAt: (columns: number) => Sections,
  { columns, dense, height, now, cut }: Flow & { height: number; cut: number },
): readonly StyledRow[] | undefined {
  for (const share of LEFT_SHARES) {
    const width = Math.floor((columns - GAP) * share);
    const left = sectionsAt(width).slice(0, split);
    const right = sectionsAt(columns - GAP - width).slice(split);
    for (const isDense of dense ? [true] : [false, true]) {
      const [one, other] = [stacked(left, isDense), stacked(right, isDense)];
      if (one.length === 0 || other.length === 0 || Math.max(one.length, other.length) > height) continue;
      if (countCut(one, now) + countCut(other, now) <= cut) return beside(one, other, width);
    }
  }
  return undefined;
}

/**
 * Where the second column begins: the rows are halved where both columns have more than is in sight. A text of several
 * rows is not divided.
 */
function splitAt(rows: readonly StyledRow[], height: number): number {
  const half = Math.max(height, Math.ceil(rows.length / 2));
  let at = half;
  while (at > 1 && rows[at]?.isRest) at -= 1;
  return half - at < height ? at : half;
}

function stacked(sections: Sections, dense: boolean): readonly StyledRow[] {
  return sections
    .filter((rows) => rows.length > 0)
    .flatMap((rows, at) => (at === 0 || dense ? rows : [BLANK, ...rows]));
}

/** How many rows end where their text does not, now or until they are drawn again. */
function countCut(rows: readonly StyledRow[], now: number): number {
  const isCut = ({ text }: StyledSpan) =>
    typeof text === 'string'
      ? text.endsWith('…')
      : text(now).endsWith('…') || text(now + MINUTE_MS).endsWith('…');
  return rows.filter(({ spans }) => spans.some(isCut)).length;
}

function beside(
  left: readonly StyledRow[],
  right: readonly StyledRow[],
  width: number,
): readonly StyledRow[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => {
    const [one = BLANK, other = BLANK] = [left[at], right[at]];
    return other.spans.length === 0 ? one : { spans: [...padded(one, width + GAP), ...other.spans] };
  });
}

/** The parts of a row, as wide as given. A text that changes with the time, its last part, is filled up as it changes. */
function padded(row: StyledRow, cells: number): StyledSpan[] {
  const known = rowCells(row);
  const last = row.spans.at(-1);
  if (last !== undefined && typeof last.text === 'function') {
    const { text, style } = last;
    return [...row.spans.slice(0, -1), { style, text: (now: number) => fitTo(text(now), cells - known) }];
  }
  return [...row.spans, { text: ' '.repeat(Math.max(0, cells - known)), style: 'plain' }];
}
