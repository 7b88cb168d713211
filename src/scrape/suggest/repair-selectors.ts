import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import { type Follow, getFollowKey, getLinkName } from '../config/follow.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import { isEmpty } from '../extract/field-text.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import type { ChangedSelector, DetailPage, MissingSelector } from './compare-pages.ts';
import {
  chooseText,
  createTextSearch,
  type EarlierValues,
  isSameValue,
  readEarlierValues,
  readWrittenValues,
  toPlainDetail,
} from './earlier-values.ts';
import type { SelectorCandidate } from './example-fields.ts';
import type { Example } from './find-examples.ts';
import { findNextPage } from './find-next-page.ts';
import { type FoundSelectors, findSelectors } from './find-selectors.ts';
import { listEmpty } from './list-empty-fields.ts';
import { findListSelectors } from './list-selectors.ts';
import {
  type ExtractionRules,
  isLargePage,
  listSearched,
  type SearchedText,
  tryExtractRows,
} from './per-page.ts';
import { describeChange, type SelectorChange, withField } from './selector-change.ts';
import type { TriedRows } from './tried-rows.ts';

/** Changes, and what the page gives with them. */
interface TriedChanges {
  changes: SelectorChange[];
  /** Rows with these changes. */
  rows: number;
  /** The first of them. */
  sample: Item | undefined;
}

/** Changes that make a configuration extract rows again, as tried on the page. */
interface Repair extends TriedChanges {
  /** Fields with values on the earlier page that have none in these rows: `price`, `seller.name`. */
  empty: string[];
}

/** Changes, and the rules that they make. */
type RepairedRules = TriedChanges & { rules: ExtractionRules };

/**
 * Finds out which selectors now hold the values of an earlier page, and tries them. Pure.
 * @param before a page on which the selectors worked
 * @param changed the selectors that match less on `now`
 */
export function repairSelectors(
  before: Page,
  now: Page,
  rules: ExtractionRules,
  changed: readonly ChangedSelector[],
): Repair {
  const next = changed.find(({ part }) => part === 'pagination');
  const nextPage = next && findNextPage(now);
  const pagination: SelectorChange[] =
    next && nextPage
      ? [{ path: next.field, from: next.selector, value: nextPage, matched: select(now, nextPage).length }]
      : [];
  const others = changed.filter(({ part }) => part !== 'pagination');
  const { rules: repaired, ...best } = repairRows(before, now, { before: rules, now: rules }, others);
  const nested = repairNested(before, now, { before: rules, now: repaired }, others);
  const { rows, sample } = nested.changes.length > 0 ? countRows(now, nested.rules) : best;
  const changes = [...best.changes, ...nested.changes, ...pagination];
  const empty = changes.length === 0 || rows === 0 ? [] : listEmpty(before, rules, now, nested.rules);
  return { rows, sample, changes, empty };
}

/**
 * Finds the fields of detail pages, and the link to the page after it, on a page of the same thing: the same values, as
 * the first matches. Pure.
 */
export function repairDetails(
  before: Page,
  { page: now, follow, level }: DetailPage,
  rules: ExtractionRules,
  changed: readonly ChangedSelector[],
): SelectorChange[] {
  const { fields: earlier, link } = extractDetail(before, follow, rules, level);
  const place = `${getFollowKey(level)}.selectors`;
  const isOnPage = createTextSearch(now);
  const own = changed.flatMap(({ field: name }): SelectorChange[] => {
    const [field, held = null] = [follow.selectors[name], earlier[name]];
    if (field === undefined || isEmpty(held)) return [];
    const plain = toPlainDetail(field, rules);
    const said = extractDetail(before, { selectors: { [name]: plain.field } }, plain.rules).fields[name];
    const value = chooseText(isOnPage, held, said, field);
    if (value === undefined) return [];
    const [found] = findSelectors(now, [{ name, value }], { isOneRow: true, withNearest: false }).fields;
    const lists = field.multiple ? findListSelectors(now, value) : [];
    for (const candidate of rankCandidates([...(found?.candidates ?? []), ...lists], field)) {
      const changedField = withSelector(field, candidate);
      const { fields, matches } = extractDetail(now, { selectors: { [name]: changedField } }, rules);
      if (isSameValue(fields[name] ?? null, held))
        return [describeChange(`${place}.${name}`, field, changedField, matches[name] ?? 0)];
    }
    return [];
  });
  const { item: _, follow: __, ...whole } = { ...rules, selectors: follow.selectors };
  const nested = repairNested(before, now, { before: whole, now: whole }, changed, place);
  const isLinkLost = changed.some(({ field }) => field === getLinkName(level + 1));
  const further =
    isLinkLost && follow.follow && link !== null
      ? repairLink(now, follow.follow, level + 1, link, rules)
      : [];
  return [...own, ...nested.changes, ...further];
}

/** Finds the link to the page of a level: the same address as before, as the first match. */
function repairLink(
  now: Page,
  follow: Follow,
  level: number,
  link: string,
  rules: ExtractionRules,
): SelectorChange[] {
  const name = getLinkName(level);
  const [found] = findSelectors(now, [{ name, value: link }], { isOneRow: true, withNearest: false }).fields;
  for (const { selector } of found?.candidates ?? []) {
    const changed = { selectors: {}, follow: { ...follow, selector } };
    const later = extractDetail(now, changed, rules, level - 1);
    if (later.link === link) return [describeChange(name, follow, { selector }, later.matches[name] ?? 0)];
  }
  return [];
}

/** The rules for the earlier page, and those for the later one, of which some may be repaired. */
interface BothRules {
  before: ExtractionRules;
  now: ExtractionRules;
}

function repairRows(
  before: Page,
  now: Page,
  rules: BothRules,
  changed: readonly ChangedSelector[],
): RepairedRules {
  const none: RepairedRules = { changes: [], rules: rules.now, ...countRows(now, rules.now) };
  const earlier = changed.length === 0 ? undefined : readEarlierValues(before, now, rules.before, changed);
  return earlier === undefined ? none : tryEarlier(now, rules.now, changed, earlier);
}

/** Finds out which selectors hold the values of rows that a run wrote, when it kept no page. Pure. */
export function repairFromRows(
  now: Page,
  rules: ExtractionRules,
  changed: readonly MissingSelector[],
  rows: readonly Item[],
): RepairedRules {
  return tryEarlier(now, rules, changed, readWrittenValues(rows, now, rules, changed));
}

function tryEarlier(
  now: Page,
  rules: ExtractionRules,
  changed: readonly MissingSelector[],
  earlier: EarlierValues,
): RepairedRules {
  let best: RepairedRules = { changes: [], rules, ...countRows(now, rules) };
  if (earlier.examples.length === 0) return best;
  for (const searched of listSearched(now)) {
    for (const examples of earlier.examples) {
      const tried = tryExamples({ page: now, ...searched }, rules, changed, examples, earlier);
      if (isBetter(tried, best)) best = tried;
      if (best.changes.length < changed.length || best.rows === 0) continue;
      // Each row that is tried searches the page, which takes a while on a large one.
      if (isLargePage(now) || (!changed.some(({ part }) => part === 'item') && isEachItemRow(now, best)))
        return best;
    }
    if (best.changes.length === changed.length && best.rows > 0) return best;
  }
  return best;
}

/** Whether no other fields can give more rows. */
function isEachItemRow(now: Page, { rules, rows }: RepairedRules): boolean {
  return tryExtractRows(now, rules)?.found.item === rows;
}

/**
 * Repairs the fields within fields: each match of the outer field is a row of them. The outer selector has to match
 * still, and both have to be CSS, so that they can be joined.
 */
function repairNested(
  before: Page,
  now: Page,
  rules: BothRules,
  changed: readonly ChangedSelector[],
  place = 'selectors',
): Pick<RepairedRules, 'changes' | 'rules'> {
  let repaired = rules.now;
  const changes = Object.entries(rules.now.selectors).flatMap(([name, field]) => {
    const prefix = `${name}.`;
    const inner = changed.flatMap((one) =>
      one.field.startsWith(prefix) ? [{ ...one, field: one.field.slice(prefix.length) }] : [],
    );
    const within = field.children && inner.length > 0 && toInnerRules(rules, name);
    if (!within) return [];
    const path = `${place}.${name}.children`;
    const own = repairRows(before, now, within, inner);
    const deeper = repairNested(before, now, { ...within, now: own.rules }, inner, path);
    const selectors = { ...repaired.selectors, [name]: { ...field, children: deeper.rules.selectors } };
    repaired = { ...repaired, selectors };
    const placed = own.changes.map((change) => ({
      ...change,
      path: change.path.replace(/^selectors/, path),
    }));
    return [...placed, ...deeper.changes];
  });
  return { changes, rules: repaired };
}

/** The rules by which the matches of a field are rows of its children; undefined if selectors cannot be joined. */
function toInnerRules(rules: BothRules, name: string): BothRules | undefined {
  const within = ({ item, follow: _, ...one }: ExtractionRules): ExtractionRules | undefined => {
    const { selector = '', children = {} } = one.selectors[name] ?? {};
    const joined = [item, selector].filter((part) => part !== undefined);
    const isPlain = joined.every((part) => parseXPathSelector(part) === undefined && !part.includes(','));
    return isPlain ? { ...one, item: joined.join(' '), selectors: children } : undefined;
  };
  const [before, now] = [within(rules.before), within(rules.now)];
  return before && now && { before, now };
}

function isBetter(one: TriedChanges, other: TriedChanges): boolean {
  return one.changes.length !== other.changes.length
    ? one.changes.length > other.changes.length
    : one.rows > other.rows;
}

function countRows(page: Page, rules: ExtractionRules): Pick<TriedChanges, 'rows' | 'sample'> {
  const tried = tryExtractRows(page, rules);
  return { rows: tried?.count ?? 0, sample: tried?.take(1)[0] };
}

/** Finds selectors for the examples, and keeps those that work in the rows. */
function tryExamples(
  { page: now, ...searched }: SearchedText & { page: Page },
  rules: ExtractionRules,
  changed: readonly MissingSelector[],
  examples: readonly Example[],
  earlier: EarlierValues,
): RepairedRules {
  const found = findSelectors(now, examples, { searched, withNearest: false });
  const item = changed.find(({ part }) => part === 'item');
  const changes: SelectorChange[] = [];
  let repaired = rules;
  if (item !== undefined) {
    if (found.item === null) return { changes, rules, ...countRows(now, rules) };
    const { selector } = found.item;
    repaired = { ...rules, item: selector };
    const matched = select(now, selector).length;
    changes.push({ path: 'item', from: item.selector, value: selector, matched });
  }
  for (const { name } of examples) {
    const field = name === FOLLOW_LINK ? rules.follow : rules.selectors[name];
    if (field === undefined) continue;
    if (item === undefined && !changed.some((one) => one.field === name)) continue;
    if (!isMissing(tryExtractField(now, repaired, name), name, field, earlier)) continue;
    const change = repairField(now, repaired, name, field, found, earlier);
    if (change === undefined) continue;
    repaired = change.rules;
    changes.push(change.change);
  }
  return { changes, rules: repaired, ...countRows(now, repaired) };
}

type AnyField = FieldSelector | { selector: string };

/** Whether a field has a value in less than half as many rows as before. */
function isMissing(
  extraction: TriedRows | undefined,
  name: string,
  field: AnyField,
  { shareOf }: EarlierValues,
): boolean {
  if (extraction === undefined) return true;
  const rows = Math.max(1, extraction.found.item ?? extraction.count);
  // The fields inside may be broken, too: they are repaired later.
  const isOuter = 'children' in field && field.children !== undefined;
  const now = isOuter ? (extraction.matches[name] ?? 0) : listValues(extraction, name).length;
  return now === 0 || now * 2 < rows * Math.min(1, shareOf(name));
}

/** Extracts one field alone where its rows do not depend on others: the others take as long again on a large page. */
function tryExtractField(page: Page, rules: ExtractionRules, name: string): TriedRows | undefined {
  const { [name]: field } = rules.selectors;
  if (rules.item === undefined || field === undefined) return tryExtractRows(page, rules);
  const { follow: _, ...others } = rules;
  return tryExtractRows(page, { ...others, selectors: { [name]: field } });
}

function listValues(tried: TriedRows, name: string): JsonValue[] {
  return tried.valuesOf(name).filter((value) => !isEmpty(value));
}

function repairField(
  now: Page,
  rules: ExtractionRules,
  name: string,
  field: AnyField,
  found: FoundSelectors,
  earlier: EarlierValues,
): { rules: ExtractionRules; change: SelectorChange } | undefined {
  const isLink = name === FOLLOW_LINK;
  const candidates = found.fields.find((one) => one.name === name)?.candidates ?? [];
  const ranked = isLink ? candidates : rankCandidates(candidates, field as FieldSelector);
  let best: { rules: ExtractionRules; change: SelectorChange; known: number } | undefined;
  for (const candidate of ranked) {
    const isXPath = parseXPathSelector(candidate.selector) !== undefined;
    const around =
      rules.item === undefined && found.item !== null && !isXPath ? `${found.item.selector} ` : '';
    const selector = around + candidate.selector;
    const changed = isLink ? { selector } : withSelector(field as FieldSelector, { ...candidate, selector });
    const next = withField(rules, name, changed);
    const extraction = tryExtractField(now, next, name);
    if (extraction === undefined || isMissing(extraction, name, field, earlier)) continue;
    const known = shareOfKnown(listValues(extraction, name), earlier.valuesOf(name));
    if (best !== undefined && known <= best.known) continue;
    const path = isLink ? FOLLOW_LINK : `selectors.${name}`;
    best = {
      rules: next,
      change: describeChange(path, field, changed, extraction.matches[name] ?? 0),
      known,
    };
    // The next ones cannot hold more, and each takes as long again.
    if (known === ALL_KNOWN) break;
  }
  return best;
}

/** The steps of {@link shareOfKnown}. */
const ALL_KNOWN = 10;

/** The share of values that the earlier page has, too, each as often: in steps, as rows come and go. */
function shareOfKnown(values: readonly JsonValue[], earlier: readonly string[]): number {
  const left = new Map<string, number>();
  for (const one of earlier) left.set(one, (left.get(one) ?? 0) + 1);
  const same = values.filter((value) => {
    const text = JSON.stringify(value);
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0;
  });
  return Math.round((ALL_KNOWN * same.length) / Math.max(1, values.length));
}

/** Those with the attribute that the field has come first; a field of HTML has none. */
function rankCandidates<T extends Pick<SelectorCandidate, 'attribute'>>(
  candidates: readonly T[],
  { attribute, html, children }: FieldSelector,
): T[] {
  const isOld = (one: T) => one.attribute === (attribute ?? null);
  return candidates
    .filter((one) => one.attribute === null || !(html || children))
    .toSorted((a, b) => Number(isOld(b)) - Number(isOld(a)));
}

function withSelector(
  { attribute: _, ...field }: FieldSelector,
  { selector, attribute }: Pick<SelectorCandidate, 'selector' | 'attribute'>,
): FieldSelector {
  return { ...field, selector, ...(attribute !== null && { attribute }) };
}
