import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { getAncestors, getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getClasses, getDescendants, getTag, toCommonSelector } from './dom-helpers.ts';
import { getNameDirection, getTextDirection } from './text-direction.ts';

/** A link that may lead to the next page. */
export interface NextCandidate {
  element: PageElement;
  url: URL;
  score: number;
}

/**
 * Returns a selector that finds this link, and also the link on later pages, where a link back precedes it. It uses the
 * direction that the link states (rel, a class, a title, its text), or its position after the current page number.
 */
export function findNextSelector(page: Page, candidate: NextCandidate): string | undefined {
  const { element, url } = candidate;
  const leadsThere = (selector: string) => {
    const [first] = select(page, selector);
    const link =
      first === undefined || first.attribs['href'] !== undefined ? first : select(page, 'a[href]', first)[0];
    const href = link?.attribs['href'];
    return (
      href !== undefined && (link === element || isSameUrl(href, candidate.element.attribs['href'], url))
    );
  };
  return createCandidates(page, element).find(leadsThere);
}

function isSameUrl(href: string, wanted: string | undefined, url: URL): boolean {
  return (
    href.trim() === wanted?.trim() ||
    (canParseUrl(href, url.href) && new URL(href, url.href).href === url.href)
  );
}

function createCandidates(page: Page, element: PageElement): string[] {
  if (element.name === 'link') return ['link[rel~="next"]'];
  const isRel = /(?:^|\s)next(?:\s|$)/i.test(element.attribs['rel'] ?? '');
  const title = byAttribute(element);
  return [
    ...(isRel ? ['a[rel~="next"]'] : []),
    ...byClass(element),
    'link[rel~="next"]',
    ...title,
    ...byText(element),
    ...byPicture(element),
    ...createSelectorsAfterCurrent(page, element),
    ...createSelectorsAfterBareNumber(page, element),
  ];
}

/** Creates selectors by a class or an id that states the direction, of the link or of its nearest ancestors. */
function byClass(element: PageElement): string[] {
  const tag = getTag(element);
  const own = [
    ...getClasses(element)
      .filter(isDirected)
      .map((name) => `${tag}.${name}`),
    ...getIds(element).map((id) => `${tag}#${id}`),
  ];
  const outer = getAncestors(element)
    .slice(0, 2)
    .flatMap((each) => [
      ...getClasses(each)
        .filter(isDirected)
        .map((name) => `${getTag(each)}.${name} ${tag}`),
      ...getIds(each).map((id) => `#${id} ${tag}`),
    ]);
  // A class of the link itself with "more" is accepted if the link's text leads forward.
  const more = getClasses(element)
    .filter((name) => /more/i.test(name))
    .map((name) => `${tag}.${name}`);
  return [...own, ...outer, ...(getTextDirection(getText(element)) > 0 ? more : [])];
}

function isDirected(name: string): boolean {
  return getNameDirection(name) !== 0;
}

function getIds({ attribs }: PageElement): string[] {
  const id = attribs['id'] ?? '';
  return /^[A-Za-z][\w-]*$/.test(id) && !/\d{3}/.test(id) && isDirected(id) ? [id] : [];
}

function byAttribute(element: PageElement): string[] {
  return ['title', 'aria-label'].flatMap((name) => {
    const value = element.attribs[name] ?? '';
    if (getTextDirection(value) <= 0 || /["\\\n]/.test(value)) return [];
    // A number in the title is that of the target page, so it differs on each page.
    const [stem = ''] = /^\D*/.exec(value) ?? [];
    if (stem === value) return [`a[${name}="${value}"]`];
    return getTextDirection(stem) > 0 ? [`a[${name}^="${stem}"]`] : [];
  });
}

/** Creates XPaths, because CSS cannot match an exact text. */
function byText(element: PageElement): string[] {
  const text = getText(element)
    .replaceAll(/[ \t\r\n\f]+/g, ' ')
    .trim();
  if (getTextDirection(text) <= 0) return [];
  // XPath's `normalize-space` does not treat all Unicode spaces as white space.
  const [stem = text] = /^[^\d\u00a0\u2000-\u200b\u202f\u3000]+/.exec(text) ?? [];
  const quote = stem.includes('"') ? "'" : '"';
  if (stem.includes(quote)) return [];
  const said = `${quote}${stem.trim()}${quote}`;
  const test = stem === text ? `normalize-space(.)=${said}` : `starts-with(normalize-space(.),${said})`;
  const pager = getAncestors(element)
    .slice(0, 3)
    .find(({ attribs }) => /pag/i.test(`${attribs['class']} ${attribs['id']}`));
  const [name] = pager === undefined ? [] : getClasses(pager).filter((each) => /pag/i.test(each));
  const inPager =
    name === undefined || pager === undefined
      ? []
      : [`xpath://${getTag(pager)}[contains(@class,"${name}")]//a[${test}]`];
  return [`xpath://a[${test}]`, ...inPager];
}

function byPicture(element: PageElement): string[] {
  for (const inner of getDescendants(element)) {
    const alt = inner.attribs['alt'] ?? '';
    if (getTextDirection(alt) > 0 && !/["\\]/.test(alt)) return [`a:has(img[alt="${alt}"])`];
    const file = inner.attribs['src']?.split('/').at(-1)?.split('?')[0] ?? '';
    if (/next|right/i.test(file) && !/["\\]/.test(file)) return [`a:has(img[src*="${file}"])`];
    const icon = getClasses(inner).find((name) => /next|right/i.test(name));
    if (icon !== undefined) return [`a:has(.${icon})`];
  }
  return [];
}

const CURRENT_PAGE =
  /^(?:.*[-_])?(?:current|active|selected|this|on|here|actual|now|cur|activepage|currentpage|disabled)(?:[-_].*)?$/i;
/** How many levels up from a link the other page numbers are searched. */
const MAX_STEPS = 3;

/**
 * Creates selectors for a link with a page number, by its position after the current page number, which is not a link
 * or is marked: `span.current + a`, `li.active + li a`.
 */
function createSelectorsAfterCurrent(page: Page, link: PageElement): string[] {
  const path = [link, ...getAncestors(link)].slice(0, MAX_STEPS);
  for (const [step, element] of path.entries()) {
    const before = getPreviousElement(element);
    if (before === undefined || !isCurrent(before)) continue;
    const inner = step === 0 ? '' : ' a';
    const marks = getMarks(before);
    const next = marks.map((mark) => `${mark} + ${getTag(element)}${inner}`);
    const containers = getAncestors(element).slice(0, 3).flatMap(getContainerNames);
    const all = [...containers.flatMap((container) => next.map((each) => `${container} ${each}`)), ...next];
    return all.filter((selector) => select(page, selector).every((found) => leadsWith(found, link)));
  }
  return [];
}

/** Matches with the same target are fine, as in pagers above and below the list; others are not. */
function leadsWith(found: PageElement, link: PageElement): boolean {
  return found.attribs['href'] === link.attribs['href'];
}

function getPreviousElement(element: PageElement): PageElement | undefined {
  for (let { prev } = element; prev !== null; prev = prev.prev) if (isElement(prev)) return prev;
  return undefined;
}

/** Whether an element is the current page number: one that is not a link, or is marked. */
function isCurrent(element: PageElement): boolean {
  if (!/^\D{0,12}\d+\D{0,6}$/.test(getText(element).trim())) return false;
  const all = [element, ...getDescendants(element)];
  return (
    all.some(
      (each) =>
        getClasses(each).some((name) => CURRENT_PAGE.test(name)) ||
        each.attribs['aria-current'] !== undefined,
    ) || !all.some(({ name, attribs }) => name === 'a' && attribs['href'] !== undefined)
  );
}

function getMarks(element: PageElement): string[] {
  const name = getTag(element);
  const [inner] = getDescendants(element);
  const named = getClasses(element)
    .filter((each) => CURRENT_PAGE.test(each))
    .map((each) => `${name}.${each}`);
  const inside =
    inner === undefined
      ? []
      : [
          ...(inner.attribs['aria-current'] === undefined ? [] : [`${name}:has([aria-current])`]),
          ...getClasses(inner)
            .filter((each) => CURRENT_PAGE.test(each))
            .map((each) => `${name}:has(.${each})`),
          ...(inner.name === 'a' ? [] : [`${name}:has(> ${getTag(inner)})`]),
        ];
  const bare = ['strong', 'b', 'em', 'span', 'i'].includes(name)
    ? [...getClasses(element).map((each) => `${name}.${each}`), name]
    : [];
  const aria = element.attribs['aria-current'] === undefined ? [] : [`${name}[aria-current]`];
  return [...aria, ...named, ...inside, ...bare];
}

function getContainerNames(element: PageElement): string[] {
  const id = element.attribs['id'] ?? '';
  const names = getClasses(element).filter((name) => /pag|nav/i.test(name));
  return [
    ...names.map((name) => `.${name}`),
    ...(/^[A-Za-z][\w-]*$/.test(id) && !/\d{2}/.test(id) ? [`#${id}`] : []),
  ];
}

/** Whether a link with a number follows the previous number as plain text: `1 | <a>2</a>`. */
export function isAfterBareNumber(link: PageElement): boolean {
  const [, bare] = /^\D{0,12}?(\d{1,5})\D{0,6}$/.exec(getTextBefore(link)) ?? [];
  const [, number] = /^\[?(\d{1,5})\]?$/.exec(getText(link).trim()) ?? [];
  return bare !== undefined && Number(number) === Number(bare) + 1;
}

/** Creates selectors for such a link on any page of the list. XPath is needed, because CSS cannot match texts. */
function createSelectorsAfterBareNumber(page: Page, link: PageElement): string[] {
  if (!isAfterBareNumber(link)) return [];
  const before = 'preceding-sibling::text()[1]';
  // Keeps only the digits of the text: XPath 1.0 has no regular expressions.
  const digits = `translate(${before},translate(${before},"0123456789",""),"")`;
  const step = `a[number(translate(.,"[]",""))=number(${digits})+1]`;
  const [parent] = getAncestors(link);
  const inParent = parent === undefined ? [] : [`xpath:${createXPathTo(parent)}/${step}`];
  return [`xpath://${step}`, ...inParent].filter((selector) =>
    select(page, selector).every((found) => leadsWith(found, link)),
  );
}

function createXPathTo(element: PageElement): string {
  const [name, ...classes] = toCommonSelector([element]).split('.');
  const tests = classes.map((each) => `[contains(concat(" ",normalize-space(@class)," ")," ${each} ")]`);
  return `//${name}${tests.join('')}`;
}

/** Returns the nearest preceding text with the same parent. */
function getTextBefore(element: PageElement): string {
  for (let { prev } = element; prev !== null; prev = prev.prev)
    if (prev.type === 'text') return prev.data.trim();
  return '';
}
