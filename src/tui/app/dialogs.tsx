import { displayWidth } from '../../core/lib/display-width.ts';
import { startBatch } from '../features/batch/reducer.ts';
import {
  CHOOSE,
  CLOSE,
  type DialogDefinition,
  type DialogProps,
  SCROLL,
} from '../features/define-feature.ts';
import { performAction } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { Dialog, DialogKind, DialogOf, State, Step } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { andThen, closeDialog, step } from '../kernel/step.ts';
import { centerRect, gapLine, Overlay, type OverlayLine, textLine } from '../ui/components/overlay.tsx';
import { Text } from '../ui/components/text.tsx';
import type { Input } from '../ui/input.ts';
import type { StyleName } from '../ui/theme.ts';
import { ACTIONS } from './actions.ts';
import { FEATURE_DIALOGS } from './features.ts';
import { HelpDialog, helpRules } from './help-dialog.tsx';
import { canDoSelected, PaletteDialog, paletteRules } from './palette.tsx';

const DIALOGS: { readonly [K in DialogKind]: DialogDefinition<K> } = {
  ...FEATURE_DIALOGS,
  confirm: {
    onInput: inputToConfirm,
    Component: ConfirmDialog,
    footer: (_, { count }) => [
      ...(count === undefined ? [{ key: 'y', word: 'yes' }] : []),
      { key: 'Esc', word: 'no' },
    ],
  },
  help: { ...helpRules, Component: HelpDialog, footer: [SCROLL, CLOSE] },
  palette: {
    ...paletteRules,
    Component: PaletteDialog,
    footer: (state, dialog) => [
      ...(canDoSelected(state, dialog) ? [{ key: 'Enter', word: 'do it' }] : []),
      CHOOSE,
      CLOSE,
    ],
  },
};

export function dialogOf({ kind }: Dialog): DialogDefinition<DialogKind> {
  return DIALOGS[kind] as unknown as DialogDefinition<DialogKind>;
}

/** Passes an input to the open dialog. */
export function inputToDialog(state: State, dialog: Dialog, input: Input): Step {
  const { thenPerform, ...after } = dialogOf(dialog).onInput(state, dialog, input);
  const isIgnored = after.state === state && after.effects.length === 0 && thenPerform === undefined;
  if (isIgnored && input.kind === 'key') return step(withNotice(state, 'info', describeIgnored(input.key)));
  const action = ACTIONS.find(({ id }) => id === thenPerform);
  return action === undefined ? after : andThen(after, (next) => performAction(next, action));
}

/** A key that is held, or that could be pressed by accident, is answered as well. */
function describeIgnored(key: string): string {
  return `No key ${formatKey(key)} here: the last line has those that count.`;
}

/**
 * Yes is `y`, or the typed number and then Enter. Every key that could be pressed by accident means No or does nothing.
 */
function inputToConfirm(state: State, dialog: DialogOf<'confirm'>, input: Input): Step {
  if (input.kind !== 'key') return step(state);
  const closed = closeDialog(state).state;
  if (input.key === 'escape' || input.key === 'n') return step(closed);
  if (dialog.count === undefined) return input.key === 'y' ? confirmed(closed, dialog) : step(state);
  if (input.key === 'enter')
    return dialog.typed === String(dialog.count) ? confirmed(closed, dialog) : step(state);
  return step({ ...state, dialog: { ...dialog, typed: typedAfter(dialog.typed, input.key) } });
}

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

function ConfirmDialog({ dialog, body }: DialogProps<'confirm'>) {
  const { title, names = [], lines: sentences } = dialog;
  const wanted = [...truncateNames(names), ...sentences];
  const widest = Math.max(...[title, ...wanted, 'Type the number of jobs: 0000'].map(displayWidth));
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
    count === undefined ? ['y yes', 'Esc no'] : [`Type ${count} and Enter:`, typed === '' ? '_' : typed];
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
