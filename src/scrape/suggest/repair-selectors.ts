import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { FieldSelector } from '../config/field.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import type { Extraction } from '../extract/extract-rows.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { type ChangedSelector, type ExtractionRules, tryExtractRows } from './compare-pages.ts';
import type { SelectorCandidate } from './example-fields.ts';
import { findNextPage } from './find-next-page.ts';
import { type FoundSelectors, findSelectors } from './find-selectors.ts';
import { getPageText } from './page-signs.ts';

/** A selector to write in place of another one. */
export interface SelectorChange {
  /** Its key in the configuration: `item`, `selectors.price`, `selectors.seller.children.name`. */
  path: string;
  from: string;
  /** The new selector; or the whole field, as it is written, where the value is now in another attribute. */
  value: string | Record<string, unknown>;
  /** Elements that the new selector matches on the page. */
  matched: number;
}

/** Changes that make a configuration extract rows again, as tried on the page. */
export interface Repair {
  changes: SelectorChange[];
  /** Rows with these changes. */
  rows: number;
  /** The first of them. */
  sample: Item | undefined;
}

/** Changes, and the rules that they make. */
type RepairedRules = Repair & { rules: ExtractionRules };

/** Earlier rows that are tried as examples. */
const MAX_TRIED_ROWS = 3;
const MAX_ROWS = 200;
/** Fields beside the broken ones that help to find the row. */
const MAX_EXAMPLES = 12;
const MIN_VALUE_CHARACTERS = 2;
const MAX_VALUE_CHARACTERS = 500;

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
  return { rows, sample, changes: [...best.changes, ...nested.changes, ...pagination] };
}

/** Finds the fields of detail pages on a page of the same thing: the same values, as the first matches. Pure. */
export function repairDetails(
  before: Page,
  now: Page,
  follow: NonNullable<ScrapeConfig['follow']>,
  rules: ExtractionRules,
  changed: readonly ChangedSelector[],
): SelectorChange[] {
  const earlier = extractDetail(before, follow, rules).fields;
  const own = changed.flatMap(({ field: name }): SelectorChange[] => {
    const [field, value] = [follow.selectors[name], toText(earlier[name] ?? null).trim()];
    if (field === undefined || !isUsable(value)) return [];
    const [found] = findSelectors(now, [{ name, value }], { isOneRow: true }).fields;
    for (const candidate of rankCandidates(found?.candidates ?? [], field)) {
      const changedField = withSelector(field, candidate);
      const { fields, matches } = extractDetail(now, { selectors: { [name]: changedField } }, rules);
      if (toText(fields[name] ?? null).trim() === value)
        return [describeChange(`follow.selectors.${name}`, field, changedField, matches[name] ?? 0)];
    }
    return [];
  });
  const { item: _, follow: __, ...whole } = { ...rules, selectors: follow.selectors };
  const nested = repairNested(before, now, { before: whole, now: whole }, changed, 'follow.selectors');
  return [...own, ...nested.changes];
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
  const earlier = changed.length === 0 ? undefined : tryExtractRows(before, rules.before);
  if (earlier === undefined) return none;
  return chooseExamples(earlier, now, changed)
    .map((examples) => tryExamples(now, rules.now, changed, examples))
    .reduce((one, other) => (isBetter(other, one) ? other : one), none);
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

function isBetter(one: Repair, other: Repair): boolean {
  return one.changes.length !== other.changes.length
    ? one.changes.length > other.changes.length
    : one.rows > other.rows;
}

function countRows(page: Page, rules: ExtractionRules): Pick<Repair, 'rows' | 'sample'> {
  const rows = tryExtractRows(page, rules)?.rows ?? [];
  return { rows: rows.length, sample: rows[0] };
}

interface Example {
  name: string;
  value: string;
}

/** Chooses earlier rows whose values are still on the page: those with most of them first. */
function chooseExamples(
  { rows, links }: Extraction,
  now: Page,
  changed: readonly ChangedSelector[],
): Example[][] {
  const text = getPageText(now);
  const wanted = new Set(changed.map(({ field }) => field));
  const all = wanted.has('item');
  const seen = new Map<string, number>();
  const listed = rows.slice(0, MAX_ROWS).map((row, index) => {
    const link = links?.[index];
    const examples = [...listValues(row), ...(link ? [{ name: FOLLOW_LINK, value: link }] : [])];
    for (const { value } of examples) seen.set(value, (seen.get(value) ?? 0) + 1);
    return examples;
  });
  const score = (examples: readonly Example[]) =>
    examples.reduce((sum, { name, value }) => {
      if (!text.includes(value.replaceAll(/\s+/g, ' '))) return sum;
      // A value of every row tells rows apart less.
      return sum + (all || wanted.has(name) ? 2 : 1) / (seen.get(value) ?? 1) ** 0.5;
    }, 0);
  return listed
    .map((examples) => ({ examples: examples.slice(0, MAX_EXAMPLES), score: score(examples) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_TRIED_ROWS)
    .map(({ examples }) => examples);
}

function listValues(row: Item): Example[] {
  return Object.entries(row).flatMap(([name, value]) => {
    const text = toText(value).trim();
    return isUsable(text) ? [{ name, value: text }] : [];
  });
}

function isUsable(text: string): boolean {
  return text.length >= MIN_VALUE_CHARACTERS && text.length <= MAX_VALUE_CHARACTERS;
}

function toText(value: JsonValue): string {
  if (Array.isArray(value)) return toText(value[0] ?? '');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Finds selectors for the examples, and keeps those that work in the rows. */
function tryExamples(
  now: Page,
  rules: ExtractionRules,
  changed: readonly ChangedSelector[],
  examples: readonly Example[],
): RepairedRules {
  const found = findSelectors(now, examples);
  const item = changed.find(({ part }) => part === 'item');
  const changes: SelectorChange[] = [];
  let repaired = rules;
  if (item !== undefined) {
    if (found.item === null) return { changes, rules, ...countRows(now, rules) };
    const { selector, count } = found.item;
    repaired = { ...rules, item: selector };
    changes.push({ path: 'item', from: item.selector, value: selector, matched: count });
  }
  const rows = () => tryExtractRows(now, repaired);
  for (const { name } of examples) {
    const isBroken =
      (item !== undefined || changed.some(({ field }) => field === name)) && isMissing(rows(), name);
    const field = name === FOLLOW_LINK ? rules.follow : rules.selectors[name];
    if (!isBroken || field === undefined) continue;
    const change = repairField(now, repaired, name, field, found);
    if (change === undefined) continue;
    repaired = change.rules;
    changes.push(change.change);
  }
  return { changes, rules: repaired, ...countRows(now, repaired) };
}

/** Whether a selector matches in less than half of the rows. */
function isMissing(extraction: Extraction | undefined, name: string): boolean {
  const rows = extraction?.found.item ?? extraction?.rows.length ?? 0;
  return extraction === undefined || (extraction.matches[name] ?? 0) * 2 < Math.max(1, rows);
}

function repairField(
  now: Page,
  rules: ExtractionRules,
  name: string,
  field: FieldSelector | { selector: string },
  found: FoundSelectors,
): { rules: ExtractionRules; change: SelectorChange } | undefined {
  const isLink = name === FOLLOW_LINK;
  const candidates = found.fields.find((one) => one.name === name)?.candidates ?? [];
  for (const candidate of isLink ? candidates : rankCandidates(candidates, field as FieldSelector)) {
    const isXPath = parseXPathSelector(candidate.selector) !== undefined;
    const around =
      rules.item === undefined && found.item !== null && !isXPath ? `${found.item.selector} ` : '';
    const selector = around + candidate.selector;
    const changed = isLink ? { selector } : withSelector(field as FieldSelector, { ...candidate, selector });
    const next = withField(rules, name, changed);
    const extraction = tryExtractRows(now, next);
    if (isMissing(extraction, name)) continue;
    const matched = extraction?.matches[name] ?? 0;
    const path = isLink ? FOLLOW_LINK : `selectors.${name}`;
    return { rules: next, change: describeChange(path, field, changed, matched) };
  }
  return undefined;
}

/** Those with the attribute that the field has come first; a field of HTML has none. */
function rankCandidates(
  candidates: readonly SelectorCandidate[],
  { attribute, html, children }: FieldSelector,
): SelectorCandidate[] {
  const isOld = (one: SelectorCandidate) => one.attribute === (attribute ?? null);
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

function describeChange(
  path: string,
  { selector: from, ...field }: FieldSelector | { selector: string },
  changed: FieldSelector | { selector: string },
  matched: number,
): SelectorChange {
  const attributeOf = (one: object) => ('attribute' in one ? one.attribute : undefined);
  const isSame = attributeOf(field) === attributeOf(changed);
  return { path, from, value: isSame ? changed.selector : toInput(changed), matched };
}

/** A field as it is written, without keys at their defaults. */
function toInput(field: object): Record<string, unknown> {
  const entries = Object.entries(field).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(entries);
}

function withField(
  rules: ExtractionRules,
  name: string,
  field: FieldSelector | { selector: string },
): ExtractionRules {
  if (name === FOLLOW_LINK)
    return rules.follow ? { ...rules, follow: { ...rules.follow, selector: field.selector } } : rules;
  return { ...rules, selectors: { ...rules.selectors, [name]: field as FieldSelector } };
}
