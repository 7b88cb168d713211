import type * as z from 'zod';
import { mixesFileAndTemplate } from './check-urls-from.ts';
import { configSchema } from './config-schema.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';
import { findNearestName } from './nearest-name.ts';
import { BROWSER_PAGINATION_TYPES } from './pagination.ts';

/** A key of the original's guide that this version does not support. It gets a clear message instead of "unknown". */
interface Unsupported {
  message: string;
  hint: string;
}

const KEYS: Readonly<Record<string, Unsupported>> = {
  selector_descriptions: {
    message: 'selector_descriptions is not used',
    hint: 'Keep the descriptions as comments (#).',
  },
};

const VALUES: Readonly<Record<string, Readonly<Record<string, Unsupported>>>> = {
  backend: { selenium: { message: 'selenium is not available', hint: 'Use backend: browser.' } },
};

function findUnsupportedKey(key: string): Unsupported | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

function findUnsupportedValue(path: string, value: unknown): Unsupported | undefined {
  const values = Object.hasOwn(VALUES, path) ? VALUES[path] : undefined;
  if (values === undefined || typeof value !== 'string' || !Object.hasOwn(values, value)) return undefined;
  return values[value];
}

/** Returns the keys that the schema allows at `path` of `raw`; empty if there is no map. */
export function getKeysAt(schema: z.core.$ZodType, raw: unknown, path: Path): string[] {
  const here = findOption(schema, raw);
  const [step, ...rest] = path;
  if (step === undefined) return here.def.type === 'object' ? Object.keys(here.def.shape) : [];
  const inner = getChild(here, String(step));
  return inner === undefined ? [] : getKeysAt(inner, getMember(raw, step), rest);
}

/** Returns the value at `path`, or undefined. */
function getValueAt(raw: unknown, path: Path): unknown {
  return path.reduce(getMember, raw);
}

function getMember(raw: unknown, step: PropertyKey): unknown {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, step)) return undefined;
  return (raw as Record<PropertyKey, unknown>)[step];
}

type Known = z.core.$ZodTypes['_zod'];

/** Unwraps optional and default schemas. Of a union, returns the option that `raw` probably means. */
function findOption(schema: z.core.$ZodType, raw: unknown): Known {
  const known = (schema as z.core.$ZodTypes)._zod;
  const { def } = known;
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault')
    return findOption(def.innerType, raw);
  if (def.type !== 'union') return known;
  const options = def.options
    .map((option) => findOption(option, raw))
    .filter((option) => option.def.type === 'object');
  const byType = options.find((option) => acceptsType(option, getMember(raw, 'type')));
  return (
    byType ??
    options.toSorted(
      (a, b) =>
        countForeignKeys(a, raw) - countForeignKeys(b, raw) ||
        countMissingKeys(a, raw) - countMissingKeys(b, raw),
    )[0] ??
    known
  );
}

/** Counts the keys that an option needs and a map does not have. */
function countMissingKeys({ def }: Known, raw: unknown): number {
  if (def.type !== 'object') return 0;
  return Object.entries(def.shape).filter(
    ([key, { _zod: value }]) => value.optin === undefined && getMember(raw, key) === undefined,
  ).length;
}

/** Counts the keys of a map that an option does not have. */
function countForeignKeys({ def }: Known, raw: unknown): number {
  if (def.type !== 'object' || typeof raw !== 'object' || raw === null) return 0;
  return Object.keys(raw).filter((key) => !Object.hasOwn(def.shape, key)).length;
}

function acceptsType(option: Known, type: unknown): boolean {
  const literal = option.def.type === 'object' ? option.def.shape['type']?._zod : undefined;
  return literal?.values?.has(type as z.core.util.Primitive) ?? false;
}

function getChild({ def }: Known, step: string): z.core.$ZodType | undefined {
  if (def.type === 'object') return def.shape[step];
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : undefined;
}

/** Types that have keys of their own. */
const PAGINATION_TYPES = [
  'next_button',
  'cursor',
  'link_header',
  'url_param',
  'page_number',
  ...BROWSER_PAGINATION_TYPES,
];

type SchemaIssue = z.core.$ZodIssue;

/**
 * Translates an issue of the schema into messages for users.
 * @param raw the configuration as written, before variables are filled in: messages must not contain their values
 */
export function explainIssue(issue: SchemaIssue, raw: unknown, parent: Path = []): Finding[] {
  const path = [...parent, ...issue.path];
  const value = getValueAt(raw, path);
  if (formatPath(path) === 'urls_from' && mixesFileAndTemplate(value)) return [];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, raw, path));
    case 'invalid_union':
      return explainUnion(issue, raw, path);
    case 'invalid_value':
      return [wrongChoice(path, value, issue.values.map(String))];
    case 'invalid_type':
      return [wrongType(path, value, issue.expected)];
    case 'too_small':
      return [{ path, message: describeTooSmall(issue) }];
    case 'too_big':
      return [{ path, message: `must be at most ${issue.maximum}` }];
    case 'custom':
      return [explainCustom(issue, path, value)];
    default:
      return [{ path, message: issue.message }];
  }
}

function explainCustom(issue: z.core.$ZodIssueCustom, path: Path, value: unknown): Finding {
  // The message may quote the value, and a variable's value may be a secret. None is filled into the declarations.
  if (path[0] !== 'params' && typeof value === 'string' && /\$\{(?!params\.)/.test(value)) {
    return {
      path,
      message: 'cannot be used once its variables are filled in',
      hint: 'Check their values.',
    };
  }
  const hint: unknown = issue.params?.['hint'];
  return { path, message: issue.message, hint: typeof hint === 'string' ? hint : undefined };
}

/** What is expected where several kinds of value are allowed, by section. */
const EITHER_HINTS: Readonly<Record<string, string>> = {
  headers: 'string',
  request: 'a text, a number, true or false, or a list of them',
  output: 'the name of a field, or a list of names',
  dedupe: 'true, or the names of fields',
  wait_for: 'a CSS selector, or a number of seconds',
  sitemap: 'the address of a sitemap, or a map with "url"',
  urls_from: 'a file, or a map with "file", "template" or "job"',
  'urls_from.values.*': 'a list such as [a, b], numbers such as {from: 1, to: 9}, or a file such as ids.csv',
  'sitemap.include': 'a pattern, or a list of patterns',
  'sitemap.exclude': 'a pattern, or a list of patterns',
  crawl: 'a pattern, or a list of patterns',
  history: 'the name of a field, or a list of names',
  'changes.key': 'the name of a field, or a list of names',
  'changes.ignore': 'the name of a field, or a list of names',
  '*.becomes': 'a text, a number, or true or false',
  '*.min': 'a number, or a date such as 2026-11-25',
  '*.max': 'a number, or a date such as 2026-11-25',
  changes: 'conditions such as {falls_by_percent: 5}, or "changes"',
};

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, raw: unknown, path: Path): Finding[] {
  if (issue.errors.length === 0) {
    const types = path.at(-1) === 'type' ? getTypesAt(path) : [];
    return [wrongChoice(path, getValueAt(raw, path), types)];
  }
  // The intended option is the one whose kind of value matches.
  const isOtherKind = ({ code, path: inner }: SchemaIssue) =>
    inner.length === 0 &&
    (code === 'invalid_type' || (code === 'invalid_value' && typeof getValueAt(raw, path) !== 'string'));
  const countUnknown = (errors: readonly SchemaIssue[]) =>
    errors.reduce((sum, error) => sum + (error.code === 'unrecognized_keys' ? error.keys.length : 0), 0);
  const meant = issue.errors
    .filter((errors) => !errors.some(isOtherKind))
    .toSorted((a, b) => countUnknown(a) - countUnknown(b))[0];
  if (meant !== undefined) return meant.flatMap((error) => explainIssue(error, raw, path));
  const expected =
    EITHER_HINTS[path.join('.')] ??
    EITHER_HINTS[[...path.slice(0, -1), '*'].join('.')] ??
    EITHER_HINTS[`*.${String(path.at(-1))}`] ??
    EITHER_HINTS[String(path[0])] ??
    'a CSS selector, an XPath after xpath:, or a map with "selector"';
  return [wrongType(path, getValueAt(raw, path), expected)];
}

function getTypesAt(path: Path): string[] {
  if (path[0] === 'authentication') return ['http_basic', 'form'];
  return path[0] === 'delays' ? ['fixed', 'random'] : ['none', ...PAGINATION_TYPES];
}

function unknownKey(key: string, raw: unknown, path: Path): Finding {
  const own = [...path, key];
  const later = findUnsupportedKey(key);
  if (later !== undefined) return { path: own, part: 'key', ...later };
  if (key === 'selectors' && path.at(-1) === 'follow' && path.at(-2) === 'selectors')
    return {
      path: own,
      part: 'key',
      message: 'follow stands among the fields, and is read as one of them',
      hint: `Move it beside selectors, not within: ${FOLLOW_EXAMPLE}.`,
    };
  const allowed = getKeysAt(configSchema, raw, path);
  const suggestion = findNearestName(key, allowed);
  const section = suggestion === undefined ? findSection(key, path) : undefined;
  const hint =
    (suggestion !== undefined && `Did you mean "${suggestion}"?`) ||
    (section !== undefined && `It belongs under "${section}".`) ||
    `Allowed here: ${allowed.join(', ')}.`;
  return { path: own, part: 'key', message: `unknown key "${key}"`, hint };
}

/** Returns the section to which a misplaced key belongs. */
function findSection(key: string, path: Path): string | undefined {
  if (path.length > 0) return Object.hasOwn(configSchema.shape, key) ? 'the top level' : undefined;
  const types = PAGINATION_TYPES.map((type) => ['pagination', type] as const);
  const others = [
    'sitemap',
    'urls_from',
    'crawl',
    'output',
    'data_cleaning',
    'expect',
    'follow',
    'changes',
    'request',
  ].map((section) => [section, undefined] as const);
  return [...types, ...others].find(([section, type]) =>
    getKeysAt(configSchema, { [section]: { type } }, [section]).includes(key),
  )?.[0];
}

function wrongChoice(path: Path, value: unknown, allowed: readonly string[]): Finding {
  const list = allowed.join(', ');
  if (value === undefined) return { path, message: 'is missing', hint: `One of: ${list}.` };
  const later = findUnsupportedValue(formatPath(path), value);
  if (later !== undefined) return { path, ...later };
  const suggestion = typeof value === 'string' ? findNearestName(value, allowed) : undefined;
  return {
    path,
    message: `${describeValue(value)} is not one of ${list}`,
    hint: suggestion === undefined ? undefined : `Did you mean "${suggestion}"?`,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
};

function wrongType(path: Path, value: unknown, expected: string): Finding {
  if (value === undefined) return { path, message: 'is missing', hint: missingHint(path) };
  const wanted = TYPE_NAMES[expected] ?? expected;
  return {
    path,
    message: `expected ${wanted}, found ${describeValue(value)}`,
    hint: hintForFollow(path) ?? hintForCrawl(path, value) ?? typeHint(value, expected),
  };
}

function missingHint(path: Path): string | undefined {
  if (path.at(-1) !== 'selectors') return undefined;
  if (path.length === 1) return 'Add the fields to take: selectors: {title: "h1"}';
  return path[0] === 'follow'
    ? 'Name a field of that page, also where it only leads on to the next one: selectors: {name: "h1"}'
    : undefined;
}

const FOLLOW_EXAMPLE = 'follow: {selector: "a", selectors: {name: "h1"}}';

/** For a list of pages or a lone selector in place of the map. */
function hintForFollow(path: Path): string | undefined {
  if (path.length === 0 || path.some((step) => step !== 'follow')) return undefined;
  return `Write ${FOLLOW_EXAMPLE}. For the page after it, put a follow of its own into that map, beside its selectors.`;
}

/** For a crawl that is only switched on. */
function hintForCrawl(path: Path, value: unknown): string | undefined {
  if (formatPath(path) !== 'crawl') return undefined;
  return value === false
    ? 'Remove crawl.'
    : 'Write crawl: {} for all links of the site, or crawl: {match: "/category/"}.';
}

function typeHint(value: unknown, expected: string): string | undefined {
  const text = expected === 'string' || expected.startsWith('a CSS');
  if (value === null && text)
    return 'Write a value. One that starts with # is a comment to YAML: put it in quotes.';
  if (Array.isArray(value) && text) return 'A value that starts with [ is a list to YAML: put it in quotes.';
  if (expected === 'boolean' && typeof value === 'string' && /^(yes|no|on|off)$/i.test(value)) {
    return 'YAML 1.2 has only true and false.';
  }
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return 'Remove the quotes.';
  if (typeof value === 'string' && /^\$\{.*\}$/.test(value))
    return 'Variables are filled in as text: write the value itself here.';
  if (text && typeof value !== 'object') return 'Put it in quotes.';
  return undefined;
}

function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function describeTooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'is empty';
  if (issue.origin === 'array') return 'the list is empty';
  return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
}
