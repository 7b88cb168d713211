import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import { isEmpty } from '../extract/field-text.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page, PageElement } from '../lib/page.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { listDataAbove, type MissingSelector } from './compare-pages.ts';
import { listNearSelectors } from './near-selectors.ts';
import { type ExtractionRules, tryExtractRows } from './per-page.ts';
import { describeChange, type SelectorChange, withField } from './selector-change.ts';

/** A field that has a value in less than this share of the rows is not repaired. */
const FILLED_SHARE = 0.5;
const MAX_KNOWN_VALUES = 50;

/**
 * Finds selectors that differ from broken ones in names alone, and fill the field in most rows. The item comes first, as
 * all fields are within it. Pure.
 * @param broken those of the page of rows
 * @param earlier rows of an earlier run: values that look like theirs count more
 */
export function repairByNames(
  now: Page,
  rules: ExtractionRules,
  broken: readonly MissingSelector[],
  earlier: readonly Item[],
): { changes: SelectorChange[]; rules: ExtractionRules } {
  const changes: SelectorChange[] = [];
  let repaired = rules;
  const take = (found: { change: SelectorChange; rules: ExtractionRules } | undefined) => {
    if (found === undefined) return;
    changes.push(found.change);
    repaired = found.rules;
  };
  if (broken.some(({ part }) => part === 'item')) take(repairItem(now, repaired));
  for (const { part, field } of broken)
    if (part === 'field' || part === 'follow') take(repairOne(now, repaired, field, earlier));
  return { changes, rules: repaired };
}

function repairItem(now: Page, rules: ExtractionRules) {
  const { item } = rules;
  if (item === undefined) return undefined;
  const [best] = listNearSelectors(now, item, {})
    .map(({ selector, isSimilar }) => {
      const changed = { ...rules, item: selector };
      const extraction = tryExtractRows(now, changed);
      const matched = extraction?.found.item ?? 0;
      const filled = Object.keys(rules.selectors)
        .flatMap((name) => extraction?.valuesOf(name) ?? [])
        .filter((one) => !isEmpty(one));
      return {
        rules: changed,
        change: { path: 'item', from: item, value: selector, matched },
        filled: filled.length,
        isSimilar,
      };
    })
    .filter(
      ({ change, filled, isSimilar }) =>
        change.matched > 0 && (filled > 0 || (isSimilar && change.matched > 1)),
    )
    .toSorted((one, other) => other.filled - one.filled);
  return best;
}

function repairOne(now: Page, rules: ExtractionRules, name: string, earlier: readonly Item[]) {
  const isLink = name === FOLLOW_LINK;
  const path = isLink ? FOLLOW_LINK : `selectors.${name}`;
  const field = isLink ? rules.follow : rules.selectors[name];
  if (field === undefined) return undefined;
  const items = rules.item === undefined ? [] : select(now, rules.item);
  const near = listNearSelectors(now, field.selector, {
    roots: items.length > 0 ? items : undefined,
    above: listDataAbove(rules, [name]),
  });
  const shapes = new Set(
    earlier
      .slice(0, MAX_KNOWN_VALUES)
      .flatMap(({ [name]: value = null }) => (isEmpty(value) ? [] : shapeOf(value))),
  );
  let best: { rules: ExtractionRules; change: SelectorChange; known: number } | undefined;
  for (const { selector, isSimilar } of near) {
    const changed = { ...field, selector };
    const next = withField(rules, name, changed);
    const extraction = tryExtractRows(now, next);
    if (extraction === undefined) continue;
    const { count, matches, found } = extraction;
    const values = extraction.valuesOf(name).filter((one) => !isEmpty(one));
    if (values.length === 0 || values.length < (found.item ?? count) * FILLED_SHARE) continue;
    const alike = values.filter((value) => shapes.has(shapeOf(value))).length / values.length;
    const known = Math.round(10 * alike);
    // Another name counts only if the values look as they did.
    if (!isSimilar && known === 0) continue;
    const change = describeChange(path, field, changed, matches[name] ?? 0);
    if (best === undefined || known > best.known) best = { rules: next, change, known };
    // On a large page each try takes long, and the others are less similar.
    if (known === 10 || shapes.size === 0) break;
  }
  return best;
}

/** The form of a value: `"£10.80"` → `"£9.9"`. */
function shapeOf(value: JsonValue): string {
  return JSON.stringify(value)
    .replaceAll(/\p{L}+/gu, 'a')
    .replaceAll(/\d+/g, '9')
    .slice(0, 40);
}

/** A field that more rows lack than this share is not one with gaps. */
const MAX_GAP_SHARE = 0.5;
/** A selector has to fill this share of the gaps. */
const FILLED_GAPS_SHARE = 0.5;

/** A field that some rows lack, and a second selector that has it there. */
export interface GapRepair {
  name: string;
  /** Rows without the field. */
  gaps: number;
  change: SelectorChange;
}

/**
 * Finds the fields that earlier rows always had and a few rows of the page lack, where these rows have an element with a
 * similar name, or with values that look alike: `.price` → `.price, .special-price`. No other row may change by it. Pure.
 * @param skipped fields that are repaired otherwise
 */
export function repairGaps(
  now: Page,
  rules: ExtractionRules,
  skipped: ReadonlySet<string>,
  earlier: readonly Item[],
): GapRepair[] {
  if (rules.item === undefined || isDataSelector(rules.item) || earlier.length === 0) return [];
  const items = select(now, rules.item);
  const rows = tryExtractRows(now, rules);
  // A row of which nothing can be read is dropped: then it is not known which row an element is.
  if (rows?.count !== items.length) return [];
  return Object.entries(rules.selectors).flatMap(([name, field]) => {
    const isAlways = earlier.every(({ [name]: value = null }) => !isEmpty(value));
    if (skipped.has(name) || !isAlways || !isPlain(field)) return [];
    const values = rows.valuesOf(name);
    const gaps = items.filter(
      (item, at) => isEmpty(values[at] ?? null) && select(now, field.selector, item).length === 0,
    );
    if (gaps.length === 0 || gaps.length > items.length * MAX_GAP_SHARE) return [];
    const change = fillGaps(now, rules, name, field, { gaps, values, earlier });
    return change === undefined ? [] : [{ name, gaps: gaps.length, change }];
  });
}

/** Whether two selectors of the field can be written as one list. */
function isPlain({ selector, multiple, children }: FieldSelector): boolean {
  return (
    !multiple &&
    children === undefined &&
    !isDataSelector(selector) &&
    parseXPathSelector(selector) === undefined
  );
}

function fillGaps(
  now: Page,
  rules: ExtractionRules,
  name: string,
  field: FieldSelector,
  {
    gaps,
    values,
    earlier,
  }: { gaps: readonly PageElement[]; values: readonly JsonValue[]; earlier: readonly Item[] },
): SelectorChange | undefined {
  const shapes = new Set(earlier.map(({ [name]: value = null }) => shapeOf(value)));
  for (const { selector, isSimilar } of listNearSelectors(now, field.selector, { roots: gaps })) {
    const changed = { ...field, selector: `${field.selector}, ${selector}` };
    const extraction = tryExtractRows(now, withField(rules, name, changed));
    if (extraction?.count !== values.length) continue;
    const found = extraction.valuesOf(name);
    const filled = found.filter((value, at) => isEmpty(values[at] ?? null) && !isEmpty(value));
    const isSame = values.every(
      (value, at) => isEmpty(value) || JSON.stringify(value) === JSON.stringify(found[at]),
    );
    const isAlike = filled.every((value) => shapes.has(shapeOf(value)));
    if (!isSame || filled.length < gaps.length * FILLED_GAPS_SHARE || !(isSimilar || isAlike)) continue;
    return describeChange(`selectors.${name}`, field, changed, extraction.matches[name] ?? 0);
  }
  return undefined;
}
