import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** How the dashboard looks. Kept from one time to the next; found in the palette, they have no keys. */
export const appearanceActions: readonly Action[] = [
  {
    ...{
      id: 'looks.contrast',
      title: 'Switch high contrast on or off',
      group: 'Program',
      scope: 'everywhere',
    },
    keys: [],
    perform: (state) => {
      const isOn = state.appearance.theme === 'high_contrast';
      const next: State = {
        ...state,
        appearance: { ...state.appearance, theme: isOn ? 'terminal' : 'high_contrast' },
      };
      return step(withNotice(next, 'info', `High contrast is ${isOn ? 'off' : 'on'}.`));
    },
  },
  {
    ...{
      id: 'looks.signs',
      title: 'Draw lines and signs with ASCII, or no longer',
      group: 'Program',
      scope: 'everywhere',
    },
    keys: [],
    perform: (state) => {
      const isOn = state.appearance.signs === 'ascii';
      const next: State = {
        ...state,
        appearance: { ...state.appearance, signs: isOn ? 'terminal' : 'ascii' },
      };
      return step(
        withNotice(next, 'info', isOn ? 'Drawn with all signs.' : 'Lines and signs are drawn with ASCII.'),
      );
    },
  },
];
