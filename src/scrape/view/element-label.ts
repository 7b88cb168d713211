import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getChildNumber, getStableClasses, getTag, isDescriptive } from '../suggest/dom-helpers.ts';
import { getShownChildren } from './visible-content.ts';

/** An id that names a part of a page, and not one of many. */
const STABLE_ID = /^[A-Za-z_][\w-]*$/;
const MAX_CLASSES = 2;
/** Attributes that state what an element is. */
const TELLING_ATTRIBUTES = ['itemprop', 'data-testid', 'role', 'name', 'rel'];

/** The id of an element, if it does not look like one of many: `''` otherwise. */
function getStableId({ attribs }: PageElement): string {
  const id = attribs['id'] ?? '';
  return STABLE_ID.test(id) && !/\d{3}/.test(id) ? id : '';
}

/** The classes of an element that say most: those for content before those for layout. */
function getTellingClasses(element: PageElement): string[] {
  const names = [...new Set(getStableClasses(element))];
  return [...names.filter(isDescriptive), ...names.filter((name) => !isDescriptive(name))].slice(
    0,
    MAX_CLASSES,
  );
}

/**
 * An element as the outline names it, which is also a selector: `li.product`, `main#content`.
 * @param isOneOfMany without its id, for the first of several siblings
 */
export function labelElement(element: PageElement, isOneOfMany = false): string {
  const id = isOneOfMany ? '' : getStableId(element);
  const names = getTellingClasses(element);
  const tag = getTag(element);
  if (id !== '') return `${tag}#${id}`;
  if (names.length > 0) return [tag, ...names].join('.');
  return `${tag}${getTellingAttribute(element) ?? ''}`;
}

function getTellingAttribute({ attribs }: PageElement): string | undefined {
  const name = TELLING_ATTRIBUTES.find((each) => /^[\w -]{1,40}$/.test(attribs[each] ?? ''));
  return name && `[${name}="${attribs[name]}"]`;
}

/**
 * What siblings of one kind have in common: their label, and which elements they hold.
 * @param ignoresId whether an id makes no difference, as where many siblings have one
 */
export function getKind(element: PageElement, ignoresId = false): string {
  const id = ignoresId ? '' : getStableId(element);
  const inner = new Set<string>();
  for (const child of getShownChildren(element)) {
    inner.add(child.name);
    if (inner.size > MAX_KINDS) break;
  }
  // Elements of a class are of one kind, whatever they hold.
  const names = getStableClasses(element).sort().join('.');
  const parts = names === '' ? [...inner].sort().join(' ') : '';
  return `${element.name}#${/\d/.test(id) ? '' : id}.${names}>${parts}`;
}

const MAX_KINDS = 6;

/** A selector, and how many elements of the page it matches. */
export interface CountedSelector {
  selector: string;
  matches: number;
}

/**
 * Finds selectors for an element: the simplest one, which may match its siblings of the same kind too, and one that
 * matches only the element.
 */
export function findElementSelectors(page: Page, element: PageElement): CountedSelector[] {
  const found: CountedSelector[] = [];
  const label = labelElement(element);
  const parent = element.parent !== null && 'attribs' in element.parent ? element.parent : undefined;
  const candidates = [label, ...(parent === undefined ? [] : [`${labelElement(parent)} > ${label}`])];
  for (const selector of candidates) {
    const matches = select(page, selector);
    if (!matches.includes(element)) continue;
    found.push({ selector, matches: matches.length });
    if (matches.length === 1) return found.slice(-1);
  }
  const exact = findExactSelector(page, element);
  const [simple] = found.toSorted((one, other) => one.matches - other.matches);
  return [...(simple === undefined ? [] : [simple]), ...(exact === undefined ? [] : [exact])];
}

/** Longer paths are of no use in a configuration. */
const MAX_STEPS = 8;

function findExactSelector(page: Page, element: PageElement): CountedSelector | undefined {
  let path = '';
  let at: PageElement | undefined = element;
  for (let step = 0; step < MAX_STEPS && at !== undefined; step += 1) {
    const own = getStableId(at) === '' ? `${getTag(at)}:nth-child(${getChildNumber(at)})` : labelElement(at);
    path = path === '' ? own : `${own} > ${path}`;
    const matches = select(page, path);
    if (matches.length === 1 && matches[0] === element) return { selector: path, matches: 1 };
    at = at.parent !== null && 'attribs' in at.parent ? at.parent : undefined;
  }
  return undefined;
}
