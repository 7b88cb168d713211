import { pluralize, truncateList } from '../lib/text.ts';
import type { Check } from '../model/check.ts';
import type { Expectations } from '../model/expectations.ts';

/** A median and the number of runs it is based on; `null` without runs. */
export type Baseline = { value: number; runs: number } | null;

/** The results of a run. */
export interface RunMetrics {
  items: number;
  /** Per field: in how many items it is filled. */
  filled: Readonly<Record<string, number>>;
  /** The fields of its configuration. */
  fields: readonly string[];
}

/** The results of the last good runs of the same job. */
export interface BaselineMetrics {
  items: Baseline;
  /** Per field: in how many of 100 items it is filled. */
  fill(field: string): Baseline;
}

export const NO_BASELINE: BaselineMetrics = { items: null, fill: () => null };

/**
 * Checks a run's results against the expectations. Without items, fields are not checked. If `allow_empty` also permits
 * that, nothing is checked.
 */
export function checkRun(expected: Expectations, found: RunMetrics, usual: BaselineMetrics): Check[] {
  if (found.items === 0 && expected.allow_empty === true) return [];
  const { min_items, max_drop_percent, required_fields = [], min_fill_percent = {} } = expected;
  return [
    ...(min_items === undefined ? [] : [checkMinItems(min_items, found, usual)]),
    ...(max_drop_percent === undefined ? [] : [checkMaxDrop(max_drop_percent, found, usual)]),
    ...(found.items === 0 ? [] : [...new Set(required_fields)]).map((field) =>
      checkFillRate('required_fields', field, 100, found, usual),
    ),
    ...(found.items === 0 ? [] : Object.entries(min_fill_percent)).map(([field, percent]) =>
      checkFillRate('min_fill_percent', field, percent, found, usual),
    ),
  ];
}

/** Returns the failed check of a run without any item, for runs that must not be empty. */
export function checkNotEmpty(usual: BaselineMetrics): Check {
  return checkMinItems(1, { items: 0 }, usual);
}

function checkMinItems(
  min: number,
  { items }: Pick<RunMetrics, 'items'>,
  { items: usual }: BaselineMetrics,
): Check {
  return check('min_items', null, {
    passed: items >= min,
    found: items,
    expected: min,
    usual,
    message: `${pluralize(items, 'item')}, at least ${min.toLocaleString('en-US')} expected${describeBaseline(usual, '')}`,
  });
}

function checkMaxDrop(percent: number, { items }: RunMetrics, { items: usual }: BaselineMetrics): Check {
  if (usual === null)
    return check('max_drop_percent', null, {
      passed: true,
      found: items,
      expected: null,
      usual,
      message: `${pluralize(items, 'item')}; there is no earlier good run to compare with`,
    });
  // Integer arithmetic, as far as possible: 30 % below 10 are 7, not 7.000000000000001.
  const isFar = (usual.value - items) * 100 > percent * usual.value;
  const less = usual.value > items ? `${roundPercent(100 * (1 - items / usual.value))} % fewer` : 'not fewer';
  return check('max_drop_percent', null, {
    passed: !isFar,
    found: items,
    expected: Math.ceil((usual.value * (100 - percent)) / 100),
    usual,
    message: `${pluralize(items, 'item')}, ${less} than usual (${formatMedian(usual, '')}); at most ${percent} % fewer expected`,
  });
}

function checkFillRate(
  name: 'required_fields' | 'min_fill_percent',
  field: string,
  percent: number,
  { items, filled, fields }: RunMetrics,
  usual: BaselineMetrics,
): Check {
  const count = Object.hasOwn(filled, field) ? (filled[field] ?? 0) : 0;
  const share = Math.floor((count * 1000) / items) / 10;
  const known = usual.fill(field);
  const figures = { passed: count * 100 >= percent * items, found: share, expected: percent, usual: known };
  if (count === 0 && !fields.includes(field))
    return check(name, field, {
      ...figures,
      message: `no item has a field "${field}"; the configuration takes ${truncateList(fields, 10)}`,
    });
  const empty =
    count === items
      ? `${field} is filled in all ${pluralize(items, 'item')}`
      : `${field} is empty in ${pluralize(items - count, 'item')} of ${items.toLocaleString('en-US')}`;
  return check(name, field, {
    ...figures,
    message: `${empty} (${share} % filled, ${percent} % expected${describeBaseline(known, ' %')})`,
  });
}

function check(
  name: Check['check'],
  field: string | null,
  figures: Pick<Check, 'passed' | 'found' | 'expected' | 'message'> & { usual: Baseline },
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

function describeBaseline(usual: Baseline, unit: string): string {
  return usual === null ? '' : `; usually ${formatMedian(usual, unit)}`;
}

function formatMedian({ value, runs }: NonNullable<Baseline>, unit: string): string {
  const of = runs === 1 ? 'the last good run' : `the median of ${runs} good runs`;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })}${unit}, ${of}`;
}

/** A share below 100 % is never rounded up to 100 %. */
function roundPercent(percent: number): number {
  return Math.floor(percent * 10) / 10;
}
