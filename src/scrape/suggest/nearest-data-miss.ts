import { isRecord } from '../../core/lib/json.ts';
import { findNearestName } from '../config/nearest-name.ts';
import { isDataMatch, queryData } from '../extract/data-match.ts';
import { findMatches } from '../extract/find-matches.ts';
import { SelectorFailure } from '../extract/select.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { type DataSelector, formatDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { findJsonStop, formatJsonStep, isNameStep } from '../selectors/json-path.ts';
import type { NearestMiss } from './near-names.ts';

const MAX_NEAR = 3;
const MAX_NAME_CHARACTERS = 60;
/** Rows that are asked. */
const MAX_ROWS = 20;

/**
 * Follows the path of a selector of data that selects nothing, up to the name that is missing.
 * @param above the selectors of the rows and of the parents, outermost first, within which it reads; empty for the page
 * @returns undefined if the page has no such data
 */
export function findNearestDataMiss(
  page: Page,
  data: DataSelector,
  above: readonly string[],
): NearestMiss | undefined {
  const roots = findRoots(
    page,
    above.length === 0 ? formatDataSelector({ ...data, path: '$' }) : undefined,
    above,
  );
  if (roots.length === 0) return undefined;
  const stops = roots.map((root) => findJsonStop(data.path, root));
  const [first] = stops.toSorted((one, other) => other.reached.length - one.reached.length);
  if (first === undefined) return undefined;
  const values = stops.filter(({ reached }) => reached === first.reached).flatMap((stop) => stop.values);
  const names = [...new Set(values.flatMap((value) => (isRecord(value) ? Object.keys(value) : [])))];
  const nearest = findNearestName(first.name, names);
  const near = [
    ...(nearest === undefined ? [] : [nearest]),
    ...names.filter((name) => name !== nearest),
    ...(isNameStep(first.next) ? listEntrySteps(values, first.name) : []),
  ];
  return {
    prefix: formatDataSelector({ ...data, path: first.reached }),
    matched: values.length,
    missing: first.next,
    near: near.slice(0, MAX_NEAR).map((name) => name.slice(0, MAX_NAME_CHARACTERS)),
  };
}

/** Returns the steps to the first entry of a list and to all of them, up to the name that may be meant. */
function listEntrySteps(values: readonly JsonValue[], missing: string): string[] {
  const lists = values.filter(Array.isArray).filter(({ length }) => length > 0);
  if (lists.length === 0) return [];
  const names = new Set(
    lists
      .flatMap((entries) => entries.slice(0, MAX_ROWS))
      .flatMap((entry) => (isRecord(entry) ? Object.keys(entry) : [])),
  );
  const name = names.has(missing) ? missing : findNearestName(missing, [...names]);
  const step = name === undefined ? '' : formatJsonStep(name);
  return [`[0]${step}`, `[*]${step}`];
}

function findRoots(
  page: Page,
  whole: string | undefined,
  [item = whole, ...parents]: readonly string[],
): JsonValue[] {
  let found: JsonValue[];
  try {
    found = findMatches(page, item ?? '')
      .filter(isDataMatch)
      .slice(0, MAX_ROWS)
      .map(({ value }) => value);
  } catch (error) {
    if (error instanceof SelectorFailure) return [];
    throw error;
  }
  for (const parent of parents) {
    const path = parseDataSelector(parent)?.path;
    found = path === undefined ? [] : found.flatMap((value) => queryData(page, path, value));
  }
  return found;
}
