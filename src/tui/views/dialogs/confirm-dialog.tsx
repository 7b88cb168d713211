import { truncateNames } from '../../batch/truncate-names.ts';
import type { DialogOf } from '../../state/dialog.ts';
import { textWidth } from '../../text/fit.ts';
import type { StyleName } from '../../theme.ts';
import { centerRect, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { gapLine, textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

export function ConfirmDialog({ dialog, body }: DialogProps<'confirm'>) {
  const { title, names = [], lines: sentences } = dialog;
  const wanted = [...truncateNames(names), ...sentences];
  const widest = Math.max(...[title, ...wanted, 'Type the number of jobs: 0000'].map(textWidth));
  const rect = centerRect(body, Math.min(widest + 6, 90), wanted.length + 4);
  const inner = rect.columns - 4;
  // The frame, a gap and the question; what happens goes before the names of all to whom it does.
  const room = Math.max(0, rect.rows - 4);
  const shownSentences = sentences.slice(0, Math.max(0, room - Math.min(1, names.length)));
  const texts: [string, StyleName][] = [
    ...(names.length === 0 ? [] : truncateNames(names, room - shownSentences.length)).map(
      (name): [string, StyleName] => [name, 'plain'],
    ),
    ...shownSentences.map((line): [string, StyleName] => [line, names.length === 0 ? 'plain' : 'faint']),
  ];
  const lines: OverlayLine[] = [
    ...texts.map(([line, style], index) => textLine(`${index}`, line, style, inner)),
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
        <Text style="warning">{asked}</Text>
        <Text style="heading">{`  ${answer}`}</Text>
      </>
    ),
  };
}
