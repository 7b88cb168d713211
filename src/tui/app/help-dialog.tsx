import { displayWidth, truncateToWidth } from '../../core/lib/display-width.ts';
import type { DialogProps, DialogRules } from '../features/define-feature.ts';
import { closeDialog, step } from '../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine, queryLine, textLine } from '../ui/components/overlay.tsx';
import { Text, useTheme } from '../ui/components/text.tsx';
import { type TextColumn, tableLines } from '../ui/components/text-table.tsx';
import { keyOf } from '../ui/input.ts';
import { clamp, indexAfter, listMoveInField } from '../ui/scroll.ts';
import type { TextSpan } from '../ui/styled-row.ts';
import { screenReaderText } from '../ui/text/ascii.ts';
import { editLine } from '../ui/text/edit-line.ts';
import { fitTo, wrapText } from '../ui/text/fit.ts';
import { programTitle } from './header.ts';
import { type HelpRow, helpRows, KEY_CELLS } from './help-rows.ts';

export const helpRules: DialogRules<'help'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'enter') return closeDialog(state);
    if (key === '?' && dialog.query.text === '') return closeDialog(state);
    const moved = listMoveInField(input);
    if (moved !== undefined) {
      const top = indexAfter(dialog.top, moved, helpRows(state, dialog.query.text).length);
      return step({ ...state, dialog: { ...dialog, top } });
    }
    const query = editLine(dialog.query, input);
    return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, top: 0 } });
  },
};

/** Wide enough for the longest titles beside their keys. */
const MAX_COLUMNS = 112;
/** From this width on, there are two columns. */
const TWO_FROM = 116;
const MAX_TWO_COLUMNS = 180;
const GAP = 2;

export function HelpDialog({ state, dialog, body }: DialogProps<'help'>) {
  const { screenReader } = useTheme();
  const rows = helpRows(state, dialog.query.text);
  const height = Math.max(1, body.rows - 3);
  const inTwo = body.columns >= TWO_FROM && !screenReader && rows.length > height;
  const rect = centerRect(body, inTwo ? MAX_TWO_COLUMNS : MAX_COLUMNS, body.rows);
  const inner = rect.columns - 4;
  const room = inTwo ? 2 * height : height;
  // The left column may end one row early, before the name of a group.
  const hidden = rows.length - room + (inTwo && rows.length >= room ? 1 : 0);
  // For a screen reader a row may take several lines, so that as many rows as lines may not be seen at once.
  const top = clamp(dialog.top, 0, Math.max(0, screenReader ? rows.length - 1 : hidden));
  const page = withoutLastHeading(rows.slice(top, top + room));
  const shown = inTwo ? page.slice(0, leftRows(page, height) + height) : page;
  const spoken = screenReader ? spokenLines(rows.slice(top), inner) : [];
  const none = `No key or word matches “${dialog.query.text}”: Backspace shortens it, Esc closes the help.`;
  const found = screenReader ? spoken : inTwo ? linesInTwo(shown, height, inner) : helpLines(shown, inner);
  const lines = rows.length > 0 ? found : [textLine('none', none, 'faint', inner)];
  // Each line is a row here, also that of a screen reader.
  const below = screenReader ? spoken.length - height : rows.length - top - shown.length;
  const where = below > 0 ? ` (${below} more below)` : top > 0 ? ' (end)' : '';
  return (
    <Overlay
      rect={rect}
      title={`Keys${where}, ${programTitle(state)}`}
      lines={[queryLine('find', dialog.query, inner), ...lines]}
    />
  );
}

/** The name of a group stands only above one of its actions. */
function withoutLastHeading(rows: readonly HelpRow[]): readonly HelpRow[] {
  return rows.at(-1)?.kind === 'group' ? rows.slice(0, -1) : rows;
}

/** The rows in two columns of the same height, as far as there is room; no column ends with the name of a group. */
function linesInTwo(rows: readonly HelpRow[], height: number, inner: number): OverlayLine[] {
  const at = leftRows(rows, height);
  const [left, right] = [rows.slice(0, at), rows.slice(at, at + height)];
  const cells = Math.floor((inner - GAP) / 2);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => ({
    key: `${row}`,
    cells: 2 * cells + GAP,
    content: (
      <>
        <HelpCell row={left[row]} cells={cells} />
        <Text>{' '.repeat(GAP)}</Text>
        <HelpCell row={right[row]} cells={cells} />
      </>
    ),
  }));
}

/** How many of the rows are in the left of two columns. */
function leftRows(rows: readonly HelpRow[], height: number): number {
  const half = Math.min(height, Math.ceil(rows.length / 2));
  return rows[half - 1]?.kind === 'group' ? half - 1 : half;
}

function HelpCell({ row, cells }: { row: HelpRow | undefined; cells: number }) {
  if (row === undefined) return <Text>{' '.repeat(cells)}</Text>;
  if (row.kind === 'group') return <Text style="heading">{fitTo(row.group, cells)}</Text>;
  const [text, style] =
    row.kind === 'note'
      ? [row.text, 'faint' as const]
      : [shortTitle(row.title, cells - KEY_CELLS), row.available ? ('plain' as const) : ('faint' as const)];
  return (
    <>
      <Text style="key">{fitTo(` ${row.keys}`, KEY_CELLS)}</Text>
      <Text style={style}>{fitTo(text, cells - KEY_CELLS)}</Text>
    </>
  );
}

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

/** The groups and their actions in words, none of them cut. */
function spokenLines(rows: readonly HelpRow[], inner: number): OverlayLine[] {
  return rows.flatMap((row, at) => {
    if (row.kind === 'group') return [textLine(`${at}`, row.group, 'heading', inner)];
    const text = screenReaderText(row.kind === 'note' ? row.text : row.title);
    const keys = row.keys === '' ? '' : `${screenReaderText(row.keys)}: `;
    return wrapText(`${keys}${text}`, inner).map((part, line) =>
      textLine(`${at} ${line}`, part, row.kind === 'action' && row.available ? 'plain' : 'faint', inner),
    );
  });
}

/** The name of each group, and a table of its actions. */
function helpLines(rows: readonly HelpRow[], inner: number): OverlayLine[] {
  const columns: TextColumn[] = [
    { title: 'KEYS', cells: KEY_CELLS },
    { title: 'ACTION', cells: inner - KEY_CELLS - 4 },
  ];
  const lines: OverlayLine[] = [];
  let cells: TextSpan[][] = [];
  const endTable = () => {
    if (cells.length > 0) lines.push(tableLines(`table ${lines.length}`, { columns, rows: cells }));
    cells = [];
  };
  for (const row of rows) {
    if (row.kind === 'group') {
      endTable();
      lines.push(textLine(row.group, row.group, 'heading', inner));
    } else {
      const style = row.kind === 'action' && row.available ? 'plain' : 'faint';
      const text = row.kind === 'note' ? row.text : shortTitle(row.title, inner - KEY_CELLS - 4);
      cells.push([
        { text: ` ${row.keys}`, style: 'key' },
        { text, style },
      ]);
    }
  }
  endTable();
  return lines;
}
