import { displayWidth, truncateToWidth } from '../../core/lib/display-width.ts';
import {
  CHOOSE,
  CLOSE,
  type DialogProps,
  type DialogRules,
  type FooterPart,
} from '../features/define-feature.ts';
import { performAction } from '../kernel/action.ts';
import type { DialogOf, State, Step } from '../kernel/model.ts';
import { NOT_AVAILABLE, withNotice } from '../kernel/notices.ts';
import { closeDialog, step } from '../kernel/step.ts';
import {
  centerRect,
  Overlay,
  type OverlayLine,
  queryLine,
  spokenLine,
  textLine,
} from '../ui/components/overlay.tsx';
import { Text, useTheme } from '../ui/components/text.tsx';
import { keyOf, type MouseInput } from '../ui/input.ts';
import { computeLayout, type Rect } from '../ui/layout.ts';
import { listMove, listMoveInField, scrollIntoView } from '../ui/scroll.ts';
import { screenReaderText } from '../ui/text/ascii.ts';
import { fitTo, wrapText } from '../ui/text/fit.ts';
import { inputToActionList } from './action-list.ts';
import { programTitle } from './header.ts';
import { type HelpLine, type HelpRow, helpLines, helpRows, KEY_CELLS } from './help-rows.ts';
import { reasonSpan, titleRoom } from './palette-line.tsx';

export const helpRules: DialogRules<'help'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    const isFinding = isFindingIn(dialog);
    if (key === '?' && !isFinding) return closeDialog(state);
    if (key === '/' && !isFinding) return step({ ...state, dialog: { ...dialog, isFinding: true } });
    const side = isFinding ? -1 : SIDES.indexOf(key);
    if (side >= 0) return step(toOtherColumn(state, dialog, side));
    return inputToActionList(state, dialog, input, {
      rows: helpLines(state, dialog.query.text),
      run: (line) => runLine(state, line),
      moveOf: isFinding ? listMoveInField : listMove,
    });
  },
  rowAt: lineAt,
};

/** Whether letters are text to find; otherwise `j`, `k` and other keys of lists move. */
function isFindingIn({ query, isFinding }: DialogOf<'help'>): boolean {
  return isFinding === true || query.text !== '';
}

/** What cannot be run from here, though it can be done: a sentence; `undefined` for all else. */
function whyNotFromHere({ keys, chosen }: HelpLine): string | undefined {
  if (chosen?.group === 'Move') return `This moves in the view below: Esc closes the help, then ${keys}.`;
  return chosen?.id === 'help.open' ? 'This is the help: Esc closes it.' : undefined;
}

/** Closes the help and runs the line's action in the view; if that cannot be, says why and stays. */
function runLine(state: State, line: HelpLine): Step {
  const { chosen } = line;
  const refused = whyNotFromHere(line);
  if (refused !== undefined) return step(withNotice(state, 'info', refused, NOT_AVAILABLE));
  if (chosen === undefined) return step(state);
  const isAvailable = line.kind === 'note' || line.reason === undefined;
  return performAction(isAvailable ? closeDialog(state).state : state, chosen);
}

/** The keys in the footer: Enter only where it runs something, with the name of the action if the line has several. */
export function helpKeys(state: State, dialog: DialogOf<'help'>): readonly FooterPart[] {
  const line = helpLines(state, dialog.query.text)[dialog.index];
  const isRun =
    line?.chosen !== undefined &&
    whyNotFromHere(line) === undefined &&
    (line.kind === 'note' || line.reason === undefined);
  return [
    ...(isRun ? [{ key: 'Enter', word: whatRuns(line) }] : []),
    CHOOSE,
    ...(isFindingIn(dialog) ? [] : [{ key: '/', word: 'find' }]),
    CLOSE,
  ];
}

function whatRuns(line: HelpLine): string {
  if (line.kind === 'note' || line.actions.length === 1) return 'run';
  const [title = ''] = line.chosen.title.split(/[:;(]/);
  return `run: ${truncateToWidth(title.charAt(0).toLowerCase() + title.slice(1).trim(), MAX_RUN_CELLS)}`;
}

/** The other keys of the footer stay beside it. */
const MAX_RUN_CELLS = 40;

/** Wide enough for the longest titles beside their keys. */
const MAX_COLUMNS = 112;
/** From this width on, there are two columns. */
const TWO_FROM = 116;
const MAX_TWO_COLUMNS = 180;
const GAP = 2;
/** The frame and the line of what is searched for. */
const ROWS_ABOVE = 2;

/** A row of the screen: a line of the help that has no room beside its keys goes on below. */
interface ShownRow {
  readonly row: HelpRow;
  /** Which line it belongs to, not counting the names of groups; of such a name, that of the line below it. */
  readonly line: number;
  readonly text: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** What is in sight of the help, and where. */
interface HelpPage {
  readonly rect: Rect;
  /** The width of a row in cells. */
  readonly cells: number;
  readonly inTwo: boolean;
  readonly height: number;
  readonly lines: readonly HelpRow[];
  /** All rows, the first one that is selected, and those in sight: `left` of them in the first column. */
  readonly rows: readonly ShownRow[];
  readonly selected: number;
  readonly top: number;
  readonly shown: readonly ShownRow[];
  readonly left: number;
}

function helpPage(state: State, dialog: DialogOf<'help'>, body: Rect): HelpPage {
  const lines = helpRows(state, dialog.query.text);
  const height = Math.max(1, body.rows - ROWS_ABOVE - 1);
  const inTwo = body.columns >= TWO_FROM && !state.linear && lines.length > height;
  const rect = centerRect(body, inTwo ? MAX_TWO_COLUMNS : MAX_COLUMNS, body.rows);
  const inner = rect.columns - 4;
  const cells = inTwo ? Math.floor((inner - GAP) / 2) : inner;
  const fits = (rows: readonly ShownRow[]) =>
    inTwo ? leftRows(rows, height) + height >= rows.length : rows.length <= height;
  const whole = shownRows(lines, cells - KEY_CELLS, wrapText);
  const rows = state.linear || fits(whole) ? whole : shownRows(lines, cells - KEY_CELLS, shortLines);
  const index = Math.min(dialog.index, rows.at(-1)?.line ?? 0);
  const selected = Math.max(
    0,
    rows.findIndex(({ row, line }) => row.kind !== 'group' && line === index),
  );
  const room = fits(rows) ? rows.length : inTwo ? 2 * height - MAX_ROWS_EARLY : height;
  const top = scrollIntoView(selected, 0, room, rows.length);
  const page = withoutLastHeading(rows.slice(top, top + (inTwo ? 2 * height : height)));
  const left = inTwo ? leftRows(page, height) : page.length;
  const shown = inTwo ? page.slice(0, left + height) : page;
  return { rect, cells, inTwo, height, lines, rows, selected, top, shown, left };
}

/** How many rows early the left column may end, before the name of a group and the rows of a line. */
const MAX_ROWS_EARLY = 3;

/** @param linesOf the lines of a title in at most `room` cells */
function shownRows(
  rows: readonly HelpRow[],
  room: number,
  linesOf: (title: string, room: number) => readonly string[],
): readonly ShownRow[] {
  let line = -1;
  return rows.flatMap((row): ShownRow[] => {
    if (row.kind === 'group') return [{ row, line: line + 1, text: row.group, isFirst: true, isLast: true }];
    line += 1;
    const of = line;
    const parts = linesOf(row.kind === 'note' ? row.text : row.title, Math.max(1, room));
    return parts.map((text, at) => ({
      row,
      line: of,
      text,
      isFirst: at === 0,
      isLast: at === parts.length - 1,
    }));
  });
}

function pageOf(state: State, dialog: DialogOf<'help'>): HelpPage {
  return helpPage(state, dialog, computeLayout(state, { hasSide: false, pane: 'main' }).body);
}

/** The line in a cell of the screen. */
function lineAt(
  state: State,
  dialog: DialogOf<'help'>,
  { column, row }: MouseInput,
  body: Rect,
): number | undefined {
  const { rect, cells, inTwo, shown, left } = helpPage(state, dialog, body);
  const line = row - rect.row - ROWS_ABOVE;
  const x = column - rect.column - 2;
  if (line < 0 || x < 0 || x >= rect.columns - 4) return undefined;
  const isRight = inTwo && x >= cells + GAP;
  const at = isRight ? left + line : line;
  const clicked = at < (isRight ? shown.length : left) ? shown[at] : undefined;
  return clicked === undefined || clicked.row.kind === 'group' ? undefined : clicked.line;
}

const SIDES: readonly string[] = ['left', 'right'];

/** Where the help has two columns, the line beside the selected one is. */
function toOtherColumn(state: State, dialog: DialogOf<'help'>, side: number): State {
  const { inTwo, selected, top, shown, left } = pageOf(state, dialog);
  const at = selected - top;
  if (!inTwo || (at < left ? 0 : 1) === side) return state;
  const beside = side === 1 ? Math.min(at + left, shown.length - 1) : Math.min(at - left, left - 1);
  return { ...state, dialog: { ...dialog, index: shown[beside]?.line ?? dialog.index } };
}

export function HelpDialog({ state, dialog, body }: DialogProps<'help'>) {
  const { screenReader, sign } = useTheme();
  const {
    rect,
    cells,
    inTwo,
    height,
    lines,
    rows,
    selected: selectedRow,
    top,
    shown,
    left,
  } = helpPage(state, dialog, body);
  const inner = rect.columns - 4;
  const none = `No key or word matches “${dialog.query.text}”: Backspace shortens it, Esc closes the help.`;
  const spoken = () => {
    const selected = rows[selectedRow]?.row;
    const texts = lines.map((row) => `${row === selected ? sign('pointer') : ''}${spokenRow(row)}`);
    return [
      spokenLine(
        texts,
        lines.findIndex((row) => row === selected),
        inner,
        height,
      ),
    ];
  };
  const drawn = () =>
    Array.from({ length: Math.max(left, shown.length - left) }, (_, line): OverlayLine => {
      const cell = (row: number, has: boolean) => (
        <HelpCell shown={has ? shown[row] : undefined} cells={cells} index={dialog.index} />
      );
      if (!inTwo) return { key: `${line}`, cells, content: cell(line, true) };
      return {
        key: `${line}`,
        cells: 2 * cells + GAP,
        content: (
          <>
            {cell(line, line < left)}
            <Text>{' '.repeat(GAP)}</Text>
            {cell(left + line, true)}
          </>
        ),
      };
    });
  const found =
    rows.length === 0 ? [textLine('none', none, 'faint', inner)] : screenReader ? spoken() : drawn();
  return (
    <Overlay
      rect={rect}
      title={`Keys, ${programTitle(state)}`}
      lines={[queryLine('find', dialog.query, inner), ...found]}
      scroll={{ top, height: shown.length, count: rows.length, index: dialog.index }}
    />
  );
}

/** The name of a group stands only above one of its actions. */
function withoutLastHeading(rows: readonly ShownRow[]): readonly ShownRow[] {
  return rows.at(-1)?.row.kind === 'group' ? rows.slice(0, -1) : rows;
}

/** How many of the rows are in the left of two columns. */
function leftRows(rows: readonly ShownRow[], height: number): number {
  let half = Math.min(height, Math.ceil(rows.length / 2));
  while (half > 1 && (rows[half - 1]?.row.kind === 'group' || rows[half]?.isFirst === false)) half -= 1;
  return half;
}

interface HelpCellProps {
  shown: ShownRow | undefined;
  cells: number;
  /** The selected line. */
  index: number;
}

/** A row of the help in `cells`. At its end, the selected line also says why it cannot be run, as in the palette. */
function HelpCell({ shown, cells, index }: HelpCellProps) {
  const { sign } = useTheme();
  if (shown === undefined) return <Text>{' '.repeat(cells)}</Text>;
  const { row, line, isFirst, isLast } = shown;
  const selected = line === index;
  if (row.kind === 'group') return <Text style="heading">{fitTo(row.group, cells)}</Text>;
  const over = selected ? 'selected' : undefined;
  const room = Math.max(0, cells - KEY_CELLS);
  const reason = row.kind === 'action' && selected && isLast ? row.reason : undefined;
  const isFaint = row.kind === 'note' || row.reason !== undefined;
  const text = truncateToWidth(shortTitle(shown.text, titleRoom(reason, room)), room);
  const why = reasonSpan(reason, room - displayWidth(text), selected);
  return (
    <>
      <Text style="pointer" over={over}>
        {selected ? sign('pointer') : ' '}
      </Text>
      <Text style="key" over={over}>
        {fitTo(isFirst ? row.keys : '', KEY_CELLS - 1)}
      </Text>
      <Text style={isFaint ? 'faint' : 'plain'} over={over}>
        {text}
      </Text>
      <Text style={why.style} over={over}>
        {why.text}
      </Text>
    </>
  );
}

/** Where not all lines have room on the page: a title loses its explanation, and only what is left of it is wrapped. */
function shortLines(title: string, room: number): readonly string[] {
  const short = shortTitle(title, room);
  return short.endsWith('…') ? wrapText(title.split(TITLE_END)[0] ?? title, room) : [short];
}

const TITLE_END = /[:;,] | \(/;

/** A title that does not fit loses its explanation, from the end and by whole parts. */
function shortTitle(title: string, cells: number): string {
  if (displayWidth(title) <= cells) return title;
  // A list after a colon, or words in brackets, would end amid what they say.
  const sentence = title.search(/[:;] | \(/);
  const ends = [...title.matchAll(/[:;,] | \(/g)]
    .map(({ index }) => index)
    .filter((end) => sentence < 0 || end <= sentence);
  const parts = ends.map((end) => title.slice(0, end));
  return parts.findLast((part) => displayWidth(part) <= cells) ?? truncateToWidth(parts[0] ?? title, cells);
}

/** A line in words, none of them cut. */
function spokenRow(row: HelpRow): string {
  if (row.kind === 'group') return row.group;
  const keys = row.keys === '' ? '' : `${screenReaderText(row.keys)}: `;
  const reason = row.kind === 'action' && row.reason !== undefined ? `, not now: ${row.reason}` : '';
  return `${keys}${row.kind === 'note' ? row.text : row.title}${reason}`;
}
