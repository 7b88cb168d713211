import { isDeepStrictEqual } from 'node:util';
import { closestNames } from '../../core/lib/closest-names.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { isRecord } from '../../core/lib/json.ts';
import { invalidConfig } from './parse-config.ts';
import { editYaml, type Keys, nest } from './yaml-edit.ts';
import { parseYamlText } from './yaml-text.ts';

/** New values by their place in a configuration, such as `selectors.price`; null removes. */
export type ConfigChanges = Readonly<Record<string, unknown>>;

/**
 * Applies changes to the text of a configuration. All other bytes stay. A text for a field that is an object changes the
 * selector of the field; a key of an object for a field that is a text makes an object of it. Whether the result can run
 * is not checked.
 * @throws QuickscrapeError `invalid_config` if the text cannot be read; `invalid_params` for a place that cannot be
 *   changed, with the closest names
 */
export function changeConfig(yaml: string, file: string, changes: ConfigChanges): string {
  let text = yaml;
  let tree = readTree(yaml, file);
  for (const [path, value] of Object.entries(changes)) {
    const { keys, value: wanted } = locate(tree, path, value === null ? undefined : value);
    const expected = setValue(tree, keys, wanted) as Record<string, unknown>;
    if (isDeepStrictEqual(expected, tree)) continue;
    const edited = editYaml(text, keys, wanted);
    if (edited === undefined || !isDeepStrictEqual(tryRead(edited, file), expected)) throw unusualText(path);
    text = edited;
    tree = expected;
  }
  return text;
}

function readTree(yaml: string, file: string): Record<string, unknown> {
  const { value, issues } = parseYamlText(yaml, file);
  if (value === undefined) throw invalidConfig(file, issues);
  return value;
}

function tryRead(yaml: string, file: string): unknown {
  return parseYamlText(yaml, file).value;
}

/** Finds the keys that a path means. Names of fields may have dots. */
function locate(tree: unknown, path: string, value: unknown): { keys: Keys; value: unknown } {
  const keys: string[] = [];
  let node = tree;
  let rest = path;
  while (rest !== '') {
    if (isEmpty(node)) break;
    if (typeof node === 'string' && isField(keys) && value !== undefined)
      return { keys, value: { selector: node, ...(nest(splitPath(rest, path), value) as object) } };
    if (!isRecord(node) && !Array.isArray(node)) throw noKeys(path, keys, node);
    const key = findKey(node, rest);
    const children = key === undefined && isField(keys) && isRecord(node) ? node['children'] : undefined;
    if (isRecord(children) && findKey(children, rest) !== undefined) {
      keys.push('children');
      node = children;
      continue;
    }
    if (key === undefined) {
      if (value === undefined || Array.isArray(node)) throw notThere(path, keys, node);
      break;
    }
    keys.push(key);
    node = (node as Record<string, unknown>)[key];
    rest = rest.slice(key.length + 1);
  }
  if (rest !== '' && value === undefined) throw notThere(path, keys, node);
  if (rest !== '') return { keys: [...keys, ...splitPath(rest, path)], value };
  const isSelector = typeof value === 'string' && isField(keys) && isRecord(node) && 'selector' in node;
  return { keys: isSelector ? [...keys, 'selector'] : keys, value };
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined;
}

/** The longest key with which a path begins. */
function findKey(node: Record<string, unknown> | unknown[], rest: string): string | undefined {
  return Object.keys(node)
    .filter((key) => key !== '' && (rest === key || rest.startsWith(`${key}.`)))
    .sort((a, b) => b.length - a.length)[0];
}

function splitPath(rest: string, path: string): string[] {
  const keys = rest.split('.');
  if (keys.every((key) => key.trim() !== '' && key !== '__proto__')) return keys;
  throw new QuickscrapeError('invalid_params', `changes: ${JSON.stringify(path)} is not a key`, {
    field: 'changes',
    hint: 'A key is the way to a value, such as selectors.price or pagination.selector.',
  });
}

/** Whether keys lead to a field, and not to one of its keys. */
function isField(keys: Keys): boolean {
  const level = keys.findIndex((key) => key !== 'follow');
  if (keys[level] !== 'selectors') return false;
  return keys.at(-2) === 'children' || keys.length === level + 2;
}

function setValue(node: unknown, [key, ...rest]: Keys, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const items = node.map((item, at) => (String(at) === key ? setValue(item, rest, value) : item));
    return value === undefined && rest.length === 0 ? node.filter((_, at) => String(at) !== key) : items;
  }
  const entries = new Map(Object.entries(isRecord(node) ? node : {}));
  const inner = setValue(entries.get(key), rest, value);
  if (inner === undefined) entries.delete(key);
  else entries.set(key, inner);
  return Object.fromEntries(entries);
}

function notThere(path: string, keys: Keys, node: unknown): QuickscrapeError {
  const prefix = keys.length === 0 ? '' : `${keys.join('.')}.`;
  const names = isRecord(node) || Array.isArray(node) ? Object.keys(node) : [];
  const near = closestNames(
    path,
    names.map((name) => prefix + name),
  );
  const shown = near.length > 0 ? near : names.slice(0, 20).map((name) => prefix + name);
  return new QuickscrapeError('invalid_params', `changes: the configuration has no ${path}`, {
    field: 'changes',
    hint: shown.length === 0 ? `${keys.join('.')} has no keys.` : `It has: ${shown.join(', ')}.`,
  });
}

function noKeys(path: string, keys: Keys, node: unknown): QuickscrapeError {
  const [place, key] = [keys.join('.'), path.slice(keys.join('.').length + 1)];
  return new QuickscrapeError(
    'invalid_params',
    `changes: ${place} is ${typeof node === 'string' ? 'a text' : `${node}`}, so it has no ${key}`,
    {
      field: 'changes',
      hint: `Give ${place} as an object: {${key}: …}.`,
    },
  );
}

function unusualText(path: string): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `changes: ${path} cannot be changed alone, because of the way in which the text is written (such as with aliases)`,
    { field: 'changes', hint: 'Give the whole text as yaml.' },
  );
}
