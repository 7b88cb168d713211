import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { isRecord } from '../../core/lib/json.ts';

/** Keys of maps, and positions in lists as digits. */
export type Keys = readonly string[];

/**
 * Sets or removes one value in a YAML text. All other bytes stay: comments, order, quotes, line breaks. New maps and
 * lists are written in one line. The result may say something else where the text is unusual, such as with aliases, so
 * the caller compares it with what it wants.
 * @param keys where; missing maps are made
 * @param value plain data; `undefined` removes the key
 * @returns undefined if there is no such place
 */
export function editYaml(text: string, keys: Keys, value: unknown): string | undefined {
  const place = findPlace(text, keys);
  if (place === undefined) return undefined;
  const { node, pair, map, rest } = place;
  if (rest.length > 0) {
    if (value === undefined) return undefined;
    const inner = nest(rest.slice(1), value);
    if (isMap(node)) return insertPair(text, node, rest[0] ?? '', inner);
    return isEmptyNode(node) ? replace(text, node, pair, nest(rest, value)) : undefined;
  }
  if (value === undefined) return map && pair ? removePair(text, map, pair) : undefined;
  if (!isMap(node) || !isRecord(value) || Object.keys(value).length === 0)
    return replace(text, node, pair, value);
  // Of a map only the keys that differ are written, so that its comments stay.
  const old = node.items.map(({ key }) => nameOf(key));
  const edits = [
    ...Object.entries(value),
    ...old.filter((name) => !Object.hasOwn(value, name)).map((name) => [name, undefined] as const),
  ];
  return edits.reduce<string | undefined>(
    (edited, [name, one]) => (edited === undefined ? undefined : editYaml(edited, [...keys, name], one)),
    text,
  );
}

/** `{ a: { b: value } }` for the keys a, b. */
export function nest(keys: Keys, value: unknown): unknown {
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

interface Place {
  /** The value at the deepest key that exists; null for a key without a value. */
  node: Node | null;
  /** The entry that holds it, and the map of that entry; undefined for the whole text and for items of lists. */
  pair: Pair | undefined;
  map: YAMLMap | undefined;
  /** The keys that do not exist. */
  rest: Keys;
}

function findPlace(text: string, keys: Keys): Place | undefined {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  let place: Place = { node: document.contents, pair: undefined, map: undefined, rest: keys };
  for (const [at, key] of keys.entries()) {
    const { node } = place;
    const rest = keys.slice(at + 1);
    if (isMap(node)) {
      const pair = node.items.find((one) => nameOf(one.key) === key);
      if (pair === undefined) return place;
      place = { node: (pair.value ?? null) as Node | null, pair, map: node, rest };
    } else if (isSeq(node)) {
      const item = node.items[Number(key)];
      if (item === undefined) return undefined;
      place = { node: item as Node, pair: undefined, map: undefined, rest };
    } else return place;
  }
  return place;
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '?';
}

function isEmptyNode(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Where a node begins and ends, without the white space after it. */
function rangeOf(text: string, node: unknown): [start: number, end: number] {
  const [start, end] = (node as Node).range ?? [0, 0];
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last -= 1;
  return [start, last];
}

function endOf(text: string, { key, value }: Pair): number {
  const [start, end] = rangeOf(text, value ?? key);
  return end > start || value === null ? end : Math.max(end, rangeOf(text, key)[1] + 1);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  const end = at === -1 ? text.length : at;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

function replace(text: string, node: Node | null, pair: Pair | undefined, value: unknown): string {
  const style = isScalar(node) ? node.type : undefined;
  const written = writeValue(value, style);
  if (node === null) {
    const [, end] = rangeOf(text, pair?.key);
    return splice(text, end, end, `: ${written}`);
  }
  const [start, end] = rangeOf(text, node);
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  if (isBlock && pair !== undefined) {
    const colon = text.indexOf(':', rangeOf(text, pair.key)[1]);
    return splice(text, colon + 1, end, ` ${written}`);
  }
  const isGlued = start > 0 && !/[\s{[,]/.test(text[start - 1] ?? '');
  return splice(text, start, end, isGlued ? ` ${written}` : written);
}

function insertPair(text: string, map: YAMLMap, key: string, value: unknown): string {
  const written = `${writeText(key, undefined)}: ${writeValue(value)}`;
  const [first] = map.items;
  const last = map.items.at(-1);
  const [start, end] = rangeOf(text, map);
  if (first === undefined || last === undefined) return splice(text, start, end, `{ ${written} }`);
  const after = endOf(text, last);
  if (map.flow) return splice(text, after, after, `, ${written}`);
  const [firstKey] = rangeOf(text, first.key);
  const indent = firstKey - (text.lastIndexOf('\n', firstKey - 1) + 1);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const at = endOfLine(text, after);
  return splice(text, at, at, lineBreak + ' '.repeat(indent) + written);
}

function removePair(text: string, map: YAMLMap, pair: Pair): string {
  const at = map.items.indexOf(pair);
  const [previous, next] = [map.items[at - 1], map.items[at + 1]];
  const [start] = rangeOf(text, pair.key);
  const end = endOf(text, pair);
  if (previous === undefined && next === undefined) {
    const [from, to] = rangeOf(text, map);
    return splice(text, from, to, '{}');
  }
  if (map.flow)
    return previous === undefined
      ? splice(text, start, rangeOf(text, next?.key)[0], '')
      : splice(text, endOf(text, previous), end, '');
  const line = text.lastIndexOf('\n', start - 1) + 1;
  // In a list, the first key stands behind a dash.
  if (text.slice(line, start).trim() !== '' && next !== undefined)
    return splice(text, start, rangeOf(text, next.key)[0], '');
  const after = text.indexOf('\n', end);
  return after === -1
    ? splice(text, Math.max(0, line - 1), text.length, '')
    : splice(text, line, after + 1, '');
}

/** Writes data in one line. @param style the quotes that a text has if it can */
function writeValue(value: unknown, style?: string): string {
  if (typeof value === 'string') return writeText(value, style);
  if (Array.isArray(value)) return `[${value.map((one) => writeValue(one)).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).map(([key, one]) => `${writeText(key)}: ${writeValue(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function writeText(value: string, style?: string): string {
  if (style === 'QUOTE_SINGLE' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  return style !== 'QUOTE_DOUBLE' && isPlain(value) ? value : JSON.stringify(value);
}

/** Whether a text needs no quotes, neither by itself nor within `{}`. */
function isPlain(text: string): boolean {
  if (text.length > 1_000 || text.trim() !== text || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return false;
  if (/[[\]{},`"'|>&*!%@]|^[-?:#]|[:#]$/.test(text.slice(0, 1)) || /[[\]{},]|: | #|[:#]$/.test(text))
    return false;
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  return errors.length === 0 && isScalar(contents) && contents.value === text && contents.type === 'PLAIN';
}
