import { CHOOSE, CLOSE, type DialogDefinition, SCROLL } from '../features/define-feature.ts';
import { performAction } from '../kernel/action.ts';
import type { Dialog, DialogKind, State, Step } from '../kernel/model.ts';
import { andThen } from '../kernel/step.ts';
import type { Input } from '../ui/input.ts';
import { ACTIONS } from './actions.ts';
import { ConfirmDialog, confirmRules } from './confirm-dialog.tsx';
import { FEATURE_DIALOGS } from './features.ts';
import { HelpDialog, helpRules } from './help-dialog.tsx';
import { paletteRules } from './palette.ts';
import { PaletteDialog } from './palette-dialog.tsx';

const DIALOGS: { readonly [K in DialogKind]: DialogDefinition<K> } = {
  ...FEATURE_DIALOGS,
  confirm: {
    ...confirmRules,
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
    footer: [{ key: 'Enter', word: 'do it' }, CHOOSE, CLOSE],
  },
};

export function dialogOf({ kind }: Dialog): DialogDefinition<DialogKind> {
  return DIALOGS[kind] as unknown as DialogDefinition<DialogKind>;
}

/** Passes an input to the open dialog. */
export function inputToDialog(state: State, dialog: Dialog, input: Input): Step {
  const { thenPerform, ...after } = dialogOf(dialog).onInput(state, dialog, input);
  const action = ACTIONS.find(({ id }) => id === thenPerform);
  return action === undefined ? after : andThen(after, (next) => performAction(next, action));
}
