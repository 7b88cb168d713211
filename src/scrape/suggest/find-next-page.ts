import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { getAncestors, getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isDisabled } from '../pagination/next-link.ts';
import { getDescendants } from './dom-helpers.ts';
import { findNextSelector, isAfterBareNumber, type NextCandidate } from './next-selector.ts';
import { getNameDirection, getTextDirection, isMoreText } from './text-direction.ts';

/** Parameters that count pages. Any other number may count rows. */
const COUNTS_PAGES = /^(?:.*page.*|p|pg|pn|paged|pagina|seite|strana|str|sivu|side|sida|pagen_\d+)$/i;
/** Parameters that count days: they lead through a calendar. */
const COUNTS_DAYS = /^(?:year|month|week|day)s?$/i;
/** A page number in a path, with the text before it. */
const PAGE_PATH =
  /^[-_/]?(?:page|pages|p|pg|seite|pagina|página|strana|str|stranica|sivu|side|sida|страница)?[-_/=]?(\d{1,5})(?:\.\w+)?\/?$/iu;

/**
 * Returns how many pages an address is ahead of a page, according to its numbers: 1 for the next page, negative for
 * earlier ones. Returns `NaN` for a later address that counts rows, and `undefined` if the addresses do not decide.
 */
function countPagesAhead(own: URL, target: URL): number | undefined {
  if (own.host !== target.host) return undefined;
  if (own.pathname === target.pathname) return countAheadInQuery(own, target);
  if (own.search !== target.search && own.search !== '' && target.search !== '') return undefined;
  return countAheadInPath(own.pathname, target.pathname);
}

function countAheadInQuery(own: URL, target: URL): number | undefined {
  const names = new Set([...own.searchParams.keys(), ...target.searchParams.keys()]);
  const different = [...names].filter((name) => own.searchParams.get(name) !== target.searchParams.get(name));
  if (different.some((name) => COUNTS_DAYS.test(name)) && !different.some((name) => COUNTS_PAGES.test(name)))
    return 0;
  const counting = different.filter((name) => /^\d+$/.test(target.searchParams.get(name) ?? ''));
  const name = counting.find((each) => COUNTS_PAGES.test(each)) ?? counting[0];
  if (name === undefined) {
    // SMF forums: `board=18.20`.
    const [from, to] = findOnlyDifferentNumber(own.search, target.search) ?? [];
    return from === undefined || to === undefined ? undefined : to > from ? Number.NaN : to - from;
  }
  if (counting.length > 2) return undefined;
  const from = own.searchParams.get(name) ?? '';
  const to = Number(target.searchParams.get(name));
  if (from !== '' && !/^\d+$/.test(from)) return undefined;
  if (COUNTS_PAGES.test(name)) return to - (from === '' ? countFromFirstPage(to) : Number(from));
  const ahead = to - Number(from || 0);
  return ahead > 0 ? Number.NaN : ahead;
}

/** Some sites count from 0, and their first page has no number in its address: then 1 is the second page. */
function countFromFirstPage(to: number): number {
  return to === 1 ? 0 : 1;
}

function countAheadInPath(own: string, target: string): number | undefined {
  const counted = findOnlyDifferentNumber(own, target);
  if (counted !== undefined) return counted[1] - counted[0];
  const stem = own.replace(/(?:\/index)?\.\w+$/, '').replace(/\/$/, '');
  if (!target.startsWith(stem)) return undefined;
  const [, number] = PAGE_PATH.exec(target.slice(stem.length).replace(/^\/+/, '/')) ?? [];
  return number === undefined ? undefined : Number(number) - countFromFirstPage(Number(number));
}

/** Returns the only number in which two texts differ; undefined if they differ in more. */
function findOnlyDifferentNumber(own: string, target: string): [number, number] | undefined {
  const [before, after] = [own, target].map((text) => text.split(/(\d+)/));
  if (before === undefined || before.length !== after?.length) return undefined;
  const different = before.flatMap((part, index) => (part === after[index] ? [] : [index]));
  const [at = 0] = different;
  return different.length === 1 && at % 2 === 1 ? [Number(before[at]), Number(after[at])] : undefined;
}

/** Names of widgets that turn pages without a new address, or that lead through days. */
const PAGINATION_LABEL =
  /carousel|slide|swiper|slick|splide|glide|embla|flickity|owl-|tns-|gallery|lightbox|recommend|related|similar|datepicker/i;
const PAGER = /pag(?:er|in|es|e-?nav|enav)|nav-?links|navigation|older|wp-pagenavi/i;
/** A class alone, or an arrow in a pager, reaches this score. Weaker evidence does not count. */
const MIN_SCORE = 2.5;
/** Number of links that are tried until one has a selector. */
const MAX_TRIED = 5;

/** Returns a selector for the link to the next page; `null` if none is found. */
export function findNextPage(page: Page): string | null {
  const candidates = findNextCandidates(page).slice(0, MAX_TRIED);
  for (const candidate of candidates) {
    const selector = findNextSelector(page, candidate);
    if (selector !== undefined && !leadsToMany(page, selector)) return selector;
  }
  return null;
}

/** A link to "more" in each row leads to as many pages. */
function leadsToMany(page: Page, selector: string): boolean {
  const targets = new Set(select(page, selector).map(({ attribs }) => attribs['href']));
  return targets.size > 2;
}

/** Returns the links that may lead to the next page, the most likely first. */
function findNextCandidates(page: Page): NextCandidate[] {
  if (!canParseUrl(page.url)) return [];
  const own = new URL(page.url);
  const base = getBaseUrl(page);
  const names = new NameFacts();
  return select(page, 'a[href], area[href], link[rel~="next"][href]')
    .flatMap((element) => {
      const url = getUrl(element, base);
      return url === undefined ? [] : [{ element, url, score: scoreLink(element, url, own, names) }];
    })
    .filter(({ element, score }) => score >= MIN_SCORE && !isDisabled(page, element))
    .sort((one, other) => other.score - one.score);
}

function getBaseUrl(page: Page): string {
  const href = select(page, 'base[href]')[0]?.attribs['href'] ?? '';
  return canParseUrl(href, page.url) ? new URL(href, page.url).href : page.url;
}

function getUrl({ attribs }: PageElement, base: string): URL | undefined {
  const href = attribs['href']?.trim() ?? '';
  if (href === '' || href.startsWith('#') || !canParseUrl(href, base)) return undefined;
  const url = new URL(href, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function scoreLink(element: PageElement, url: URL, own: URL, facts: NameFacts): number {
  const address = scoreUrl(url, own);
  if (address === undefined) return 0;
  const rel = /(?:^|\s)next(?:\s|$)/i.test(element.attribs['rel'] ?? '') ? 4 : 0;
  if (element.name === 'link') return rel + Math.max(0, address);
  const names = [element, ...getAncestors(element, 4)].map((each) => facts.of(each));
  const isInPager = names.slice(1).some(({ isPager }) => isPager);
  if (!isInPager && names.some(({ isWidget }) => isWidget)) return 0;
  const direction = getDirection(element);
  // A word inside a longer text counts only if the address counts upwards.
  const text = getText(element).trim();
  const isOther = isMoreText(text) && !isInPager && !isSameList(url, own);
  const isSure = (direction >= 0.5 && !isOther) || address > 0 || isSecond(url);
  const told = direction > 0 && !isSure ? 0 : direction;
  const isNumber = /^\[?\d+\]?$/.test(text) && address > 0;
  // Texts outweigh classes, because WordPress marks the link to older posts as "previous".
  const named = told > 0 || rel > 0 ? Math.max(0, getClassDirection(names)) : getClassDirection(names);
  const score =
    rel + 4 * told + 2.5 * named + address + (isInPager ? 0.5 : 0) + (told > 0 && isSecond(url) ? 1 : 0);
  const isAlone = isNumber && told === 0 && named <= 0 && rel === 0;
  return isAlone ? address + (isInPager || isAfterBareNumber(element) ? 0.5 : 0) : score;
}

interface NameFact {
  isPager: boolean;
  isWidget: boolean;
  direction: number;
}

/** What the names of elements say. A page has thousands of links, but few names. */
class NameFacts {
  readonly #known = new Map<string, NameFact>();

  of({ attribs }: PageElement): NameFact {
    const name = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const fact = {
      isPager: PAGER.test(name),
      isWidget: PAGINATION_LABEL.test(name),
      direction: getNameDirection(name),
    };
    this.#known.set(name, fact);
    return fact;
  }
}

/** Whether an address belongs to the same list: it has the same path, or a number at the end. */
function isSameList(url: URL, own: URL): boolean {
  return url.host === own.host && (url.pathname === own.pathname || /\d\/?$/.test(url.pathname));
}

/** Whether an address is explicitly that of a second page, whatever the address of the first page is. */
function isSecond({ searchParams }: URL): boolean {
  return ['page', 'p', 'pg', 'paged'].some((name) => searchParams.get(name) === '2');
}

/** @returns undefined for an address that leads back or to the same page */
function scoreUrl(url: URL, own: URL): number | undefined {
  if (withoutHash(url) === withoutHash(own)) return undefined;
  const ahead = countPagesAhead(own, url);
  if (ahead === undefined) return url.host === own.host ? 0 : -1;
  if (Number.isNaN(ahead)) return 2;
  if (ahead <= 0) return undefined;
  return ahead === 1 ? 3 : -1;
}

function withoutHash({ href, hash }: URL): string {
  return href.slice(0, href.length - hash.length);
}

/** Returns the clearest direction that a link states: in its text, its title, or the text of its image. */
function getDirection(element: PageElement): number {
  const inner = [...getDescendants(element)];
  const texts = [
    getText(element),
    ...[element, ...inner].flatMap(({ attribs }) => [
      attribs['title'],
      attribs['aria-label'],
      attribs['alt'],
    ]),
  ];
  const told = texts.flatMap((text) => (text ? [getTextDirection(text)] : []));
  if (told.includes(-1) && !told.includes(1)) return -1;
  const pictured = inner.some(isNextPicture) ? 0.5 : 0;
  return Math.max(...told, pictured);
}

/** Whether an element is an icon or an image of an arrow to the right. */
function isNextPicture({ attribs }: PageElement): boolean {
  const names = `${attribs['class'] ?? ''} ${attribs['src']?.split('/').at(-1) ?? ''}`;
  return /(?:^|[-_\s])(?:next|(?:arrow|angle|chevron|caret)s?[-_](?:\w+[-_])?right)(?:$|[-_\s.])/i.test(
    names,
  );
}

function getClassDirection([own, ...outer]: readonly NameFact[]): number {
  if (own !== undefined && own.direction !== 0) return own.direction;
  return 0.8 * (outer.slice(0, 2).find(({ direction }) => direction !== 0)?.direction ?? 0);
}
