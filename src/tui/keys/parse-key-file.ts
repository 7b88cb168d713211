import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { closestNames } from '../../core/lib/closest-names.ts';
import type { KeyBindings } from './key-bindings.ts';
import { parseKey } from './parse-key.ts';

/** In place of a key: the action has none, and is reached with `:` alone. */
const DISABLED = 'disabled';
const SHAPE = `a key, a list of keys, or "${DISABLED}"`;

export interface KeyFileContents {
  wanted: KeyBindings;
  /** Where each action stands. */
  lineOf: ReadonlyMap<string, number>;
  problems: readonly string[];
}

const NOTHING: KeyFileContents = { wanted: new Map(), lineOf: new Map(), problems: [] };

/**
 * What a file of keys wants: a map of YAML from the ids of actions to keys.
 *
 * @param ids of all actions there are
 * @returns the keys that can be had, with the line of each action, and in words, with lines, what is wrong with the others
 */
export function parseKeyFile(text: string, ids: readonly string[]): KeyFileContents {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined)
    return {
      ...NOTHING,
      problems: [`line ${lines.linePos(error.pos[0]).line}: ${error.message.replace(/ at line \d.*$/s, '')}`],
    };
  const { contents } = document;
  if (contents === null) return NOTHING;
  if (!isMap(contents))
    return {
      ...NOTHING,
      problems: [`it must be a map such as "jobs.run: ctrl+r": an action's id, and ${SHAPE}`],
    };
  const wanted = new Map<string, readonly string[]>();
  const lineOf = new Map<string, number>();
  const problems: string[] = [];
  for (const pair of contents.items) {
    const id = isScalar(pair.key) ? String(pair.key.value) : '';
    const line = isScalar(pair.key) ? lines.linePos(pair.key.range?.[0] ?? 0).line : undefined;
    const at = line === undefined ? '' : `line ${line}: `;
    const keys: string[] = [];
    const wrong = ids.includes(id) ? keysWritten(pair, id, keys) : [noAction(id, ids)];
    if (wanted.has(id)) wrong.push(`${id} stands here once more: this one counts`);
    problems.push(...wrong.map((problem) => `${at}${problem}`));
    if (wrong.length === 0 || keys.length > 0) wanted.set(id, keys);
    if (line !== undefined) lineOf.set(id, line);
  }
  return { wanted, lineOf, problems };
}

/** Adds the keys of an action to `keys`. @returns what is wrong with others */
function keysWritten({ value }: Pair, id: string, keys: string[]): string[] {
  const written = isSeq(value) ? value.items : [value];
  if (isScalar(value) && value.value === DISABLED) return [];
  return written.flatMap((each) => {
    // A key that is a digit is a number to YAML.
    const text =
      isScalar(each) && ['string', 'number'].includes(typeof each.value) ? String(each.value) : undefined;
    if (text === undefined) return [`${id}: ${SHAPE} is what may stand here`];
    const found = parseKey(text);
    if ('problem' in found) return [`${id}: ${found.problem}`];
    keys.push(found.key);
    return [];
  });
}

function noAction(id: string, ids: readonly string[]): string {
  const close = closestNames(id, ids);
  const hint =
    close.length > 0 ? `did you mean ${close.join(', ')}?` : 'docs/reference/dashboard.md lists them';
  return `there is no action "${id}"; ${hint}`;
}
