import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import type { Extraction } from '../extract/extract-rows.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import { type ChangedSelector, type ExtractionRules, tryExtractRows } from './compare-pages.ts';
import { findNextPage } from './find-next-page.ts';
import { type FoundSelectors, findSelectors } from './find-selectors.ts';
import { getPageText } from './page-signs.ts';

/** A selector to write in place of another one. */
export interface SelectorChange {
  /** Its key in the configuration: `item`, `selectors.price`. */
  path: string;
  from: string;
  to: string;
  /** Set where the value is now in another attribute; null for the text. */
  attribute?: string | null;
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
  const earlier = tryExtractRows(before, rules);
  const next = changed.find(({ part }) => part === 'pagination');
  const nextPage = next && findNextPage(now);
  const pagination: SelectorChange[] =
    next && nextPage
      ? [{ path: next.field, from: next.selector, to: nextPage, matched: select(now, nextPage).length }]
      : [];
  const others = changed.filter(({ part }) => part !== 'pagination');
  const none: Repair = { changes: [], ...countRows(now, rules) };
  const best =
    others.length === 0 || earlier === undefined
      ? none
      : chooseExamples(earlier, now, others)
          .map((examples) => tryExamples(now, rules, others, examples))
          .reduce((one, other) => (isBetter(other, one) ? other : one), none);
  return { ...best, changes: [...best.changes, ...pagination] };
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
    return text.length < MIN_VALUE_CHARACTERS || text.length > MAX_VALUE_CHARACTERS
      ? []
      : [{ name, value: text }];
  });
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
): Repair {
  const found = findSelectors(now, examples);
  const item = changed.find(({ part }) => part === 'item');
  const changes: SelectorChange[] = [];
  let repaired = rules;
  if (item !== undefined) {
    if (found.item === null) return { changes, ...countRows(now, rules) };
    repaired = { ...rules, item: found.item.selector };
    changes.push({ path: 'item', from: item.selector, to: found.item.selector, matched: found.item.count });
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
  return { changes, ...countRows(now, repaired) };
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
  const attribute = 'attribute' in field ? (field.attribute ?? null) : null;
  const isLink = name === FOLLOW_LINK;
  const candidates = found.fields.find((one) => one.name === name)?.candidates ?? [];
  const ranked = candidates.toSorted(
    (a, b) => Number(b.attribute === attribute) - Number(a.attribute === attribute),
  );
  for (const candidate of ranked) {
    const isXPath = candidate.selector.startsWith('xpath:');
    const around =
      rules.item === undefined && found.item !== null && !isXPath ? `${found.item.selector} ` : '';
    const to = around + candidate.selector;
    const changesAttribute = !isLink && candidate.attribute !== attribute;
    const next = withField(rules, name, {
      selector: to,
      ...(changesAttribute && { attribute: candidate.attribute }),
    });
    const extraction = tryExtractRows(now, next);
    if (isMissing(extraction, name)) continue;
    const path = isLink ? FOLLOW_LINK : `selectors.${name}`;
    const matched = extraction?.matches[name] ?? 0;
    const change = { path, from: field.selector, to, matched };
    return { rules: next, change: changesAttribute ? { ...change, attribute: candidate.attribute } : change };
  }
  return undefined;
}

function withField(
  rules: ExtractionRules,
  name: string,
  { selector, attribute }: { selector: string; attribute?: string | null },
): ExtractionRules {
  if (name === FOLLOW_LINK) return rules.follow ? { ...rules, follow: { ...rules.follow, selector } } : rules;
  const earlier = rules.selectors[name];
  if (earlier === undefined) return rules;
  const { attribute: old, ...rest } = earlier;
  const kept = attribute === undefined ? old : attribute;
  const field = { ...rest, selector, ...(kept != null && { attribute: kept }) };
  return { ...rules, selectors: { ...rules.selectors, [name]: field } };
}
