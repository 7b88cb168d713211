import { startBatch } from '../features/batch/reducer.ts';
import type { DialogProps, DialogRules } from '../features/define-feature.ts';
import type { DialogOf, State, Step } from '../kernel/model.ts';
import { closeDialog } from '../kernel/navigation.ts';
import { andThen, step } from '../kernel/step.ts';
import type { OverlayLine } from '../ui/components/overlay.tsx';
import { centerRect, gapLine, Overlay, textLine } from '../ui/components/overlay.tsx';
import { Text } from '../ui/components/text.tsx';
import { textWidth } from '../ui/text/fit.ts';
import type { StyleName } from '../ui/theme.ts';

/**
 * Yes is `y`, or the typed number and then Enter. Every key that could be pressed by accident means No or does nothing.
 */
export const confirmRules: DialogRules<'confirm'> = {
  onInput(state, dialog, input) {
    if (input.kind !== 'key') return step(state);
    const closed = closeDialog(state).state;
    if (input.key === 'escape' || input.key === 'n') return step(closed);
    if (dialog.count === undefined) return input.key === 'y' ? confirmed(closed, dialog) : step(state);
    if (input.key === 'enter')
      return dialog.typed === String(dialog.count) ? confirmed(closed, dialog) : step(state);
    return step({ ...state, dialog: { ...dialog, typed: typedAfter(dialog.typed, input.key) } });
  },
};

function confirmed(closed: State, { effects, plan }: DialogOf<'confirm'>): Step {
  return andThen(step(closed, ...effects), (state) =>
    plan === undefined ? step(state) : startBatch(state, plan),
  );
}

function typedAfter(typed: string, key: string): string {
  if (key === 'backspace') return typed.slice(0, -1);
  return /^\d$/.test(key) && typed.length < 6 ? typed + key : typed;
}

/** The most names that are listed; a user does not read more before confirming. */
const MAX_NAMES = 8;

/** Limits a list of job names, one per line: the first ones, then the number of the others. */
export function truncateNames(names: readonly string[], room = MAX_NAMES): string[] {
  const lines = Math.max(1, Math.min(MAX_NAMES, room));
  if (names.length <= lines) return [...names];
  const shown = names.slice(0, lines - 1);
  return [
    ...shown,
    `${shown.length === 0 ? '' : 'and '}${(names.length - shown.length).toLocaleString('en-US')} more`,
  ];
}

export function ConfirmDialog({ dialog, body }: DialogProps<'confirm'>) {
  const { title, names = [], lines: sentences } = dialog;
  const wanted = [...truncateNames(names), ...sentences];
  const widest = Math.max(...[title, ...wanted, 'Type the number of jobs: 0000'].map(textWidth));
  const rect = centerRect(body, Math.min(widest + 6, 90), wanted.length + 4);
  const inner = rect.columns - 4;
  // The rows without the frame, the gap and the question. The sentences take precedence over the names.
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
