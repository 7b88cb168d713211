import { createRequire } from 'node:module';
import type { JSONPathQuery } from 'json-p3';
import { LRUCache } from 'lru-cache';
import { isRecord } from '../../core/lib/json.ts';
import type { JsonValue } from '../lib/page.ts';
import { matchesWhole, searches } from '../parsers/match-pattern.ts';

type Engine = typeof import('json-p3');
/** A path that was compiled. */
export interface JsonQuery {
  /** Finds all values, in document order. */
  find(root: JsonValue): readonly JsonValue[];
  /** Finds the only value that the path can select; absent for a path that may select several. */
  findOne?(root: JsonValue): JsonValue | undefined;
}

/** Deeper documents are data that no person wrote, and each level of `..` costs a stack frame. */
const MAX_DEPTH = 1_000;
/** A configuration has about ten paths. */
const MAX_CACHED_QUERIES = 200;

/** A list at a later place of another list is no API's answer. */
const MAX_LIST_INDEX = 1_000;

const queries = new LRUCache<string, JsonQuery>({ max: MAX_CACHED_QUERIES });

// Loaded only if there is a path: loading takes longer than parsing a configuration.
const require = createRequire(import.meta.url);
let engine: { parser: Engine; environment: InstanceType<Engine['JSONPathEnvironment']> } | undefined;

/**
 * Returns the values that a JSONPath (RFC 9535) selects, in document order. `match()` and `search()` use RE2's patterns,
 * which take linear time.
 * @throws JsonPathError if the path is invalid
 * @throws an error that {@link isTooDeep} knows, if the value is nested too deep for `..`
 */
export function queryJson(path: string, root: JsonValue): readonly JsonValue[] {
  return getJsonQuery(path).find(root);
}

/**
 * Returns what selects by a JSONPath, for many values.
 * @throws JsonPathError as {@link queryJson}
 */
export function getJsonQuery(path: string): JsonQuery {
  let query = queries.get(path);
  if (query === undefined) {
    query = toQuery(compile(path));
    queries.set(path, query);
  }
  return query;
}

/** A JSONPath that cannot be read. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
  /** Where it cannot be read, in characters from 0. */
  readonly offset: number | undefined;

  constructor(message: string, offset: number | undefined) {
    super(message);
    this.offset = offset;
  }
}

function compile(path: string): JSONPathQuery {
  engine ??= loadEngine();
  try {
    return engine.environment.compile(path);
  } catch (error) {
    const { message, token } = error as Error & { token?: { index?: number } };
    throw new JsonPathError(message.replace(/\s*\('.*$/s, ''), token?.index);
  }
}

function loadEngine(): NonNullable<typeof engine> {
  const parser = require('json-p3') as Engine;
  const environment = new parser.JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });
  const { ValueType, LogicalType } = parser.FunctionExpressionType;
  const byPattern = (test: (pattern: string, text: string) => boolean) => ({
    argTypes: [ValueType, ValueType],
    returnType: LogicalType,
    // RFC 9535, 2.4.6: what is no text, or no pattern, does not match.
    call: (text: unknown, pattern: unknown) =>
      typeof text === 'string' && typeof pattern === 'string' && test(pattern, text),
  });
  environment.functionRegister.set('match', byPattern(matchesWhole));
  environment.functionRegister.set('search', byPattern(searches));
  return { parser, environment };
}

/** A name, an index, or all entries. */
type Step = string | number | typeof ALL;

const ALL = Symbol('all');

/**
 * Most paths only name the way to values. To walk it takes a tenth of the time of the engine, and a run asks ten of them
 * for each row.
 */
function toQuery(compiled: JSONPathQuery): JsonQuery {
  const steps = getSteps(compiled);
  if (steps === undefined) return { find: (root) => selectValues(compiled, root) };
  if (isToOne(steps)) {
    const findOne = (root: JsonValue) => walk(root, steps);
    const find = (root: JsonValue) => {
      const value = findOne(root);
      return value === undefined ? [] : [value];
    };
    return { find, findOne };
  }
  return { find: (root) => steps.reduce<readonly JsonValue[]>(takeStep, [root]) };
}

/** Its method `query` passes the entries of a list as arguments, of which a call takes about 100,000. */
function selectValues(compiled: JSONPathQuery, root: JsonValue): JsonValue[] {
  return Array.from(compiled.lazyQuery(root as never), ({ value }) => value as JsonValue);
}

function walk(root: JsonValue, steps: readonly (string | number)[]): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const step of steps) {
    value = getEntry(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

function takeStep(values: readonly JsonValue[], step: Step): readonly JsonValue[] {
  if (step !== ALL)
    return values.map((value) => getEntry(value, step)).filter((entry) => entry !== undefined);
  const [first = null] = values;
  return values.length === 1 ? listEntries(first) : values.flatMap(listEntries);
}

function getEntry(value: JsonValue, step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined;
  return isRecord(value) ? (value[step] as JsonValue | undefined) : undefined;
}

function listEntries(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? (Object.values(value) as JsonValue[]) : [];
}

function isToOne(steps: readonly Step[]): steps is (string | number)[] {
  return !steps.includes(ALL);
}

/** The steps of a path of names, indexes and `*`; undefined for all others, and with a name that all objects inherit. */
function getSteps({ segments }: JSONPathQuery): Step[] | undefined {
  const steps = segments.map((segment): Step | undefined => {
    const [selector, ...others] = segment.selectors as unknown as { name?: string; index?: number }[];
    if (selector === undefined || others.length > 0 || String(segment).startsWith('..')) return undefined;
    if (selector.name !== undefined) return selector.name in Object.prototype ? undefined : selector.name;
    return selector.index ?? (String(selector) === '*' ? ALL : undefined);
  });
  return steps.every((step) => step !== undefined) ? steps : undefined;
}

/**
 * Returns the names and indexes that lead to a list, if a path selects its entries, each by itself: `$.results[*]`, or
 * `$.results[?@.stock > 0]`. Undefined for all other paths.
 * @throws JsonPathError if the path is invalid
 */
export function getListSteps(path: string): (string | number)[] | undefined {
  const { segments, environment } = compile(path);
  const last = segments.at(-1)?.toString() ?? '';
  if (!/^\[(?:\*|\?[^$]*)\]$/.test(last)) return undefined;
  const { JSONPathQuery } = (engine as NonNullable<typeof engine>).parser;
  const steps = getSteps(new JSONPathQuery(environment, segments.slice(0, -1)));
  const isNear = (step: string | number) => typeof step === 'string' || (step >= 0 && step <= MAX_LIST_INDEX);
  return steps !== undefined && isToOne(steps) && steps.every(isNear) ? steps : undefined;
}

/** Where a path that selects nothing stops. */
export interface JsonStop {
  /** The longest beginning of the path that selects something. */
  reached: string;
  /** What follows it, such as `.items`, and the name in it. */
  next: string;
  name: string;
  /** The values there. */
  values: JsonValue[];
}

/** Returns where a valid path that selects nothing stops, for messages. */
export function findJsonStop(path: string, root: JsonValue): JsonStop {
  const { segments, environment } = compile(path);
  const { JSONPathQuery } = (engine as NonNullable<typeof engine>).parser;
  for (let length = segments.length - 1; length > 0; length--) {
    const begun = new JSONPathQuery(environment, segments.slice(0, length));
    const values = selectValues(begun, root);
    if (values.length > 0) return toStop(begun.toString(), String(segments[length]), values);
  }
  return toStop('$', String(segments[0] ?? ''), [root]);
}

function toStop(reached: string, next: string, values: JsonValue[]): JsonStop {
  return { reached, next, name: next.replaceAll(/^\.{1,2}|^\[["']?|["']?\]$/g, ''), values };
}

/** Whether a step of a path names a member, rather than entries by their index or a filter. */
export function isNameStep(step: string): boolean {
  return /^(?:\.|\[["'])/.test(step);
}

/** Writes the step to a name or an index. */
export function formatJsonStep(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Whether an error says that a value is nested too deep for a path. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError || (error as Error).name === 'JSONPathRecursionLimitError';
}
