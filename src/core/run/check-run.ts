import { countWords } from '../count-words.ts';
import { firstFew } from '../first-few.ts';
import type { Check } from './check.ts';
import type { Expectations } from './expectations.ts';

/** A median, and of how many runs it is; `null` without runs. */
export type Usual = { value: number; runs: number } | null;

/** What a run found. */
export interface Found {
  items: number;
  /** By field: in how many items it is filled. */
  filled: Readonly<Record<string, number>>;
  /** The fields that its configuration takes. */
  fields: readonly string[];
}

/** What the last good runs of the same job found. */
export interface UsuallyFound {
  items: Usual;
  /** By field: in how many of 100 items it is filled. */
  fill(field: string): Usual;
}

export const NOTHING_KNOWN: UsuallyFound = { items: null, fill: () => null };

/**
 * Holds what a run found against what is expected of it. A run without items has none of its fields looked at; where
 * `allow_empty` says that it may have none, nothing is.
 */
export function checkRun(expected: Expectations, found: Found, usual: UsuallyFound): Check[] {
  if (found.items === 0 && expected.allow_empty === true) return [];
  const { min_items, max_drop_percent, required_fields = [], min_fill_percent = {} } = expected;
  return [
    ...(min_items === undefined ? [] : [atLeast(min_items, found, usual)]),
    ...(max_drop_percent === undefined ? [] : [notFarBelow(max_drop_percent, found, usual)]),
    ...(found.items === 0 ? [] : [...new Set(required_fields)]).map((field) =>
      isFilled('required_fields', field, 100, found, usual),
    ),
    ...(found.items === 0 ? [] : Object.entries(min_fill_percent)).map(([field, percent]) =>
      isFilled('min_fill_percent', field, percent, found, usual),
    ),
  ];
}

/** What a run without a single item failed, unless it may be empty. */
export function emptyRunCheck(usual: UsuallyFound): Check {
  return atLeast(1, { items: 0 }, usual);
}

function atLeast(least: number, { items }: Pick<Found, 'items'>, { items: usual }: UsuallyFound): Check {
  return check('min_items', null, {
    passed: items >= least,
    found: items,
    expected: least,
    usual,
    message: `${countWords(items, 'item')}, at least ${least.toLocaleString('en-US')} expected${usually(usual, '')}`,
  });
}

function notFarBelow(percent: number, { items }: Found, { items: usual }: UsuallyFound): Check {
  if (usual === null)
    return check('max_drop_percent', null, {
      ...{ passed: true, found: items, expected: null, usual },
      message: `${countWords(items, 'item')}; there is no earlier good run to compare with`,
    });
  // Whole numbers as far as they go: 30 % below 10 are 7, not 7.000000000000001.
  const isFar = (usual.value - items) * 100 > percent * usual.value;
  const less = usual.value > items ? `${shownPercent(100 * (1 - items / usual.value))} % fewer` : 'not fewer';
  return check('max_drop_percent', null, {
    passed: !isFar,
    found: items,
    expected: Math.ceil((usual.value * (100 - percent)) / 100),
    usual,
    message: `${countWords(items, 'item')}, ${less} than usual (${medianWords(usual, '')}); at most ${percent} % fewer expected`,
  });
}

function isFilled(
  name: 'required_fields' | 'min_fill_percent',
  field: string,
  percent: number,
  { items, filled, fields }: Found,
  usual: UsuallyFound,
): Check {
  const count = Object.hasOwn(filled, field) ? (filled[field] ?? 0) : 0;
  const share = Math.floor((count * 1000) / items) / 10;
  const known = usual.fill(field);
  const figures = { passed: count * 100 >= percent * items, found: share, expected: percent, usual: known };
  if (count === 0 && !fields.includes(field))
    return check(name, field, {
      ...figures,
      message: `no item has a field "${field}"; the configuration takes ${firstFew(fields, 10)}`,
    });
  const empty =
    count === items
      ? `${field} is filled in all ${countWords(items, 'item')}`
      : `${field} is empty in ${countWords(items - count, 'item')} of ${items.toLocaleString('en-US')}`;
  return check(name, field, {
    ...figures,
    message: `${empty} (${share} % filled, ${percent} % expected${usually(known, ' %')})`,
  });
}

function check(
  name: Check['check'],
  field: string | null,
  figures: Pick<Check, 'passed' | 'found' | 'expected' | 'message'> & { usual: Usual },
): Check {
  const { passed, found, expected, usual, message } = figures;
  const [value, runs] = usual === null ? [null, 0] : [usual.value, usual.runs];
  return {
    check: name,
    field,
    passed,
    found,
    expected,
    usual: value,
    good_runs: runs,
    suspect: null,
    message,
  };
}

function usually(usual: Usual, unit: string): string {
  return usual === null ? '' : `; usually ${medianWords(usual, unit)}`;
}

function medianWords({ value, runs }: NonNullable<Usual>, unit: string): string {
  const of = runs === 1 ? 'the last good run' : `the median of ${runs} good runs`;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })}${unit}, ${of}`;
}

/** Nothing that is not all is said to be all. */
function shownPercent(percent: number): number {
  return Math.floor(percent * 10) / 10;
}
