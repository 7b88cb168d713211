import { namesWithin } from '../../batch/names.ts';
import type { DialogOf } from '../../state/dialog.ts';
import { cellsOf } from '../../text/fit.ts';
import type { LookName } from '../../theme.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

export function ConfirmDialog({ dialog, body }: DialogProps<'confirm'>) {
  const { title, names = [], lines: sentences } = dialog;
  const wanted = [...namesWithin(names), ...sentences];
  const widest = Math.max(...[title, ...wanted, 'Type the number of jobs: 0000'].map(cellsOf));
  const rect = middleOf(body, Math.min(widest + 6, 90), wanted.length + 4);
  const inner = rect.columns - 4;
  // The frame, a gap and the question; what happens goes before the names of all to whom it does.
  const room = Math.max(0, rect.rows - 4);
  const told = sentences.slice(0, Math.max(0, room - Math.min(1, names.length)));
  const texts: [string, LookName][] = [
    ...(names.length === 0 ? [] : namesWithin(names, room - told.length)).map((name): [string, LookName] => [
      name,
      'plain',
    ]),
    ...told.map((line): [string, LookName] => [line, names.length === 0 ? 'plain' : 'faint']),
  ];
  const lines: OverlayLine[] = [
    ...texts.map(([line, look], index) => textLine(`${index}`, line, look, inner)),
    gapLine('gap'),
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
