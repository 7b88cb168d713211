import { displayWidth, truncateToWidth } from '../../core/lib/display-width.ts';
import type { Action } from '../kernel/action.ts';
import { Text, useTheme } from '../ui/components/text.tsx';
import type { TextSpan } from '../ui/styled-row.ts';
import { fitTo } from '../ui/text/fit.ts';
import { abbreviationRanges, foundRanges, matchedSynonym } from '../ui/text/match-text.ts';
import type { StyleName } from '../ui/theme.ts';

/** An action in the palette. */
export interface PaletteRow {
  readonly action: Action;
  /** The key that works here; empty if there is none. */
  readonly key: string;
  /** Why it is not available now. */
  readonly reason: string | undefined;
}

const KEY_CELLS = 12;
/** The sign of the selected row, and a blank. */
const SIGN_CELLS = 2;
/** The part of an action's title that always stays visible. */
const MIN_TITLE_CELLS = 20;
const GAP = 2;

interface PaletteLineProps {
  row: PaletteRow;
  query: string;
  /** Other words by which the action is found: the one that matches stands behind the title. */
  synonyms: readonly string[];
  columns: number;
  selected: boolean;
}

/**
 * A row of the palette: the title, in which the words of the query are marked, and the key. An action that cannot be
 * done now is grey, and its reason stands before the key; the selected row has its highlight in either case.
 */
export function PaletteLine({ row, query, synonyms, columns, selected }: PaletteLineProps) {
  const { sign } = useTheme();
  const { action, key, reason } = row;
  const over = selected ? 'selected' : undefined;
  const room = columns - KEY_CELLS - SIGN_CELLS;
  const style = reason === undefined ? 'plain' : 'faint';
  const spans = titleSpans(action.title, query, synonyms, style, titleRoom(reason, room));
  const left = room - spans.reduce((cells, { text }) => cells + displayWidth(text), 0);
  const why = reasonSpan(reason, left, selected);
  return (
    <>
      <Text style="pointer" over={over}>{`${selected ? sign('pointer') : ' '} `}</Text>
      {[...spans, why, { text: fitTo(key, KEY_CELLS, 'right'), style: 'faint' as const }].map(
        ({ text, style }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
          <Text key={at} style={style} over={over}>
            {text}
          </Text>
        ),
      )}
    </>
  );
}

/** The cells of a row whose title and reason are whole. */
export function paletteLineCells(title: string, reason: string | undefined): number {
  const why = reason === undefined ? 0 : GAP + displayWidth(reason);
  return SIGN_CELLS + displayWidth(title) + why + KEY_CELLS;
}

/** The cells for a title beside the reason why it is not available, which takes precedence over the end of the title. */
export function titleRoom(reason: string | undefined, room: number): number {
  return reason === undefined ? room : Math.max(MIN_TITLE_CELLS, room - displayWidth(reason) - GAP);
}

/** The reason at the right of the `left` cells behind a title; blanks if there is none. */
export function reasonSpan(reason: string | undefined, left: number, selected: boolean): TextSpan {
  if (reason === undefined) return { text: ' '.repeat(left), style: 'faint' };
  // In the highlight nothing is grey, so the reason is the warning.
  const style = selected ? 'warning' : 'faint';
  return { text: ' '.repeat(GAP) + fitTo(reason, left - GAP, 'right'), style };
}

/** The title in at most `cells`, and the synonym that was found, if there is room. */
function titleSpans(
  title: string,
  query: string,
  synonyms: readonly string[],
  style: StyleName,
  cells: number,
): readonly TextSpan[] {
  const shown = truncateToWidth(title, cells);
  const synonym = matchedSynonym(query, title, synonyms);
  const inTitle = foundRanges(query, title);
  const found = inTitle.length > 0 || synonym !== undefined ? inTitle : abbreviationRanges(query, title);
  // Of a title that is cut, only what is shown.
  const visible = found.filter(([from, to]) => shown.slice(from, to) === title.slice(from, to));
  const spans = markedSpans(shown, visible, style);
  if (synonym === undefined || displayWidth(`${shown} (${synonym})`) > cells) return spans;
  return [
    ...spans,
    { text: ' (', style: 'faint' },
    ...markedSpans(synonym, foundRanges(query, synonym), 'faint'),
    { text: ')', style: 'faint' },
  ];
}

function markedSpans(
  text: string,
  ranges: readonly (readonly [number, number])[],
  style: StyleName,
): readonly TextSpan[] {
  let end = 0;
  const spans = ranges.flatMap(([from, to]): TextSpan[] => {
    const before = { text: text.slice(end, from), style };
    end = to;
    return [before, { text: text.slice(from, to), style: 'found' }];
  });
  return [...spans, { text: text.slice(end), style }].filter((span) => span.text !== '');
}
