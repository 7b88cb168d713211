import { type HelpRow, helpRows } from '../../actions/help-rows.ts';
import { programTitle } from '../../home/home-name.ts';
import { clamp } from '../../state/scroll.ts';
import { fitTo } from '../../text/fit.ts';
import { centerRect, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { queryLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const KEY_CELLS = 18;
/** The longest words have room beside their keys. */
const WIDEST = 112;

export function HelpDialog({ state, dialog, body }: DialogProps<'help'>) {
  const rows = helpRows(state, dialog.query.text);
  const rect = centerRect(body, WIDEST, body.rows);
  const inner = rect.columns - 4;
  const height = Math.max(1, rect.rows - 3);
  const top = clamp(dialog.top, 0, Math.max(0, rows.length - height));
  const lines: OverlayLine[] = rows.slice(top, top + height).map((row) => ({
    key: row.kind === 'group' ? row.group : row.action.id,
    cells: inner,
    content: <Row row={row} inner={inner} />,
  }));
  return (
    <Overlay
      rect={rect}
      title={`Keys (${rows.length - height > top ? 'more below' : 'end'}), ${programTitle(state)}`}
      lines={[queryLine('find', dialog.query, inner), ...lines]}
    />
  );
}

function Row({ row, inner }: { row: HelpRow; inner: number }) {
  if (row.kind === 'group') return <Text style="heading">{fitTo(row.group, inner)}</Text>;
  return (
    <>
      <Text style="key">{fitTo(`  ${row.keys}`, KEY_CELLS)}</Text>
      <Text style={row.available ? 'plain' : 'faint'}>{fitTo(row.action.title, inner - KEY_CELLS)}</Text>
    </>
  );
}
