import type { RepairResponse } from '../../core/configs/repair-protocol.ts';
import type { CompareRequest, CompareResponse } from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { changeConfig } from '../config/change-config.ts';
import { FOLLOW_LINK, listSelectorPlaces, type SelectorPlace } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { parseExtraction } from '../config/parse-config.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import type { MissingSelector } from '../suggest/compare-pages.ts';
import { type GapRepair, repairByNames, repairGaps } from '../suggest/near-repairs.ts';
import { type ExtractionRules, isLargePage, tryExtractRows } from '../suggest/per-page.ts';
import { repairFromRows } from '../suggest/repair-selectors.ts';
import type { SelectorChange } from '../suggest/selector-change.ts';
import type { TriedRows } from '../suggest/tried-rows.ts';

type Broken = RepairResponse['broken'][number];

/**
 * Proposes a selector for each broken one, and tries all of them together on the page: first those that hold the values
 * of the earlier page, then those that hold values which an earlier run wrote, then those with similar names. Pure.
 * @param now the page of rows; undefined if only detail pages were kept
 * @param compared what is broken, and which changes are known from the earlier page
 */
export function suggestRepairs(
  { yaml, name, earlier_rows = [] }: CompareRequest,
  now: Page | undefined,
  compared: Pick<CompareResponse, 'changed' | 'missing' | 'changes'>,
): RepairResponse {
  const { config } = parseExtraction(yaml, name);
  const places = listSelectorPlaces(config);
  const isSame = (one: { part: string; field: string }, other: { part: string; field: string }) =>
    one.part === other.part && one.field === other.field;
  const all: (MissingSelector & { now: number; place: SelectorPlace })[] = [
    ...compared.changed,
    ...compared.missing.map((one) => ({ ...one, now: 0 })),
  ].flatMap((one) => {
    const place = places.find((other) => isSame(one, other));
    return place ? [{ ...one, place }] : [];
  });
  const known = compared.changes.map((change) => ({ change, basis: 'earlier_page' as const }));
  const others =
    now === undefined ? [] : repairOthers(now, config, all, compared.changes, earlier_rows as Item[]);
  const gaps = now === undefined ? [] : findGaps(now, config, all, earlier_rows as Item[]);
  const proposals = [
    ...known,
    ...others,
    ...gaps.map(({ change }) => ({ change, basis: 'similar_name' as const })),
  ];
  const tried = tryAll(
    yaml,
    name,
    proposals.map(({ change }) => change),
  );
  const before = now && tryExtractRows(now, config);
  const after = now && tried ? tryExtractRows(now, tried) : undefined;
  const broken = all.map(({ place, part, field, selector, now: matched, nearest }): Broken => {
    const found = proposals.find(({ change }) => change.path === place.path);
    return {
      part,
      field,
      path: place.path,
      selector,
      matched,
      ...(nearest && { nearest }),
      ...(found && {
        proposal: {
          value: found.change.value,
          ...measure(place, found.change, after),
          basis: found.basis,
        },
      }),
    };
  });
  for (const { name, gaps: count, change } of gaps) {
    const place = places.find(({ path }) => path === change.path);
    if (place === undefined) continue;
    broken.push({
      part: 'field',
      field: name,
      path: place.path,
      selector: change.from,
      matched: before?.matches[name] ?? 0,
      gaps: count,
      proposal: { value: change.value, ...measure(place, change, after), basis: 'similar_name' },
    });
  }
  return { broken, before: describe(before), after: proposals.length > 0 ? describe(after) : null };
}

/** Fields that some rows lack. Where rows are lost, more than single fields have changed. */
function findGaps(
  now: Page,
  config: ScrapeConfig,
  all: readonly MissingSelector[],
  earlier: readonly Item[],
): GapRepair[] {
  if (all.some(({ part }) => part === 'item') || isLargePage(now)) return [];
  return repairGaps(now, config, new Set(all.map(({ field }) => field)), earlier);
}

/** Repairs what has no known change. */
function repairOthers(
  now: Page,
  config: ScrapeConfig,
  all: readonly (MissingSelector & { place: SelectorPlace })[],
  known: readonly SelectorChange[],
  earlier: readonly Item[],
) {
  const open = all.filter(({ place }) => place.level === 0 && !known.some(({ path }) => path === place.path));
  const item = known.find(({ path }) => path === 'item')?.value;
  const rules = typeof item === 'string' ? { ...config, item } : config;
  const byRows = { basis: 'earlier_rows', find: repairFromRows } as const;
  const byNames = { basis: 'similar_name', find: repairByNames } as const;
  let repaired: ExtractionRules = rules;
  let left = open;
  // Values are searched for in the whole page, which takes seconds on a large one.
  return (isLargePage(now) ? [byNames, byRows] : [byRows, byNames]).flatMap(({ basis, find }) => {
    if (left.length === 0) return [];
    const found = find(now, repaired, left, earlier);
    repaired = found.rules;
    left = left.filter(({ place }) => !found.changes.some(({ path }) => path === place.path));
    return found.changes.map((change) => ({ change, basis }));
  });
}

/** The configuration with the changes; undefined where one cannot be made in its text. */
function tryAll(yaml: string, name: string, changes: readonly SelectorChange[]): ScrapeConfig | undefined {
  try {
    const values = Object.fromEntries(changes.map(({ path, value }) => [path, value]));
    return parseExtraction(changeConfig(yaml, name, values), name).config;
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

/** In how many rows a repaired selector has a value, and the first one. */
function measure(
  { part, field, level }: SelectorPlace,
  { matched }: SelectorChange,
  after: TriedRows | undefined,
): Pick<NonNullable<Broken['proposal']>, 'filled' | 'rows' | 'first'> {
  if (after === undefined || level > 0 || part === 'pagination') return { filled: matched, rows: null };
  const rows = after.found.item ?? after.count;
  if (part === 'item') return { filled: matched, rows: null };
  const [name = '', ...path] = field.split('.');
  const values =
    part === 'follow'
      ? after.valuesOf(FOLLOW_LINK)
      : after.valuesOf(name).map((value) => valueAt(value, path));
  const filled = values.filter((value) => !isEmpty(value));
  const [first] = filled;
  return { filled: filled.length, rows, ...(first !== undefined && { first: shorten(first) }) };
}

/** The value of a field, also of one within fields; of a list of them the first. */
function valueAt(whole: JsonValue, path: readonly string[]): JsonValue {
  return path.reduce<JsonValue>((value, key) => {
    const one = Array.isArray(value) ? (value[0] ?? null) : value;
    return typeof one === 'object' && one !== null && !Array.isArray(one) ? (one[key] ?? null) : null;
  }, whole);
}

function describe(tried: TriedRows | undefined): RepairResponse['after'] {
  if (tried === undefined) return null;
  const { count, matches } = tried;
  const first = Object.entries(tried.take(1)[0] ?? {}).map(([name, value]) => [name, shorten(value)]);
  return { rows: count, matches, first: Object.fromEntries(first) };
}

const MAX_VALUE_CHARACTERS = 200;

/** A long value as text; anything else as it is. */
function shorten(value: JsonValue): JsonValue {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= MAX_VALUE_CHARACTERS) return value;
  return `${text.slice(0, MAX_VALUE_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
