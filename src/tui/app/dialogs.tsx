import { displayWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
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
import {
  boxColumns,
  centerRect,
  gapLine,
  Overlay,
  type OverlayLine,
  textLine,
} from '../ui/components/overlay.tsx';
import { Text } from '../ui/components/text.tsx';
import { type Input, isClick, type MouseInput, namedKeyInput } from '../ui/input.ts';
import { computeLayout, type Rect } from '../ui/layout.ts';
import { clamp, listMove } from '../ui/scroll.ts';
import { wrapText } from '../ui/text/fit.ts';
import type { StyleName } from '../ui/theme.ts';
import { ACTIONS } from './actions.ts';
import { FEATURE_DIALOGS } from './features.ts';
import { HelpDialog, helpKeys, helpRules } from './help-dialog.tsx';
import { canDoSelected, PaletteDialog, paletteRules } from './palette.tsx';

const DIALOGS: { readonly [K in DialogKind]: DialogDefinition<K> } = {
  ...FEATURE_DIALOGS,
  confirm: {
    onInput: inputToConfirm,
    Component: ConfirmDialog,
    footer: (state, dialog) => [
      ...(dialog.count === undefined ? [{ key: 'y', word: 'yes' }] : []),
      ...(mostHidden(confirmPage(dialog, bodyOf(state))) > 0 ? [SCROLL] : []),
      { key: 'Esc', word: 'no' },
    ],
  },
  help: { ...helpRules, Component: HelpDialog, footer: helpKeys },
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
  if (isClick(input) && dialogOf(dialog).rowAt !== undefined) return clickRow(state, dialog, input);
  const { thenPerform, ...after } = dialogOf(dialog).onInput(state, dialog, input);
  const isIgnored = after.state === state && after.effects.length === 0 && thenPerform === undefined;
  if (isIgnored && input.kind === 'key') return step(withNotice(state, 'info', describeIgnored(input.key)));
  const action = ACTIONS.find(({ id }) => id === thenPerform);
  return action === undefined ? after : andThen(after, (next) => performAction(next, action));
}

/** Selects the row that is clicked. A double click takes the selected row: the first press may have scrolled the list. */
function clickRow(state: State, dialog: Dialog, click: MouseInput): Step {
  const { rowAt, selectRow } = dialogOf(dialog);
  // A screen reader's list has sentences instead of rows.
  const row = state.linear ? undefined : rowAt?.(state, dialog, click, bodyOf(state));
  if (row === undefined) return step(state);
  if (click.double) return inputToDialog(state, dialog, namedKeyInput('enter'));
  const selected = selectRow === undefined ? { ...dialog, index: row } : selectRow(dialog, row);
  return step({ ...state, dialog: selected as Dialog });
}

/** A key that is held, or that could be pressed by accident, is answered as well. */
function describeIgnored(key: string): string {
  return `No key ${formatKey(key)} here; Esc closes.`;
}

/**
 * Yes is `y`, or the typed number and then Enter. Every key that could be pressed by accident means No or does nothing.
 */
function inputToConfirm(state: State, dialog: DialogOf<'confirm'>, input: Input): Step {
  const by = listMove(input);
  const most = by === undefined ? 0 : mostHidden(confirmPage(dialog, bodyOf(state)));
  if (by !== undefined && most > 0)
    return step({ ...state, dialog: { ...dialog, top: clamp((dialog.top ?? 0) + by, 0, most) } });
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

interface ConfirmPage {
  readonly rect: Rect;
  /** All lines above the question, of which `room` are in sight. */
  readonly texts: readonly (readonly [string, StyleName])[];
  readonly room: number;
}

/** The box of a question: the sentences whole, and as many names as have room beside them. */
function confirmPage({ title, names = [], lines }: DialogOf<'confirm'>, body: Rect): ConfirmPage {
  const named = names.length === 0 ? [] : truncateNames(names);
  const widest = Math.max(...[title, ...named, ...lines, 'Type the number of jobs: 0000'].map(displayWidth));
  const columns = Math.min(widest + 6, MAX_CONFIRM_COLUMNS);
  const inner = Math.max(1, boxColumns(body, columns) - 4);
  const sentences = lines.flatMap((line) => (line === '' ? [''] : wrapText(sanitizeText(line), inner)));
  const rect = centerRect(body, columns, named.length + sentences.length + CONFIRM_OTHERS);
  const room = Math.max(1, rect.rows - CONFIRM_OTHERS);
  const style = names.length === 0 ? 'plain' : 'faint';
  const fitting = names.length === 0 ? [] : truncateNames(names, room - sentences.length);
  const texts = [
    ...fitting.map((name) => [name, 'plain'] as const),
    ...sentences.map((line) => [line, style] as const),
  ];
  return { rect, texts, room };
}

const MAX_CONFIRM_COLUMNS = 90;
/** The frame, the gap and the question. */
const CONFIRM_OTHERS = 4;

/** How many of the lines are out of sight. */
function mostHidden({ texts, room }: ConfirmPage): number {
  return Math.max(0, texts.length - room);
}

function bodyOf(state: State): Rect {
  return computeLayout(state, { hasSide: false, pane: 'main' }).body;
}

function ConfirmDialog({ state, dialog, body }: DialogProps<'confirm'>) {
  const page = confirmPage(dialog, body);
  const { rect, texts, room } = page;
  const inner = rect.columns - 4;
  const top = clamp(dialog.top ?? 0, 0, mostHidden(page));
  const lines: OverlayLine[] = [
    ...texts.slice(top, top + room).map(([line, style], index) => textLine(`${index}`, line, style, inner)),
    // A screen reader hears the keys from the last line.
    ...(state.linear && dialog.count === undefined ? [] : [gapLine('gap'), questionLine(dialog)]),
  ];
  const scroll = { top, height: room, count: texts.length };
  return <Overlay rect={rect} title={dialog.title} lines={lines} scroll={scroll} />;
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
