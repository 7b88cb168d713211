import { hash } from 'node:crypto';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { isPrice } from '../../core/lib/price.ts';
import type { FieldRules, ValueKind, ValueRule } from '../../core/model/value-rules.ts';
import { toNumber, toText } from '../../core/runs/item-values.ts';
import { getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item, JsonValue } from '../lib/page.ts';
import { hasMatch } from '../parsers/match-pattern.ts';
import { DAY_CHARACTERS, readInstant } from '../parsers/read-instant.ts';

/** A value that breaks a rule. */
interface BrokenSample {
  /** The number of its row in the run, from 1. */
  row: number;
  /** Absent where messages must not hold text of pages. */
  value?: JsonValue;
  /** The row that had the value before, for `unique`. */
  earlier?: number;
}

/** A rule on the values of a field, and how many rows break it. */
export interface RuleCount {
  field: string;
  rule: Exclude<ValueRule, 'max_unread_percent'>;
  rules: FieldRules;
  /** Rows that break it. */
  broken: number;
  /** Whether some value could not be compared with `min` or `max` at all. */
  hasOthers: boolean;
  /** The first ones. */
  samples: BrokenSample[];
}

/** The results of the rules on the values of a run. */
export interface RuleCounts {
  rows: number;
  rules: RuleCount[];
  /** By field with `max_unread_percent`: the values that it has. */
  values: Record<string, number>;
  /** Fields that no row has, which only a table can have. */
  missing: string[];
}

const MAX_SAMPLES = 3;

/** How a value breaks a rule: `other` is one that cannot be compared, a number is the row that had the same value. */
type Verdict = 'kept' | 'broken' | 'other' | number;

interface CheckedRule {
  count: RuleCount;
  check(value: JsonValue, row: number): Verdict;
  /** Whether a list is a value of its own, and not several. */
  takesLists: boolean;
}

interface CheckedField {
  name: string;
  path: readonly string[];
  rules: CheckedRule[];
  isSeen: boolean;
  values: number;
}

/** Checks the rows of a run, one after the other, against the rules on their values (`expect.fields`). */
export class ValueChecker {
  readonly #fields: readonly CheckedField[];
  #rows = 0;

  constructor(config: Pick<ScrapeConfig, 'selectors' | 'follow' | 'expect'>) {
    const paths = new Map(getSelectors(config).map(({ name, path }) => [name, path]));
    this.#fields = Object.entries(config.expect.fields ?? {}).map(([name, rules]) => ({
      name,
      path: paths.get(name) ?? [name],
      rules: createRules(name, rules),
      isSeen: false,
      values: 0,
    }));
  }

  /** Counts a row. @returns the rules that it breaks; the same array as before while it breaks none */
  check(item: Item): readonly RuleCount[] {
    this.#rows += 1;
    let broken = NO_RULES;
    for (const field of this.#fields) {
      field.isSeen ||= Object.hasOwn(item, field.path[0] ?? '');
      const wholes = valuesAt(item, field.path);
      const values = wholes.flatMap((value) =>
        Array.isArray(value) ? value.filter((one) => !isEmpty(one)) : [value],
      );
      field.values += values.length;
      for (const rule of field.rules)
        if (this.#isBroken(rule, rule.takesLists ? wholes : values)) broken = [...broken, rule.count];
    }
    return broken;
  }

  #isBroken({ count, check }: CheckedRule, values: readonly JsonValue[]): boolean {
    let isBroken = false;
    for (const value of values) {
      const verdict = check(value, this.#rows);
      if (verdict === 'kept') continue;
      if (verdict === 'other') count.hasOthers = true;
      if (!isBroken && count.samples.length < MAX_SAMPLES)
        count.samples.push({
          row: this.#rows,
          value,
          ...(typeof verdict === 'number' && { earlier: verdict }),
        });
      isBroken = true;
    }
    if (isBroken) count.broken += 1;
    return isBroken;
  }

  counts(): RuleCounts {
    const unread = this.#fields.map(({ name, values }) => [name, values] as const);
    return {
      rows: this.#rows,
      rules: this.#fields.flatMap(({ rules }) => rules.map(({ count }) => count)),
      values: Object.fromEntries(unread),
      missing: this.#fields.flatMap(({ name, isSeen }) => (isSeen || this.#rows === 0 ? [] : [name])),
    };
  }
}

/** 132 bits: no two values collide among a billion. */
const HASH_CHARACTERS = 22;

const NO_RULES: readonly RuleCount[] = [];

/** The values of a field in a row; those of entries of a list around it one by one, and none that are empty. */
function valuesAt(value: JsonValue, path: readonly string[]): JsonValue[] {
  if (path.length === 0) return isEmpty(value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((entry) => valuesAt(entry, path));
  if (typeof value !== 'object' || value === null) return [];
  const [key = '', ...rest] = path;
  return Object.hasOwn(value, key) ? valuesAt(value[key] ?? null, rest) : [];
}

function createRules(field: string, rules: FieldRules): CheckedRule[] {
  const { type, min, max, one_of, pattern, unique } = rules;
  const made: CheckedRule[] = [];
  const add = (rule: RuleCount['rule'], check: CheckedRule['check'], takesLists = false) => {
    const count: RuleCount = { field, rule, rules, broken: 0, hasOthers: false, samples: [] };
    made.push({ count, check, takesLists });
  };
  const addTest = (rule: RuleCount['rule'], test: (value: JsonValue) => boolean) =>
    add(rule, (value) => (test(value) ? 'kept' : 'broken'));
  if (type !== undefined) addTest('type', (value) => isOfKind(value, type));
  if (min !== undefined)
    add(
      'min',
      createBound(min, (order) => order >= 0),
    );
  if (max !== undefined)
    add(
      'max',
      createBound(max, (order) => order <= 0),
    );
  if (one_of !== undefined) {
    const allowed = new Set<JsonValue>(one_of);
    addTest('one_of', (value) => allowed.has(value));
  }
  if (pattern !== undefined) addTest('pattern', (value) => hasMatch(pattern, toText(value)));
  if (unique === true) {
    const rows = new Map<string, number>();
    const findFirst = (value: JsonValue, row: number) => {
      // The values themselves may be long texts.
      const key = hash('sha256', JSON.stringify(value), 'base64').slice(0, HASH_CHARACTERS);
      const first = rows.get(key);
      if (first === undefined) rows.set(key, row);
      return first;
    };
    add('unique', (value, row) => findFirst(value, row) ?? 'kept', true);
  }
  return made;
}

/** Compares with a limit: a number, or a date. A limit that is a day is compared with the day of a value. */
function createBound(
  bound: number | string,
  fits: (order: number) => boolean,
): (value: JsonValue) => Verdict {
  if (typeof bound === 'number')
    return (value) => {
      const number = toNumber(value);
      if (number === undefined) return 'other';
      return fits(number - bound) ? 'kept' : 'broken';
    };
  const isDay = bound.length === DAY_CHARACTERS;
  const limit = readInstant(bound) ?? 0;
  return (value) => {
    const instant = typeof value === 'string' ? readInstant(value) : undefined;
    if (typeof value !== 'string' || instant === undefined) return 'other';
    const day = value.slice(0, DAY_CHARACTERS);
    const order = isDay ? Number(day > bound) - Number(day < bound) : instant - limit;
    return fits(order) ? 'kept' : 'broken';
  };
}

const TESTS: Readonly<Record<ValueKind, (value: JsonValue) => boolean>> = {
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && readInstant(value) !== undefined,
  price: isPrice,
  url: (value) => typeof value === 'string' && /^https?:\/\/[^\s/?#]+\S*$/i.test(value) && canParseUrl(value),
  text: (value) => typeof value === 'string',
};

function isOfKind(value: JsonValue, kind: ValueKind): boolean {
  return TESTS[kind](value);
}
