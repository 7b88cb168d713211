import { getText } from '../extract/element-text.ts';
import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getAncestors, getClasses, getDescendants, toCommonSelector } from './dom-helpers.ts';

const CURRENT_PAGE =
  /^(?:.*[-_])?(?:current|active|selected|this|on|here|actual|now|cur|activepage|currentpage|disabled)(?:[-_].*)?$/i;
/** How many levels up from a link the other page numbers are searched. */
const MAX_STEPS = 3;

/**
 * Creates selectors for a link with a page number, by its position after the current page number, which is not a link
 * or is marked: `span.current + a`, `li.active + li a`.
 */
export function createSelectorsAfterCurrent(page: Page, link: PageElement): string[] {
  const path = [link, ...getAncestors(link)].slice(0, MAX_STEPS);
  for (const [step, element] of path.entries()) {
    const before = getPreviousElement(element);
    if (before === undefined || !isCurrent(before)) continue;
    const inner = step === 0 ? '' : ' a';
    const marks = getMarks(before);
    const next = marks.map((mark) => `${mark} + ${element.name}${inner}`);
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
  const { name } = element;
  const [inner] = getDescendants(element);
  const named = getClasses(element)
    .filter((each) => CURRENT_PAGE.test(each))
    .map((each) => `${name}.${each}`);
  const within_ =
    inner === undefined
      ? []
      : [
          ...(inner.attribs['aria-current'] === undefined ? [] : [`${name}:has([aria-current])`]),
          ...getClasses(inner)
            .filter((each) => CURRENT_PAGE.test(each))
            .map((each) => `${name}:has(.${each})`),
          ...(inner.name === 'a' ? [] : [`${name}:has(> ${inner.name})`]),
        ];
  const bare = ['strong', 'b', 'em', 'span', 'i'].includes(name)
    ? [...getClasses(element).map((each) => `${name}.${each}`), name]
    : [];
  const aria = element.attribs['aria-current'] === undefined ? [] : [`${name}[aria-current]`];
  return [...aria, ...named, ...within_, ...bare];
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
export function createSelectorsAfterBareNumber(page: Page, link: PageElement): string[] {
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
