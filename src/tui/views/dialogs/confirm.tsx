import type { DialogOf } from '../../state/dialog.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, cut } from '../../text/fit.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

export function ConfirmDialog({ dialog, body }: DialogProps<'confirm'>) {
  const widest = Math.max(...[dialog.title, ...dialog.lines, 'Type the number of jobs: 0000'].map(cellsOf));
  const rect = middleOf(body, Math.min(widest + 6, 76), dialog.lines.length + 5);
  const inner = rect.columns - 4;
  const room = rect.rows - 4;
  const names = dialog.lines.length > room ? dialog.lines.slice(0, room - 1) : dialog.lines;
  const left = dialog.lines.length - names.length;
  const texts = [...names, ...(left > 0 ? [`and ${left} more`] : [])].map((line) =>
    cut(cleanLine(line), inner),
  );
  const lines: OverlayLine[] = [
    ...texts.map((text) => ({ key: text, cells: cellsOf(text), content: <Text>{text}</Text> })),
    { key: 'gap', cells: 0, content: null },
    questionLine(dialog),
  ];
  return <Overlay rect={rect} title={dialog.title} lines={lines} />;
}

function questionLine({ count, typed }: DialogOf<'confirm'>): OverlayLine {
  const [asked, answer] =
    count === undefined ? ['y yes', 'n no'] : [`Type ${count} and Enter:`, typed === '' ? '_' : typed];
  return {
    key: 'question',
    cells: asked.length + 2 + answer.length,
    content: (
      <>
        <Text look="warning">{asked}</Text>
        <Text look="heading">{`  ${answer}`}</Text>
      </>
    ),
  };
}
