import { nameFor } from '../../core/configs/skeleton.ts';
import { readTypedAddress } from '../../core/configs/typed-address.ts';
import { isName } from '../../core/model/job-id.ts';
import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { type EditedLine, EMPTY_LINE, editLine, toEditedLine } from '../text/edit-line.ts';
import { sentence } from '../text/sentence.ts';
import { allConfigs } from './configs-state.ts';
import { startSuggestion } from './suggestion-steps.ts';

/** What is typed for a new configuration. */
export interface NewConfig {
  url: EditedLine;
  name: EditedLine;
  field: 'url' | 'name';
  /** The name is the person's own; else it follows the address. */
  isNamed: boolean;
}

export const FIRST_NEW_CONFIG: NewConfig = {
  url: EMPTY_LINE,
  name: EMPTY_LINE,
  field: 'url',
  isNamed: false,
};

/** What is wrong with a field and what to do about it, each a sentence; `undefined` for nothing. */
export function newConfigProblem(
  state: State,
  { url, name }: NewConfig,
  field: NewConfig['field'],
): { problem: string; hint?: string } | undefined {
  if (field === 'url') {
    const read = readTypedAddress(url.text);
    return 'url' in read ? undefined : { problem: sentence(read.problem), hint: read.hint };
  }
  const wanted = name.text.trim();
  if (!isName(wanted))
    return {
      problem: 'A name has 1 to 64 lower-case letters, digits, "-" and "_".',
      hint: 'A letter or a digit stands at both ends.',
    };
  return allConfigs(state).includes(wanted)
    ? { problem: `There is a configuration ${wanted} already.` }
    : undefined;
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
    const name = dialog.isNamed ? dialog.name : toEditedLine(freeName(state, url.text));
    return step({ ...state, dialog: { ...dialog, url, name } });
  },
};

const SWITCHES: readonly string[] = ['tab', 'shift+tab', 'up', 'down'];

/** Enter goes on to what is still to be said, with the address as it was understood; after that a first draft is there. */
function accepted(state: State, dialog: NewConfig): Step {
  const read = readTypedAddress(dialog.url.text);
  if (!('url' in read)) return step({ ...state, dialog: { kind: 'new_config', ...dialog, field: 'url' } });
  const isWrong = newConfigProblem(state, dialog, 'name') !== undefined;
  if (isWrong || dialog.field === 'url') {
    const url = toEditedLine(read.url);
    return step({ ...state, dialog: { kind: 'new_config', ...dialog, url, field: 'name' } });
  }
  return startSuggestion(closeDialog(state).state, read.url, dialog.name.text.trim());
}

/** The address's own name, or that with a number when it is taken. */
function freeName(state: State, address: string): string {
  const read = readTypedAddress(address);
  const name = 'url' in read ? nameFor(read.url) : '';
  const taken = allConfigs(state);
  if (name === '' || !taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 60)}-${number}`;
    if (!taken.includes(next)) return next;
  }
}
