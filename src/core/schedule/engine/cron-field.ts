/** The unit that a field of a cron pattern counts. */
export interface FieldKind {
  name: string;
  min: number;
  /** The number of values from `min` on. No step is larger. */
  size: number;
  /** The highest number that is allowed. Sunday has two numbers, 0 and 7. */
  max: number;
  /** The names that are allowed for the numbers from `min` on. */
  names: readonly string[];
}

/** The values that a field allows. */
export interface CronField {
  /** In order; at least one. */
  values: readonly number[];
  /**
   * For each value, and the one after the last: the first allowed value that is not smaller; `NONE` when there is none.
   */
  next: Uint8Array;
}

export const NONE = 255;

const fieldKind = (name: string, min: number, size: number, names: readonly string[] = []): FieldKind => ({
  name,
  min,
  size,
  names,
  max: min + size - 1,
});

export const SECOND = fieldKind('second', 0, 60);
export const MINUTE = fieldKind('minute', 0, 60);
export const HOUR = fieldKind('hour', 0, 24);
export const DAY_OF_MONTH = fieldKind('day of month', 1, 31);
export const MONTH = fieldKind('month', 1, 12, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '));
export const DAY_OF_WEEK = {
  ...fieldKind('day of week', 0, 7, 'SUN MON TUE WED THU FRI SAT'.split(' ')),
  max: 7,
};

const ITEM = /^(?:\*\/(\d\d?)|(\w+)(?:-(\w+)(?:\/(\d\d?))?)?)$/;

/** The patterns of many jobs use few distinct field texts. */
const MAX_CACHED = 2000;
const cache = new Map<string, CronField>();

/**
 * Parses a field that consists of numbers, names, ranges, steps and lists of them.
 *
 * @returns `undefined` for anything else, also where croner supports it
 */
export function cronField(text: string, of: FieldKind): CronField | undefined {
  const key = `${of.name} ${text}`;
  let field = cache.get(key);
  if (field === undefined) {
    const allowed = new Set<number>();
    for (const item of text === '*' ? ['*/1'] : text.split(',')) {
      const values = itemValues(item, of);
      if (values === undefined) return undefined;
      for (const value of values) allowed.add(value);
    }
    if (cache.size >= MAX_CACHED) cache.clear();
    field = { values: [...allowed].sort((a, b) => a - b), next: buildNextTable(allowed, of.min + of.size) };
    cache.set(key, field);
  }
  return field;
}

/** The value of a number or name in a field; `undefined` when the text is neither. */
export function cronValue(text: string, { names, min, max }: FieldKind): number | undefined {
  const value = /^\d\d?$/.test(text) ? Number(text) : names.indexOf(text.toUpperCase()) + min;
  const isName = value >= min && value <= max;
  return isName ? value : undefined;
}

function itemValues(item: string, of: FieldKind): number[] | undefined {
  const [whole, wildcardStep, first, last, rangeStep] = ITEM.exec(item) ?? [];
  if (whole === undefined) return undefined;
  const step = Number(wildcardStep ?? rangeStep ?? 1);
  let [low, high]: (number | undefined)[] = [of.min, of.min + of.size - 1];
  if (first !== undefined) {
    low = cronValue(first, of);
    // In a range that ends with Sunday, Sunday is day 7.
    high = last === undefined ? low : last.toUpperCase() === 'SUN' && of.max === 7 ? 7 : cronValue(last, of);
  }
  if (low === undefined || high === undefined || low > high || step < 1 || step > of.size) return undefined;
  const values: number[] = [];
  for (let value = low; value <= high; value += step) values.push(((value - of.min) % of.size) + of.min);
  return values;
}

function buildNextTable(allowed: ReadonlySet<number>, end: number): Uint8Array {
  const next = new Uint8Array(end + 1).fill(NONE);
  for (let value = end - 1; value >= 0; value -= 1)
    next[value] = allowed.has(value) ? value : (next[value + 1] ?? NONE);
  return next;
}
