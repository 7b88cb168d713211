import { startBatch } from '../batch/batches.ts';
import { closeDialog, type DialogOf, type DialogRules } from './dialog.ts';
import type { State } from './state.ts';
import { andThen, type Step, step } from './step.ts';

/** Yes is `y`, or the number typed and then Enter; anything that could be pressed by accident is No or nothing. */
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
