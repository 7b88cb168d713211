import { centerRect, gapLine, Overlay, type OverlayLine, queryLine } from '../../ui/components/overlay.tsx';
import { Spans } from '../../ui/components/row.tsx';
import { plainRow, rowCells, type StyledRow, styledRow } from '../../ui/styled-row.ts';
import type { DialogProps } from '../define-feature.ts';
import { firstLine, panelContent } from './panel-lines.ts';

const WIDEST = 88;

/** The panel over a form: choices, the review, conflicts, or the results of a test run. */
export function FormDialog({ state, dialog: { panel }, body }: DialogProps<'form'>) {
  const inner = Math.min(WIDEST, body.columns) - 4;
  const content = panelContent(state, panel, inner);
  const typed = panel.is === 'pick' ? 2 : 0;
  const rect = centerRect(body, WIDEST, content.lines.length + typed + 4);
  const height = Math.max(1, rect.rows - 4 - typed);
  const top = firstLine(content, height);
  const shown = content.lines.slice(top, top + height);
  const below = content.lines.length - top - shown.length;
  const lines: OverlayLine[] = [
    ...(panel.is === 'pick' ? [queryLine('find', panel.query, inner), gapLine('gap')] : []),
    ...shown.map((line, at) => formatPanelLine(line, `line ${top + at}`, inner)),
    ...Array.from({ length: height - shown.length }, (_, at) => gapLine(`blank ${at}`)),
    below > 0 ? formatPanelLine(plainRow(`${below} more below`, 'faint'), 'more', inner) : gapLine('end'),
    formatPanelLine(
      plainRow(content.keys.map(({ key, word }) => `${key} ${word}`).join('   '), 'key'),
      'keys',
      inner,
    ),
  ];
  return <Overlay rect={rect} title={content.title} lines={lines} />;
}

function formatPanelLine(row: StyledRow, key: string, inner: number): OverlayLine {
  const shown = { ...row, ...styledRow(inner, ...row.spans) };
  return { key, cells: rowCells(shown), content: <Spans row={shown} /> };
}
