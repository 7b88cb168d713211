import { distance } from 'fastest-levenshtein';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';

/** How far a selector that matches nothing gets, and what is there instead. */
export interface NearestMiss {
  /** The longest beginning of the selector that matches something; empty if not even its first part does. */
  prefix: string;
  /** Number of elements that `prefix` matches. */
  matched: number;
  /** The part after it, which matches nothing there. */
  missing: string;
  /** What is in its place, the most similar first: `.price-colour ×20`. */
  near: string[];
}

/** Longer names are left out. */
const MAX_NAME_CHARACTERS = 60;
const MAX_NEAR = 3;
/** At most this many elements are examined for names. */
export const MAX_ELEMENTS = 20_000;
/** Names that differ in more than this share of their letters are not similar. */
const MAX_DIFFERENCE = 0.5;

/**
 * Returns the names of elements that are most similar to a missing one.
 * @param missing as in CSS: a tag, `.class`, `#id` or `[attribute]`; in XML a tag may have a prefix: `g|price`
 * @param others further parts of the same step; one of them may be there still
 * @param wanted the number of elements in whose place something should be; 0 if it is unknown
 */
export function findNearNames(
  page: Page,
  place: readonly PageElement[],
  missing: string,
  others: readonly string[],
  wanted: number,
): string[] {
  const inPlace = new Set(place);
  const still = others.flatMap((token) => {
    if (token.startsWith(':')) return [];
    const count = select(page, token).filter((element) => inPlace.has(element)).length;
    return count === 0 ? [] : [{ name: token, count }];
  });
  const counts = countNames(place.slice(0, MAX_ELEMENTS), missing);
  const wantedName = normalizeName(missing);
  const ranked = [...counts]
    .map(([name, count]) => ({ name, count, difference: measureDifference(wantedName, normalizeName(name)) }))
    .sort(
      (a, b) =>
        a.difference - b.difference ||
        Math.abs(a.count - wanted) - Math.abs(b.count - wanted) ||
        (a.name < b.name ? -1 : 1),
    );
  const similar = ranked.filter(({ difference }) => difference <= MAX_DIFFERENCE);
  // Without a similar name, those that are there as often as expected.
  const instead =
    similar.length > 0 ? similar : ranked.filter(({ count }) => wanted > 0 && count >= wanted / 2);
  return [...still, ...instead].slice(0, MAX_NEAR).map(({ name, count }) => `${name} ×${count}`);
}

/** Counts the elements by their names of the same kind: classes, ids, attributes or tags. */
function countNames(elements: readonly PageElement[], missing: string): Map<string, number> {
  // Most elements of a large page have the names of many others.
  const alike = new Map<string, { names: Set<string>; count: number }>();
  for (const element of elements) {
    const key = getNameText(element, missing);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { names: new Set(getNames(element, missing)), count: 1 });
    else known.count += 1;
  }
  const counts = new Map<string, number>();
  for (const { names, count } of alike.values())
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + count);
  return counts;
}

/** What decides which names of a kind an element has. */
function getNameText({ name, attribs }: PageElement, like: string): string {
  if (like.startsWith('.')) return attribs['class'] ?? '';
  if (like.startsWith('#')) return attribs['id'] ?? '';
  return like.startsWith('[') ? Object.keys(attribs).join(' ') : name;
}

function getNames({ name, attribs }: PageElement, like: string): string[] {
  const usable = (text: string) => (text.length > MAX_NAME_CHARACTERS || /\p{C}/u.test(text) ? [] : [text]);
  if (like.startsWith('.'))
    return (attribs['class'] ?? '').split(/\s+/).flatMap((one) => (one === '' ? [] : usable(`.${one}`)));
  if (like.startsWith('#')) return attribs['id'] ? usable(`#${attribs['id']}`) : [];
  if (like.startsWith('['))
    return Object.keys(attribs).flatMap((key) => (key === 'class' || key === 'id' ? [] : usable(`[${key}]`)));
  return usable(name.replace(':', '|'));
}

/** Whether two names as in CSS, such as `.price` and `.price-now`, are similar. */
export function areSimilarNames(one: string, other: string): boolean {
  return measureDifference(normalizeName(one), normalizeName(other)) <= MAX_DIFFERENCE;
}

/** What is compared of a name. Feeds change the prefix of a tag more often than its name. */
function normalizeName(name: string): string {
  return name
    .replace(/^[\w-]+\|/, '')
    .replace(/^\[([^\]~|^$*=]*).*$/s, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** From 0 for equal names to 1. A name that contains the other one is similar. */
function measureDifference(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  const shortest = Math.min(one.length, other.length);
  if (shortest === 0) return 1;
  if (one === other) return 0;
  if (shortest >= 3 && (one.includes(other) || other.includes(one))) return 0.3;
  return longest - shortest > longest * MAX_DIFFERENCE ? 1 : distance(one, other) / longest;
}
