import { isRecord } from '../../core/lib/json.ts';
import type { JsonValue } from '../lib/page.ts';
import { formatJsonStep } from '../selectors/json-path.ts';

/** A list of objects in data: likely the rows. */
export interface DataList {
  /** The JSONPath of its entries: `$.results[*]`. */
  path: string;
  rows: readonly Record<string, JsonValue>[];
  fields: DataField[];
}

export interface DataField {
  name: string;
  /** Relative to the entry: `$.price.value`. */
  path: string;
  /** Its first value, as text. */
  sample: string;
}

/** Lists further down are parts of something else. */
const MAX_DEPTH = 10;
const MAX_VISITED = 20_000;
/** Entries whose names are read. */
const MAX_SAMPLED = 20;
const MAX_FIELDS = 25;
const MAX_LISTS = 5;
const SAMPLE_CHARACTERS = 80;
/** An object of objects is a list by key only if it has this many. */
const MIN_KEYED = 3;

/** Finds the lists of objects in data, the most likely rows first: those with the most values. */
export function findDataLists(root: JsonValue): DataList[] {
  const found: DataList[] = [];
  const left: { path: string; value: JsonValue; depth: number }[] = [{ path: '$', value: root, depth: 0 }];
  for (let visited = 0; left.length > 0 && visited < MAX_VISITED; visited += 1) {
    const { path, value, depth } = left.shift() as (typeof left)[number];
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) continue;
    const list = Array.isArray(value) ? `${path}[*]` : isKeyed(value) ? `${path}.*` : undefined;
    const entries = Object.values(value);
    const rows = entries.filter((entry) => isRecord(entry)) as Record<string, JsonValue>[];
    if (list !== undefined && rows.length > 0) found.push({ path: list, rows, fields: findFields(rows) });
    // What is inside of many rows is a part of each.
    if (list !== undefined && rows.length > 2) continue;
    for (const [key, inner] of Object.entries(value))
      left.push({ path: list ?? path + formatJsonStep(key), value: inner, depth: depth + 1 });
  }
  return found
    .filter(({ fields }) => fields.length > 0)
    .sort((one, other) => score(other) - score(one))
    .slice(0, MAX_LISTS);
}

/** Many entries with many fields; the first hundred entries tell. */
function score({ rows, fields }: DataList): number {
  return Math.min(rows.length, 100) * Math.min(fields.length, 12);
}

/** Whether an object is a list by key: of objects that have the same names. */
function isKeyed(value: Record<string, JsonValue>): boolean {
  const entries = Object.values(value);
  if (entries.length < MIN_KEYED || !entries.every((entry) => isRecord(entry))) return false;
  const [first = '', ...others] = entries.map((entry) =>
    Object.keys(entry as object)
      .sort()
      .join('\n'),
  );
  return first !== '' && others.every((names) => names === first);
}

/** Objects that only wrap an entry: `edges[*].node`, `data[*].attributes`. Their names say nothing. */
const WRAPPERS = /^(?:node|attributes|fields|properties|_source)$/;

/** The values of the entries and of the objects in them; lists of texts, too. */
function findFields(rows: readonly Record<string, JsonValue>[]): DataField[] {
  const fields = new Map<string, DataField>();
  const visit = (record: Record<string, JsonValue>, steps: readonly string[], depth: number) => {
    for (const [key, value] of Object.entries(record)) {
      const inner = WRAPPERS.test(key) && depth === 0 ? depth : depth + 1;
      if (!isRecord(value)) addField(fields, [...steps, key], value);
      else if (inner < 2 && steps.length < 2)
        visit(value as Record<string, JsonValue>, [...steps, key], inner);
    }
  };
  for (const row of rows.slice(0, MAX_SAMPLED)) visit(row, [], 0);
  return [...fields.values()].slice(0, MAX_FIELDS);
}

function addField(fields: Map<string, DataField>, steps: readonly string[], value: JsonValue): void {
  const field = describeField(steps, value);
  if (field === undefined || fields.has(field.path)) return;
  const names = new Set([...fields.values()].map(({ name }) => name));
  let { name } = field;
  for (let count = 2; names.has(name); count += 1) name = `${field.name}_${count}`;
  fields.set(field.path, { ...field, name });
}

/** Returns the field of a value; undefined for nothing, and for what is no value or list of values. */
export function describeField(steps: readonly (string | number)[], value: JsonValue): DataField | undefined {
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one !== 'object');
  if (value === null || value === '' || (typeof value === 'object' && !isList)) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const sample = Array.from(text.replaceAll(/\s+/g, ' ').trim()).slice(0, SAMPLE_CHARACTERS).join('');
  const names = steps.filter((step) => typeof step === 'string');
  return { name: toName(names), path: `$${steps.map(formatJsonStep).join('')}`, sample };
}

/** `price.value` is the price. */
const VALUE_NAMES = /^(?:value|amount|name|title|text|label|url|href|rendered)$/i;

function toName(steps: readonly string[]): string {
  const [first = '', second] = steps.filter((step, at) => at === steps.length - 1 || !WRAPPERS.test(step));
  const words = second === undefined || VALUE_NAMES.test(second) ? first : `${first}_${second}`;
  return words.replaceAll(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '') || 'value';
}
