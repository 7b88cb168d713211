import { getText } from '../extract/element-text.ts';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getAncestors, getClasses, getDescendants } from './dom-helpers.ts';

import { createSelectorsAfterBareNumber, createSelectorsAfterCurrent } from './page-numbers.ts';
import { getNameDirection, getTextDirection } from './text-direction.ts';

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
    (URL.canParse(href, url.href) && new URL(href, url.href).href === url.href)
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
  const tag = element.name;
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
        .map((name) => `${each.name}.${name} ${tag}`),
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
      : [`xpath://${pager.name}[contains(@class,"${name}")]//a[${test}]`];
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

/** A link that may lead to the next page. */
export interface NextCandidate {
  element: PageElement;
  url: URL;
  score: number;
}
