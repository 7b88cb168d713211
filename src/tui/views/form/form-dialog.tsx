import { firstLine, type PanelLine, panelContent } from '../../form/panel-lines.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, cut } from '../../text/fit.ts';
import type { DialogProps } from '../dialogs/dialog-props.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { gapLine, queryLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';

const WIDEST = 88;

/** What lies over a form: values to choose from, the review, whose change it is to be, what a try has brought. */
export function FormDialog({ state, dialog: { panel }, body }: DialogProps<'form'>) {
  const inner = Math.min(WIDEST, body.columns) - 4;
  const content = panelContent(state, panel, inner);
  const typed = panel.is === 'pick' ? 2 : 0;
  const rect = middleOf(body, WIDEST, content.lines.length + typed + 4);
  const height = Math.max(1, rect.rows - 4 - typed);
  const top = firstLine(content, height);
  const shown = content.lines.slice(top, top + height);
  const below = content.lines.length - top - shown.length;
  const lines: OverlayLine[] = [
    ...(panel.is === 'pick' ? [queryLine('find', panel.query, inner), gapLine('gap')] : []),
    ...shown.map((line, at) => drawn(line, `line ${top + at}`, inner)),
    ...Array.from({ length: height - shown.length }, (_, at) => gapLine(`blank ${at}`)),
    below > 0 ? drawn({ look: 'faint', text: `${below} more below` }, 'more', inner) : gapLine('end'),
    drawn({ look: 'key', text: content.keys }, 'keys', inner),
  ];
  return <Overlay rect={rect} title={content.title} lines={lines} />;
}

function drawn({ text, look, selected }: PanelLine, key: string, inner: number): OverlayLine {
  const short = cut(cleanLine(text), inner);
  const over = selected ? 'selected' : undefined;
  return {
    key,
    cells: cellsOf(short),
    content: (
      <Text look={look ?? 'plain'} over={over}>
        {short}
      </Text>
    ),
  };
}
