import { availability } from '../actions/action.ts';
import { performAction } from '../actions/press-key.ts';
import { SCHEDULER_START, SCHEDULER_STOP } from '../actions/scheduler-actions.ts';
import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { step } from '../state/step.ts';

/** `s` starts it, `x` asks whether to stop it; whichever can be done. */
export const schedulerRules: DialogRules<'scheduler'> = {
  onInput(state, _, input) {
    const key = keyOf(input);
    if (CLOSING.includes(key)) return closeDialog(state);
    const action = KEYS[key];
    if (action === undefined) return step(state);
    return performAction(availability(action, state) === true ? closeDialog(state).state : state, action);
  },
};

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];
const KEYS: Readonly<Record<string, typeof SCHEDULER_START>> = { s: SCHEDULER_START, x: SCHEDULER_STOP };
