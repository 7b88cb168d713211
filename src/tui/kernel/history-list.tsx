import { displayWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import {
  boxColumns,
  centerRect,
  Overlay,
  type OverlayLine,
  spokenLine,
  textLine,
} from '../ui/components/overlay.tsx';
import { Spans, useTheme } from '../ui/components/text.tsx';
import { CLOCK_TIME_CELLS, formatClockTime } from '../ui/format.ts';
import { type Input, keyOf } from '../ui/input.ts';
import type { Rect } from '../ui/layout.ts';
import { clamp, indexAfter, listMove, overlayRows, scrollIntoView } from '../ui/scroll.ts';
import type { TextSpan } from '../ui/styled-row.ts';
import { fitTo, wrapText } from '../ui/text/fit.ts';
import type { DialogOf, State, Step } from './model.ts';
import { closeDialog, step } from './step.ts';

type ListDialog =
  | DialogOf<'journal'>
  | DialogOf<'activity'>
  | DialogOf<'messages'>
  | DialogOf<'homes'>
  | DialogOf<'compared_run'>;

/** Handles the input of a list over the view: Esc and q close it, Enter closes it and takes the selected row. */
export function inputToList<T>(
  state: State,
  dialog: ListDialog,
  input: Input,
  { rows, take }: { rows: readonly T[]; take: (closed: State, row: T) => Step },
): Step {
  const key = keyOf(input);
  if (key === 'escape' || key === 'q') return closeDialog(state);
  const move = listMove(input);
  if (move !== undefined) {
    const index = indexAfter(dialog.index, move, rows.length);
    return step({ ...state, dialog: { ...dialog, index } });
  }
  const row = rows[dialog.index];
  if (key !== 'enter' || row === undefined) return step(state);
  return take(closeDialog(state).state, row);
}

const TIME_CELLS = CLOCK_TIME_CELLS + 1;
const MAX_HEAD_LINES = 3;
/** From this width of the screen on, a list is as wide as its rows need. */
const WIDE_FROM = 150;
const FRAME_CELLS = 4;
/** More than any row needs. */
const UNLIMITED_CELLS = 1000;

/** A list of past changes or activity, as far as its place depends on it. */
export interface HistoryContent<T> {
  title: string;
  /** The text above the list. Of an empty list, it says what the list is for, in as many lines as it takes. */
  head: string;
  /** The texts above the list for each of its rows, if they differ: the longest one decides how many lines they have. */
  heads?: readonly string[];
  /** Newest first; `at` in epoch ms. */
  rows: readonly T[];
  /** The index of the selected row. */
  index: number;
  /** The width in columns, if there is space. */
  columns: number;
  /** What the longest row needs behind its time, in cells: on a wide screen the list is as wide as that. */
  widest: number;
  /** The texts after the time of each visible row, in at most `cells` cells. */
  spansOf(shown: readonly T[], cells: number): (row: T) => readonly TextSpan[];
}

/** The place of the list, below `headTexts`. */
export function historyBox<T>(
  state: State,
  { head, heads = [], rows, index, columns: usual, widest }: HistoryContent<T>,
  body: Rect,
) {
  const needed = Math.max(TIME_CELLS + widest, ...heads.map((text) => displayWidth(sanitizeText(text))));
  const columns = body.columns < WIDE_FROM ? usual : Math.max(usual, needed + FRAME_CELLS);
  const inner = Math.max(1, boxColumns(body, columns) - FRAME_CELLS);
  const headTexts = rows.length === 0 ? wrapText(head, inner) : headLinesOf(head, heads, inner);
  const most = Math.max(1, overlayRows(state) + 1 - headTexts.length);
  // The sentences of a screen reader take more than a row each.
  const height = state.linear ? most : clamp(rows.length, 1, most);
  const rect = centerRect(body, columns, (rows.length === 0 ? 0 : height) + headTexts.length + 2);
  const top = scrollIntoView(index, 0, height, rows.length);
  return { rect, inner, headTexts, above: headTexts.length, top, height, count: rows.length };
}

/** A list over the view: past changes or activity with their times, one row selected. */
export function HistoryList<T extends { at: number }>({
  state,
  body,
  content,
}: {
  state: State;
  body: Rect;
  content: HistoryContent<T>;
}) {
  const { screenReader, sign } = useTheme();
  const { title, rows, index, spansOf } = content;
  const { rect, inner, headTexts, top, height } = historyBox(state, content, body);
  const shown = rows.slice(top, top + height);
  const spans = spansOf(shown, inner - TIME_CELLS);
  const lines = shown.map((row, at): OverlayLine => {
    const time = fitTo(formatClockTime(row.at, state.now, state.timezone), TIME_CELLS);
    const all = [{ text: time, style: 'faint' } as const, ...spans(row)];
    return {
      key: `${top + at}`,
      cells: inner,
      content: <Spans row={{ spans: all, selected: top + at === index }} />,
    };
  });
  const sentences = shown.map((row, at) => {
    const time = formatClockTime(row.at, state.now, state.timezone);
    const parts = [time, ...spansOf([row], UNLIMITED_CELLS)(row).map(({ text }) => text.trim())];
    return `${top + at === index ? sign('pointer') : ''}${parts.filter((part) => part !== '').join(', ')}`;
  });
  const isSpoken = screenReader && rows.length > 0;
  const listLines = isSpoken ? [spokenLine(sentences, index - top, inner, height)] : lines;
  const headLines = headTexts.map((text, at) => textLine(`head ${at}`, text, 'faint', inner));
  const scroll = { top, height, count: rows.length, index };
  return <Overlay rect={rect} title={title} lines={[...headLines, ...listLines]} scroll={scroll} />;
}

/** The lines of one head, as many as the longest head takes: the list stays where it is while one moves in it. */
function headLinesOf(head: string, heads: readonly string[], inner: number): string[] {
  const most = Math.max(1, ...heads.map((each) => wrapText(each, inner).length));
  const lines = wrapText(head, inner);
  const count = Math.min(MAX_HEAD_LINES, most);
  const shown = [...lines.slice(0, count - 1), lines.slice(count - 1).join(' ')];
  return Array.from({ length: count }, (_, at) => shown[at] ?? '');
}
