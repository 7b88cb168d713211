import { distance } from 'fastest-levenshtein';
import { RootFinder } from '../extract/row-roots.ts';
import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { getDescendants } from './dom-helpers.ts';

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

/** One step of a selector: its combinator (empty for the first one) and its simple selectors. */
interface Step {
  combinator: '' | ' ' | '>' | '+';
  tokens: string[];
}

/** Longer names are left out. */
const MAX_NAME_CHARACTERS = 60;
const MAX_NEAR = 3;
/** Selectors with more steps are not followed to their end. */
const MAX_STEPS = 12;
/** At most this many elements are examined for names. */
const MAX_ELEMENTS = 20_000;
/** Names that differ in more than this share of their letters are not similar. */
const MAX_DIFFERENCE = 0.5;

const TOKEN = /^(?:\*|[.#]?-?[A-Za-z_][\w-]*|\[[^\][]*\]|:(?:first|last|only)-(?:child|of-type))/;
const COMBINATOR = /^\s*([>+])\s*|^\s+/;

/**
 * Follows a CSS selector that matches nothing, up to the part that fails.
 * @param roots the elements within which it should match; default: the page
 * @returns undefined for XPath, and for selectors that begin with what cannot be followed, such as `:has()`
 */
export function findNearestMiss(
  page: Page,
  selector: string,
  roots?: readonly PageElement[],
): NearestMiss | undefined {
  if (parseXPathSelector(selector) !== undefined) return undefined;
  const [first] = splitList(selector)
    .flatMap((one) => followSelector(page, one, roots) ?? [])
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return first;
}

/** Splits a list of selectors at its commas; commas within brackets do not count. */
function splitList(selector: string): string[] {
  return selector.split(/,(?![^([]*[)\]])/).slice(0, 3);
}

function followSelector(
  page: Page,
  selector: string,
  roots: readonly PageElement[] | undefined,
): NearestMiss | undefined {
  const steps = parseSteps(selector.trim());
  const scope = new Scope(page, roots);
  const done: Step[] = [];
  let matched: readonly PageElement[] = [];
  for (const { combinator, tokens } of steps) {
    const step: Step = { combinator, tokens: [] };
    for (const [index, token] of tokens.entries()) {
      const longer = [...done, { combinator, tokens: [...step.tokens, token] }];
      const found = scope.select(formatSteps(longer));
      if (found.length === 0) {
        const place = index > 0 ? matched : scope.after(matched, done.length === 0 ? '' : combinator);
        const prefix = formatSteps(step.tokens.length === 0 ? done : [...done, step]);
        const count = prefix === '' ? 0 : matched.length;
        const wanted = prefix === '' ? (roots?.length ?? 0) : count;
        const others = tokens.slice(index + 1);
        return {
          prefix,
          matched: count,
          missing: token,
          near: findNames(page, place, token, others, wanted),
        };
      }
      matched = found;
      step.tokens.push(token);
    }
    done.push(step);
  }
  return undefined;
}

/** Reads a selector up to the first part that is not a name, an attribute or a position. */
function parseSteps(selector: string): Step[] {
  const steps: Step[] = [{ combinator: '', tokens: [] }];
  let rest = selector;
  while (rest !== '' && steps.length <= MAX_STEPS) {
    const last = steps.at(-1) as Step;
    const [token] = TOKEN.exec(rest) ?? [];
    if (token !== undefined && !(last.tokens.length > 0 && /^[\w*-]/.test(token))) {
      last.tokens.push(token);
      rest = rest.slice(token.length);
      continue;
    }
    const [sign, combinator] = COMBINATOR.exec(rest) ?? [];
    if (sign === undefined || last.tokens.length === 0) break;
    steps.push({ combinator: (combinator ?? ' ') as Step['combinator'], tokens: [] });
    rest = rest.slice(sign.length);
  }
  return steps.filter(({ tokens }) => tokens.length > 0);
}

function formatSteps(steps: readonly Step[]): string {
  return steps
    .map(({ combinator, tokens }) => {
      const sign = combinator === '' || combinator === ' ' ? combinator : ` ${combinator} `;
      return sign + tokens.join('');
    })
    .join('');
}

/** The part of a page in which a selector should match. */
class Scope {
  readonly #page: Page;
  readonly #roots: readonly PageElement[] | undefined;
  readonly #finder: RootFinder | undefined;

  constructor(page: Page, roots: readonly PageElement[] | undefined) {
    this.#page = page;
    this.#roots = roots;
    this.#finder = roots && new RootFinder(roots);
  }

  select(selector: string): PageElement[] {
    const found = select(this.#page, selector);
    const finder = this.#finder;
    return finder === undefined ? found : found.filter((element) => finder.rootOf(element) !== undefined);
  }

  /** The elements that a step may match after some elements; for the first step (''), all of the scope. */
  after(elements: readonly PageElement[], combinator: Step['combinator']): PageElement[] {
    if (combinator === '>') return elements.flatMap(({ children }) => children.filter(isElement));
    if (combinator === '+') return elements.flatMap((element) => getNextElement(element) ?? []);
    const around =
      combinator === '' ? (this.#roots ?? this.#page.$._root.children.filter(isElement)) : elements;
    const found = new Set<PageElement>(combinator === '' ? around : []);
    for (const outer of around)
      for (const element of getDescendants(outer)) {
        if (found.size >= MAX_ELEMENTS) return [...found];
        found.add(element);
      }
    return [...found];
  }
}

function getNextElement(element: PageElement): PageElement | undefined {
  let { next } = element;
  while (next !== null && !isElement(next)) next = next.next;
  return next ?? undefined;
}

/**
 * Returns the names of elements that are most similar to a missing one.
 * @param others further parts of the same step; one of them may be there still
 * @param wanted the number of elements in whose place something should be; 0 if it is unknown
 */
function findNames(
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
  const counts = new Map<string, number>();
  for (const element of elements)
    for (const name of new Set(getNames(element, missing))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function getNames({ name, attribs }: PageElement, like: string): string[] {
  const usable = (text: string) => (text.length > MAX_NAME_CHARACTERS || /\p{C}/u.test(text) ? [] : [text]);
  if (like.startsWith('.'))
    return (attribs['class'] ?? '').split(/\s+/).flatMap((one) => (one === '' ? [] : usable(`.${one}`)));
  if (like.startsWith('#')) return attribs['id'] ? usable(`#${attribs['id']}`) : [];
  if (like.startsWith('['))
    return Object.keys(attribs).flatMap((key) => (key === 'class' || key === 'id' ? [] : usable(`[${key}]`)));
  return usable(name);
}

function normalizeName(name: string): string {
  return name
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
