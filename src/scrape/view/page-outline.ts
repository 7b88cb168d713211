import { getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { findNextPage } from '../suggest/find-next-page.ts';
import { findElementSelectors, getKind, labelElement } from './element-label.ts';
import { writeElementTree } from './element-tree.ts';
import type { FoundPlace } from './find-place.ts';
import { findBlocks, type PageBlock } from './page-blocks.ts';
import {
  findForms,
  findHeadings,
  findTables,
  getLanguage,
  getTitle,
  type PageForm,
  type PageTable,
} from './page-parts.ts';
import { findStructuredData, type StructuredData } from './structured-data.ts';
import { cleanText, getShownChildren, getShownRoot, isHidden } from './visible-content.ts';

/** The structure of a page, cut to a size by importance. */
export interface PageOutline {
  title: string;
  lang: string;
  headings: string[];
  blocks: PageBlock[];
  tables: PageTable[];
  forms: PageForm[];
  data: StructuredData[];
  /** The selector of the link to the next page. */
  next_page?: { selector: string; text: string; href: string };
  tree: string;
  /** What was left out, and how to see it. */
  left_out: string[];
}

/** The share of the room that each part may take, in the order in which they get it; the tree gets the rest. */
const SHARES = { blocks: 0.38, data: 0.12, tables: 0.1, forms: 0.08, headings: 0.08 } as const;
const NAMES: Record<keyof typeof SHARES, string> = {
  blocks: 'repeated blocks',
  data: 'kinds of structured data',
  tables: 'tables',
  forms: 'forms',
  headings: 'headings',
};
/** Bytes for the names of the fields, and for what was left out. */
const RESERVED_BYTES = 450;

/** Outlines a page in at most `maxBytes` of JSON. */
export function outlinePage(page: Page, maxBytes: number): PageOutline {
  const leftOut: string[] = [];
  const cut = <T>(part: keyof typeof SHARES, all: readonly T[]): T[] => {
    const kept = takeFitting(all, maxBytes * SHARES[part]);
    if (kept.length < all.length) leftOut.push(`${all.length - kept.length} of ${all.length} ${NAMES[part]}`);
    return kept;
  };
  const nextPage = describeNextPage(page);
  const { blocks, limit } = findBlocks(page);
  const outline = {
    title: getTitle(page),
    lang: getLanguage(page),
    headings: cut('headings', findHeadings(page)),
    blocks: cut('blocks', blocks),
    tables: cut('tables', findTables(page)),
    forms: cut('forms', findForms(page)),
    data: cut('data', findStructuredData(page)),
    ...(nextPage && { next_page: nextPage }),
  };
  const root = getShownRoot(page);
  const room = maxBytes - jsonBytes(outline) - RESERVED_BYTES;
  const tree = root && writeElementTree(root, room);
  if (tree !== undefined && tree.shown < tree.total)
    leftOut.push(`${tree.total - tree.shown} of ${tree.total} elements of the tree`);
  return {
    ...outline,
    tree: tree?.text ?? '',
    left_out: [
      ...(leftOut.length === 0
        ? []
        : [
            `${leftOut.join(', ')}: near with one of the selectors shows its place, as: text or html everything, page by page`,
          ]),
      ...(limit === undefined
        ? []
        : [`blocks were looked for in the first ${limit} elements; the counts are of the whole page`]),
    ],
  };
}

/** The first entries that fit; at least one, unless there is none. */
function takeFitting<T>(all: readonly T[], maxBytes: number): T[] {
  let bytes = 2;
  const end = all.findIndex((one) => {
    bytes += jsonBytes(one) + 1;
    return bytes > maxBytes;
  });
  return all.slice(0, end < 0 ? all.length : Math.max(1, end));
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function describeNextPage(page: Page): PageOutline['next_page'] {
  const selector = page.isXml ? null : findNextPage(page);
  const [link] = selector === null ? [] : select(page, selector);
  if (selector === null || link === undefined) return undefined;
  return { selector, text: cleanText(getText(link), 40), href: cleanText(link.attribs['href'] ?? '', 100) };
}

/** The surroundings of a place on a page. */
export interface PlaceOutline {
  /** Elements at the place, over all. */
  matches: number;
  places: {
    /** The elements around it, outermost first, with the number of siblings of the same kind. */
    path: string;
    selectors: { selector: string; matches: number }[];
    text: string;
    attributes: Record<string, string>;
    hidden?: true;
  }[];
  /** The element around the first match that tells it from others, with what it holds. */
  tree: string;
  left_out: string[];
}

const MAX_PLACES = 4;
const TEXT_CHARACTERS = 160;
const MAX_ATTRIBUTES = 10;
/** The most text of an element that is shown around a match. */
const MAX_AROUND_CHARACTERS = 2_000;
const MAX_LEVELS = 3;

/** Outlines a place on a page in at most `maxBytes` of JSON. */
export function outlinePlace(page: Page, { elements }: FoundPlace, maxBytes: number): PlaceOutline {
  const all = elements.slice(0, MAX_PLACES).map((element) => describePlace(page, element));
  const places = takeFitting(all, maxBytes * 0.6);
  const [first] = elements;
  const found = { matches: elements.length, places };
  const around = first && findAround(first);
  const tree = around && writeElementTree(around, maxBytes - jsonBytes(found) - RESERVED_BYTES);
  const more = elements.length - places.length;
  return {
    ...found,
    tree: tree?.text ?? '',
    left_out:
      more > 0
        ? [`${more} more elements at this place: as: html or text shows all of them, page by page`]
        : [],
  };
}

function describePlace(page: Page, element: PageElement): PlaceOutline['places'][number] {
  const attributes = Object.entries(element.attribs)
    .filter(([name]) => name !== '__proto__')
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, value]) => [cleanText(name, 40), cleanText(value, 100)] as const);
  return {
    path: describePath(element),
    selectors: findElementSelectors(page, element),
    text: cleanText(getText(element), TEXT_CHARACTERS),
    attributes: Object.fromEntries(attributes),
    ...(isInHidden(element) && { hidden: true as const }),
  };
}

const MAX_PATH = 12;

function describePath(element: PageElement): string {
  const steps: string[] = [];
  let at: PageElement | undefined = element;
  while (at !== undefined && steps.length < MAX_PATH) {
    const parent = getParent(at);
    const kind = getKind(at);
    const alike =
      parent === undefined ? 1 : getShownChildren(parent).filter((child) => getKind(child) === kind).length;
    steps.unshift(`${labelElement(at)}${alike > 1 ? ` (×${alike})` : ''}`);
    at = parent;
  }
  return at === undefined ? steps.join(' > ') : `… > ${steps.join(' > ')}`;
}

function getParent({ parent }: PageElement): PageElement | undefined {
  return parent !== null && 'attribs' in parent ? parent : undefined;
}

function isInHidden(element: PageElement): boolean {
  for (let at: PageElement | undefined = element; at !== undefined; at = getParent(at))
    if (isHidden(at)) return true;
  return false;
}

/** The largest element around another one, up to some levels, that is still about the same thing. */
function findAround(element: PageElement): PageElement {
  let around = element;
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const parent = getParent(around);
    if (parent === undefined || /^(?:body|html|main)$/.test(parent.name)) break;
    if (getText(parent).length > MAX_AROUND_CHARACTERS) break;
    const isListed =
      getShownChildren(parent).filter((child) => getKind(child) === getKind(around)).length > 2;
    // The element that repeats is one row: its siblings are about other things.
    if (isListed && level > 0) break;
    around = parent;
  }
  return around;
}
