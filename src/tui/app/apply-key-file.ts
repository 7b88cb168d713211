import type { Reducer, State } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { step } from '../kernel/step.ts';
import type { KeyFileText } from '../runtime/watch-key-file.ts';
import { ACTIONS } from './actions.ts';
import { type KeyFile, parseKeyFile } from './key-file.ts';

const NO_KEY_FILE: KeyFile = { bindings: new Map(), problems: [] };

/** Applies the key file at the start. Its keys without a problem count. */
export function withKeyFile(state: State, read: KeyFileText): State {
  const { bindings, problems } = parsed(read);
  const next = { ...state, keys: bindings, keyFile: { text: read.text, problems } };
  return problems.length === 0 ? next : withNotice(next, 'bad', describeProblems(problems), 'keys.yaml');
}

/** Applies a changed key file at once. The keys stay as they were while there is a problem in it. */
export const keyFileReducer: Reducer = (state, event) => {
  if (event.kind !== 'key_file') return step(state);
  const { bindings, problems } = parsed(event);
  if (event.text === state.keyFile.text && String(problems) === String(state.keyFile.problems))
    return step(state);
  const next = { ...state, keyFile: { text: event.text, problems } };
  if (problems.length > 0)
    return step(
      withNotice(next, 'bad', `${describeProblems(problems)}. Your keys stay as they were.`, 'keys.yaml'),
    );
  const news =
    event.text === undefined ? 'keys.yaml is gone: the usual keys work.' : 'The keys of keys.yaml work now.';
  return step(withNotice({ ...next, keys: bindings, chord: [] }, 'good', news, 'keys.yaml'));
};

function parsed({ text, problem }: KeyFileText): KeyFile {
  if (problem !== undefined) return { ...NO_KEY_FILE, problems: [problem] };
  return text === undefined ? NO_KEY_FILE : parseKeyFile(text, ACTIONS);
}

/** The first problem, and how many others there are. */
function describeProblems([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (${others.length} more; all are listed when you quit)`;
}
