import { nameFor } from '../../core/config/skeleton.ts';
import { isName } from '../../core/job/id.ts';
import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { type EditedLine, EMPTY_LINE, editLine, lineOf } from '../text/edit-line.ts';
import { allConfigs } from './configs-state.ts';
import { startProposal } from './proposal-steps.ts';

/** What is typed for a new configuration. */
export interface NewConfig {
  url: EditedLine;
  name: EditedLine;
  field: 'url' | 'name';
  /** The name is the person's own; else it follows the address. */
  isNamed: boolean;
}

export const FIRST_NEW_CONFIG: NewConfig = {
  url: lineOf('https://'),
  name: EMPTY_LINE,
  field: 'url',
  isNamed: false,
};

/** What is wrong with a field, as a sentence; `undefined` for nothing. */
export function newConfigProblem(
  state: State,
  { url, name }: NewConfig,
  field: NewConfig['field'],
): string | undefined {
  if (field === 'url') {
    const address = url.text.trim();
    const isWeb = /^https?:\/\/[^/\s]+/i.test(address) && !/\s/.test(address) && URL.canParse(address);
    return isWeb ? undefined : 'A web address is wanted, such as https://shop.example/books.';
  }
  const wanted = name.text.trim();
  if (!isName(wanted))
    return 'A name has 1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends.';
  return allConfigs(state).includes(wanted) ? `There is a configuration ${wanted} already.` : undefined;
}

export const newConfigRules: DialogRules<'new_config'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape') return closeDialog(state);
    if (key === 'enter') return accepted(state, dialog);
    if (SWITCHES.includes(key)) {
      const field = dialog.field === 'url' ? 'name' : 'url';
      return step({ ...state, dialog: { ...dialog, field } });
    }
    const line = editLine(dialog[dialog.field], input);
    if (line === undefined) return step(state);
    if (dialog.field === 'name') return step({ ...state, dialog: { ...dialog, name: line, isNamed: true } });
    const url = { ...line, text: line.text };
    const name = dialog.isNamed ? dialog.name : lineOf(freeName(state, url.text));
    return step({ ...state, dialog: { ...dialog, url, name } });
  },
};

const SWITCHES: readonly string[] = ['tab', 'shift+tab', 'up', 'down'];

/** Enter goes on to what is still to be said; after that a first draft is there. */
function accepted(state: State, dialog: NewConfig): Step {
  if (newConfigProblem(state, dialog, 'url') !== undefined)
    return step({ ...state, dialog: { kind: 'new_config', ...dialog, field: 'url' } });
  const isWrong = newConfigProblem(state, dialog, 'name') !== undefined;
  if (isWrong || dialog.field === 'url')
    return step({ ...state, dialog: { kind: 'new_config', ...dialog, field: 'name' } });
  const name = dialog.name.text.trim();
  return startProposal(closeDialog(state).state, dialog.url.text.trim(), name);
}

/** The address's own name, or that with a number when it is taken. */
function freeName(state: State, url: string): string {
  const name = nameFor(url.trim());
  const taken = allConfigs(state);
  if (name === '' || !taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 60)}-${number}`;
    if (!taken.includes(next)) return next;
  }
}
