import { closestNames } from '../../core/lib/closest-names.ts';
import { getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { getClasses } from '../suggest/dom-helpers.ts';
import { cleanText, isForPrograms } from './visible-content.ts';

/** The elements that a selector or a text names. */
export interface FoundPlace {
  elements: PageElement[];
  by: 'selector' | 'text' | 'attribute';
  /** The attribute that holds the text. */
  attribute?: string;
}

/** More elements than anyone reads. */
const MAX_FOUND = 1_000;

/**
 * Finds a place on a page: by a selector (CSS, or `xpath:…`), else the innermost elements that hold a text, else those
 * with an attribute that holds it. Case and white space do not matter in a text.
 */
export function findPlace(page: Page, near: string): FoundPlace | undefined {
  const bySelector = trySelect(page, near);
  if (bySelector.length > 0) return { elements: bySelector.slice(0, MAX_FOUND), by: 'selector' };
  const byText = findByText(page, near);
  if (byText.length > 0) return { elements: byText, by: 'text' };
  return findByAttribute(page, near);
}

/** A text that is no selector matches nothing. */
function trySelect(page: Page, selector: string): PageElement[] {
  try {
    return select(page, selector);
  } catch {
    return [];
  }
}

/** The texts of a page without white space, in lower case, joined; and where each of them begins. */
interface PageText {
  joined: string;
  begins: number[];
  parents: PageElement[];
}

function readTexts(page: Page): PageText {
  const parts: string[] = [];
  const begins: number[] = [];
  const parents: PageElement[] = [];
  let length = 0;
  const left: (PageNode | PageRoot)[] = [page.$.root()[0] as PageRoot];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type === 'text') {
      const text = strip(node.data);
      if (text === '' || !isElement(node.parent)) continue;
      begins.push(length);
      parents.push(node.parent);
      parts.push(text);
      length += text.length;
    } else if ('children' in node && !(isElement(node) && isForPrograms(node) && node.name !== 'head'))
      for (let child = node.lastChild; child !== null; child = child.prev) left.push(child);
  }
  return { joined: parts.join(''), begins, parents };
}

function strip(text: string): string {
  return text.replaceAll(/\s+/g, '').toLowerCase();
}

function findByText(page: Page, text: string): PageElement[] {
  const wanted = strip(text);
  if (wanted === '') return [];
  const { joined, begins, parents } = readTexts(page);
  const found = new Set<PageElement>();
  for (
    let at = joined.indexOf(wanted);
    at >= 0 && found.size < MAX_FOUND;
    at = joined.indexOf(wanted, at + wanted.length)
  ) {
    const [first, last] = [at, at + wanted.length - 1].map((place) => parents[findSegment(begins, place)]);
    const element = first && last && findCommonAncestor(first, last);
    if (element !== undefined) found.add(element);
  }
  // Without white space, a text may also be found across two words.
  const exact = [...found].filter((element) => normalize(getText(element)).includes(normalize(text)));
  return exact.length > 0 ? exact : [...found];
}

function normalize(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

/** The last of the ascending numbers that is at most `place`. */
function findSegment(begins: readonly number[], place: number): number {
  let [low, high] = [0, begins.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((begins[middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function findCommonAncestor(one: PageElement, other: PageElement): PageElement | undefined {
  if (one === other) return one;
  const around = new Set<PageNode | PageRoot>();
  for (let node: PageNode | PageRoot | null = one; node !== null; node = node.parent) around.add(node);
  for (let node: PageNode | PageRoot | null = other; node !== null; node = node.parent)
    if (around.has(node)) return isElement(node) ? node : undefined;
  return undefined;
}

function findByAttribute(page: Page, text: string): FoundPlace | undefined {
  const wanted = normalize(text);
  const elements: PageElement[] = [];
  let attribute: string | undefined;
  for (const element of select(page, '*')) {
    for (const [name, value] of Object.entries(element.attribs)) {
      if (attribute !== undefined && name !== attribute) continue;
      if (!normalize(value).includes(wanted)) continue;
      attribute = name;
      elements.push(element);
      break;
    }
    if (elements.length >= MAX_FOUND) break;
  }
  return attribute === undefined ? undefined : { elements, by: 'attribute', attribute };
}

const MAX_NAMES = 5_000;

/** What a page has that is similar to a place that it does not have, as a sentence. */
export function suggestPlaces(page: Page, near: string): string {
  const names = new Set<string>();
  for (const element of select(page, '*')) {
    if (names.size > MAX_NAMES) break;
    names.add(element.name);
    for (const name of getClasses(element)) names.add(`.${name}`);
    const { id } = element.attribs;
    if (id !== undefined && /^[\w-]{1,60}$/.test(id)) names.add(`#${id}`);
  }
  const wanted = [near, ...(near.match(/[.#]?[\w-]+/g) ?? [])].slice(0, 8);
  const close = [...new Set(wanted.flatMap((word) => closestNames(word, [...names], 2)))].slice(0, 4);
  const texts = findSimilarTexts(page, near);
  const said = [
    ...(close.length > 0 ? [`Similar selectors on the page: ${close.join(', ')}.`] : []),
    ...(texts.length > 0 ? [`Similar texts: ${texts.map((text) => `“${text}”`).join(', ')}.`] : []),
  ];
  return said.join(' ') || 'Leave near out for the outline, which names the elements of the page.';
}

const MIN_WORD = 4;
const TEXT_CHARACTERS = 60;

/** Texts that contain the longest words of a text. */
function findSimilarTexts(page: Page, text: string): string[] {
  const words = (text.match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => word.length >= MIN_WORD)
    .toSorted((one, other) => other.length - one.length)
    .slice(0, 3);
  const found = words.flatMap((word) => findByText(page, word).slice(0, 2));
  return [...new Set(found.map((element) => cleanText(getText(element), TEXT_CHARACTERS)))].slice(0, 3);
}
