import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/clock.ts';
import { closestNames } from '../../lib/closest-names.ts';
import { foldText } from '../../lib/fold-text.ts';
import { ACTORS, type Actor } from '../../model/definition.ts';
import { JOB_STATES, STATE_ALIASES } from '../job-display-state.ts';
import {
  type AmountField,
  COMPARISONS,
  type Comparison,
  type Condition,
  FILTER_FIELDS,
  type Filter,
  type FilterProblem,
  isAmount,
  isTimeField,
  NAME_FIELDS,
  type NameField,
  type Term,
  type TextRange,
} from './filter-terms.ts';

/** Aliases for the authors of changes, in addition to the names of the actors. */
export const AUTHOR_ALIASES: Readonly<Record<string, readonly Actor[]>> = {
  me: ['tui'],
  you: ['tui'],
  agent: ['mcp', 'rpc'],
  editor: ['hand'],
};

/** Parses a filter. It rejects nothing: unparsable parts become problems, and the rest filters. */
export function parseFilter(text: string): Filter {
  const terms: Term[] = [];
  const problems: FilterProblem[] = [];
  for (const token of tokenizeFilter(text)) {
    const reader = new TokenReader(token, problems);
    const condition = reader.read();
    const { from, to, negated } = token;
    if (condition !== undefined) terms.push({ from, to, negated, ...condition });
  }
  return { text, terms, problems };
}

class TokenReader {
  readonly #token: Token;
  readonly #problems: FilterProblem[];

  constructor(token: Token, problems: FilterProblem[]) {
    this.#token = token;
    this.#problems = problems;
  }

  read(): Condition | undefined {
    const { parts, negated } = this.#token;
    for (const part of parts) if (part.open) this.#problem('the quote is not closed', part);
    const field = this.#token.field?.toLowerCase();
    if (field === undefined) {
      const text = foldText(parts[0]?.text ?? '');
      if (text !== '') return { kind: 'text', text };
      return negated && !parts[0]?.quoted
        ? this.#problem('not what? A word or a field has to follow !')
        : undefined;
    }
    if (field === 'state') return this.#names(field, this.#states());
    if (field === 'by') return this.#names(field, this.#authors());
    if (isIn(NAME_FIELDS, field)) return this.#name(field);
    if (isAmount(field)) return this.#amount(field);
    return this.#unknownField(field);
  }

  #states(): Condition | undefined {
    const found = this.#each(valuesByWord(JOB_STATES, STATE_ALIASES), 'state');
    return found && { kind: 'state', states: found };
  }

  #authors(): Condition | undefined {
    const found = this.#each<Actor>(valuesByWord<Actor>(ACTORS, AUTHOR_ALIASES), 'by');
    return found && { kind: 'by', authors: found };
  }

  /** The values of each part. A word may be a prefix of a value. */
  #each<T>(words: ReadonlyMap<string, readonly T[]>, field: string): T[] | undefined {
    const found = this.#token.parts.flatMap((part) => {
      const word = part.text.toLowerCase();
      const exact = words.get(word);
      if (exact !== undefined) return exact;
      const begun = word === '' ? [] : [...words].filter(([name]) => name.startsWith(word));
      if (begun.length > 0) return begun.flatMap(([, values]) => values);
      const all = [...words.keys()].join(', ');
      this.#problem(
        word === '' ? `${field}: which? ${all}` : `no ${field} is called ${part.text}: ${all}`,
        part,
      );
      return [];
    });
    return found.length === 0 ? undefined : [...new Set(found)];
  }

  #names(field: string, condition: Condition | undefined): Condition | undefined {
    if (this.#token.operator === ':' || this.#token.operator === '=') return condition;
    return this.#problem(`${field} takes names: ${exampleOf(field)}`);
  }

  #name(field: NameField): Condition | undefined {
    const { parts } = this.#token;
    const [only] = parts;
    if (parts.length === 1 && only?.text.toLowerCase() === 'none' && !only.quoted)
      return { kind: 'none', field };
    const values = parts.flatMap((part) => {
      if (part.text !== '') return [{ text: foldText(part.text), whole: part.quoted && !part.open }];
      this.#problem(`${field}: which? A part of its name is enough`, part);
      return [];
    });
    return this.#names(field, values.length === 0 ? undefined : { kind: 'name', field, values });
  }

  #amount(field: AmountField): Condition | undefined {
    const { operator, parts } = this.#token;
    const [part, second] = parts;
    if (part === undefined || part.text === '')
      return this.#problem(`${field}${operator} what? ${exampleOf(field)}`);
    if (second !== undefined) return this.#problem(`${field} takes one value: ${exampleOf(field)}`);
    if (operator === ':' && part.text.toLowerCase() === 'none') return { kind: 'none', field };
    const value = parseAmount(field, part.text);
    if (typeof value === 'string') return this.#problem(value, part);
    return { kind: 'amount', field, is: comparisonOf(operator), value };
  }

  #unknownField(field: string): Condition | undefined {
    const { operator, parts } = this.#token;
    const all = FILTER_FIELDS.map(({ name }) => name);
    const [closest] = closestNames(field, all);
    const meant = closest === undefined ? `Fields: ${all.join(', ')}` : `Did you mean ${closest}?`;
    const text = `${field}${operator}${parts.map((part) => part.text).join()}`;
    return this.#problem(`there is no field ${field}. ${meant} As a text: "${text}"`);
  }

  #problem(text: string, { from, to }: TextRange | TokenPart = this.#token): undefined {
    this.#problems.push({ from, to, text });
  }
}

/** Maps each value's own name and the aliases of several values. */
function valuesByWord<T extends string | null>(
  values: readonly T[],
  aliases: Readonly<Record<string, readonly T[]>>,
): ReadonlyMap<string, readonly T[]> {
  return new Map<string, readonly T[]>([
    ...values.map((value) => [String(value), [value]] as const),
    ...Object.entries(aliases),
  ]);
}

function comparisonOf(operator: string): Comparison {
  return COMPARISONS.find((comparison) => comparison === operator) ?? '=';
}

function exampleOf(field: string): string {
  return FILTER_FIELDS.find(({ name }) => name === field)?.example ?? field;
}

function isIn<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  sec: 1_000,
  m: MINUTE_MS,
  min: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * Parses the value after a comparison: milliseconds for a time, otherwise a number. Returns the problem as a string.
 */
function parseAmount(field: AmountField, text: string): number | string {
  return isTimeField(field) ? parseTime(field, text) : parseNumber(field, text);
}

function parseTime(field: AmountField, text: string): number | string {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-z]*)/gi)];
  const whole = parts.map(([part]) => part).join('');
  const times = parts.map(
    ([, count, unit = '']) => Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN),
  );
  const time = times.reduce((sum, each) => sum + each, 0);
  if (whole === text && text !== '' && Number.isFinite(time)) return time;
  return /^\d+(?:\.\d+)?$/.test(text)
    ? `${text} what? ${field} takes a time such as ${text}m: s, m, h, d or w`
    : `${field} takes a time such as 90s, 10m, 1h30m, 2d or 1w`;
}

function parseNumber(field: AmountField, text: string): number | string {
  const [, sign = '', digits, thousand] = /^([+-]?)(\d+(?:\.\d+)?)(k?)$/i.exec(text) ?? [];
  if (digits === undefined) return `${field} takes a number such as ${field === 'change' ? '-10' : '100'}`;
  return Number(digits) * (thousand ? 1000 : 1) * (sign === '-' ? -1 : 1);
}

/** One word of a filter: the text between spaces, where quoted spaces do not separate. */
export interface Token extends TextRange {
  readonly negated: boolean;
  /** The text before the value as typed; `undefined` for free text. */
  readonly field: string | undefined;
  /** `:` or a comparison; empty for free text. */
  readonly operator: string;
  /** The values of a field, separated by commas. Free text has one part. */
  readonly parts: readonly TokenPart[];
}

/** A value without its quotes; `from` and `to` include them. */
interface TokenPart extends TextRange {
  readonly text: string;
  readonly quoted: boolean;
  /** The closing quote is missing. */
  readonly open: boolean;
}

const FIELD = /^([a-z_]+)(:|<=|>=|<|>|=)/i;

/**
 * Splits a filter's text into words. It accepts every text.
 * @param field matches a field and its operator, in two groups, at the start of a word
 */
export function tokenizeFilter(text: string, field: RegExp = FIELD): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at += 1;
    else {
      const token = readToken(text, at, field);
      tokens.push(token);
      at = token.to;
    }
  }
  return tokens;
}

function readToken(text: string, from: number, fieldPattern: RegExp): Token {
  const negated = text.charAt(from) === '!';
  const start = negated ? from + 1 : from;
  const rest = text.slice(start);
  // A URL is free text, not a field with a name such as `https`.
  const [head = '', field, operator = ''] = /^[a-z]+:\/\//i.test(rest) ? [] : (fieldPattern.exec(rest) ?? []);
  const parts = [readPart(text, start + head.length, field !== undefined)];
  let at = parts[0]?.to ?? start;
  while (field !== undefined && text.charAt(at) === ',') {
    const part = readPart(text, at + 1, true);
    parts.push(part);
    at = part.to;
  }
  return { from, to: at, negated, field, operator, parts };
}

/** Reads up to the next unquoted space, or with `endsAtComma` also up to the next unquoted comma. */
function readPart(text: string, from: number, endsAtComma: boolean): TokenPart {
  let value = '';
  let inQuotes = false;
  let quoted = false;
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      inQuotes = !inQuotes;
      quoted = true;
    } else if (inQuotes && char === '\\' && /["\\]/.test(text.charAt(at + 1))) {
      at += 1;
      value += text.charAt(at);
    } else if (!inQuotes && (/\s/.test(char) || (endsAtComma && char === ','))) break;
    else value += char;
  }
  return { text: value, quoted, open: inQuotes, from, to: at };
}

/** Quotes a value where the syntax needs it. */
export function quoteValue(value: string): string {
  return value === '' || /[\s",]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}
