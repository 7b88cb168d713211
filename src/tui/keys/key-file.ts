import { readFileSync } from 'node:fs';
import { ACTIONS } from '../actions/action-table.ts';
import { type Environment, userFilePath } from '../user-file-path.ts';
import { bindKeys, type KeyBindings, NO_BINDINGS } from './key-bindings.ts';
import { parseKeyFile } from './parse-key-file.ts';

/** Where the keys lie that the user has chosen: `quickscrape/keys.yaml` in `$XDG_CONFIG_HOME`, by default `~/.config`. */
export function keyFilePath(env: Environment): string {
  return userFilePath('XDG_CONFIG_HOME', 'keys.yaml', env);
}

/** The user's keys; what is wrong with the file is told, with its line, and the rest of it counts. It is never written. */
export function readKeyFile(file: string): { bindings: KeyBindings; problems: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isThere = code !== 'ENOENT' && code !== 'ENOTDIR';
    return { bindings: NO_BINDINGS, problems: isThere ? [`cannot read ${file}: ${message}`] : [] };
  }
  const found = parseKeyFile(
    text,
    ACTIONS.map(({ id }) => id),
  );
  const { bindings, problems } = bindKeys(ACTIONS, found.wanted);
  const taken = problems.map(({ id, description }) => `line ${found.lineOf.get(id)}: ${description}`);
  return { bindings, problems: [...found.problems, ...taken].map((problem) => `keys.yaml: ${problem}`) };
}
