import type { DialogProps } from '../features/define-feature.ts';
import {
  centerRect,
  gapLine,
  Overlay,
  type OverlayLine,
  queryLine,
  textLine,
} from '../ui/components/overlay.tsx';
import { Text, useTheme } from '../ui/components/text.tsx';
import { scrollIntoView } from '../ui/scroll.ts';
import { fitTo, textWidth, truncate } from '../ui/text/fit.ts';
import { type PaletteRow, paletteRows } from './palette.ts';

const KEY_CELLS = 12;
const ROOMY_ROWS = 14;
/** The part of an action's title that always stays visible. */
const MIN_TITLE_CELLS = 20;

export function PaletteDialog({ state, dialog, body }: DialogProps<'palette'>) {
  const rows = paletteRows(state, dialog.query.text);
  const roomy = body.rows >= ROOMY_ROWS;
  const rect = centerRect(body, 84, roomy ? Math.min(22, body.rows - 2) : body.rows);
  const inner = rect.columns - 4;
  // If there is space: a gap below the query, and the command at the end.
  const height = Math.max(1, rect.rows - (roomy ? 5 : 3));
  const top = scrollIntoView(dialog.index, 0, height, rows.length);
  const lines: OverlayLine[] = rows.slice(top, top + height).map((row, at) => ({
    key: row.action.id,
    cells: inner,
    content: <Row row={row} inner={inner} selected={top + at === dialog.index} />,
  }));
  const none = textLine('none', 'No action has that.', 'faint', inner);
  return (
    <Overlay
      rect={rect}
      title="Actions"
      lines={[
        queryLine(':', dialog.query, inner),
        ...(roomy ? blanks(1) : []),
        ...(lines.length === 0 ? [none] : lines),
        ...blanks(height - Math.max(1, lines.length), 1),
        commandLine(rows[dialog.index]?.action.command?.(state), inner),
      ]}
    />
  );
}

/** The reason takes precedence over the end of the title. */
function withReason(title: string, reason: string, room: number): string {
  return `${truncate(title, Math.max(MIN_TITLE_CELLS, room - textWidth(reason) - 2))}: ${reason}`;
}

function Row({ row, inner, selected }: { row: PaletteRow; inner: number; selected: boolean }) {
  const { screenReader, sign } = useTheme();
  const { action, key, reason } = row;
  const over = selected ? 'selected' : undefined;
  const room = inner - KEY_CELLS;
  const text = reason === undefined ? action.title : withReason(action.title, reason, room);
  return (
    <>
      {screenReader && selected && <Text over={over}>{sign('pointer')}</Text>}
      <Text style={reason === undefined ? 'plain' : 'faint'} over={over}>
        {fitTo(text, room)}
      </Text>
      <Text style="faint" over={over}>
        {fitTo(key, KEY_CELLS, 'right')}
      </Text>
    </>
  );
}

function blanks(count: number, from = 0): OverlayLine[] {
  return Array.from({ length: Math.max(0, count) }, (_, row) => gapLine(`blank ${from + row}`));
}

/** The command that does the same as the selected action. */
function commandLine(command: string | undefined, inner: number): OverlayLine {
  return textLine('command', command === undefined ? '' : `$ ${command}`, 'faint', inner);
}
