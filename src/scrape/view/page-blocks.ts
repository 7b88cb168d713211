import { getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { findFields } from '../suggest/find-fields.ts';
import { findAllRows } from '../suggest/find-rows.ts';
import { createOutline, MAX_ELEMENTS } from '../suggest/outline.ts';
import { cleanText } from './visible-content.ts';

/** Elements that repeat on a page, and what each of them holds. */
export interface PageBlock {
  selector: string;
  count: number;
  fields: {
    name: string;
    /** Relative to the element. */
    selector: string;
    /** Omitted for the text. */
    attribute?: string;
    type?: string;
    /** The beginning of its value in the first element that has one. */
    sample: string;
  }[];
}

/** Maximum number of blocks. */
const MAX_BLOCKS = 5;
const SAMPLE_CHARACTERS = 60;
/** Elements that are searched for a sample. */
const MAX_SAMPLED = 5;

/**
 * Finds the elements that repeat on a page, the most likely rows first.
 * @returns the blocks; `limit` if the page has more elements: only the first ones were searched
 */
export function findBlocks(page: Page): { blocks: PageBlock[]; limit?: number } {
  if (page.isXml) return { blocks: findXmlBlocks(page) };
  const outline = createOutline(page);
  const isCut = outline.length === MAX_ELEMENTS;
  const blocks = findAllRows(page, MAX_BLOCKS, outline).map(({ item, rows, tails }) => ({
    selector: item,
    // The rows are those of the first elements; the selector matches all of them.
    count: isCut ? select(page, item).length : rows.length,
    fields: findFields(page, rows, tails).map(({ attribute, ...field }) => ({
      ...field,
      ...(attribute !== null && { attribute }),
      sample: findSample(page, rows, field.selector, attribute),
    })),
  }));
  return {
    blocks: blocks.filter(({ fields }) => fields.length > 0),
    ...(isCut && { limit: MAX_ELEMENTS }),
  };
}

function findSample(
  page: Page,
  rows: readonly PageElement[],
  selector: string,
  attribute: string | null,
): string {
  for (const row of rows.slice(0, MAX_SAMPLED)) {
    const [element] = select(page, selector, row);
    if (element === undefined) continue;
    const text = cleanText(
      attribute === null ? getText(element) : (element.attribs[attribute] ?? ''),
      SAMPLE_CHARACTERS,
    );
    if (text !== '') return text;
  }
  return '';
}

const MIN_ROWS = 3;
const MAX_FIELDS = 12;
/** The minimum share of the elements that have a field. */
const MIN_SHARE = 0.6;

/** Finds elements of one name in parents of one name, as the entries of a feed are. */
function findXmlBlocks(page: Page): PageBlock[] {
  const groups = new Map<string, PageElement[]>();
  for (const element of select(page, '*')) {
    const { parent } = element;
    if (!isElement(parent) || !element.children.some(isElement)) continue;
    const key = `${parent.name} > ${element.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [element]);
    else group.push(element);
  }
  return [...groups]
    .filter(([, rows]) => rows.length >= MIN_ROWS)
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, MAX_BLOCKS)
    .map(([, rows]) => ({
      selector: rows[0]?.name ?? '*',
      count: rows.length,
      fields: findXmlFields(rows),
    }));
}

function findXmlFields(rows: readonly PageElement[]): PageBlock['fields'] {
  const counts = new Map<string, { count: number; first: PageElement }>();
  for (const row of rows) {
    const names = new Set<string>();
    for (const child of row.children) {
      if (!isElement(child) || names.has(child.name)) continue;
      names.add(child.name);
      const known = counts.get(child.name);
      if (known === undefined) counts.set(child.name, { count: 1, first: child });
      else known.count += 1;
    }
  }
  return [...counts]
    .filter(([, { count }]) => count >= rows.length * MIN_SHARE)
    .slice(0, MAX_FIELDS)
    .map(([selector, { first }]) => {
      const text = cleanText(getText(first), SAMPLE_CHARACTERS);
      const [attribute, value = ''] = text === '' ? (findTellingAttribute(first) ?? []) : [];
      return {
        name: cleanText(selector.replaceAll(/\W+/g, '_').toLowerCase(), SAMPLE_CHARACTERS),
        selector,
        ...(attribute !== undefined && { attribute }),
        sample: text === '' ? cleanText(value, SAMPLE_CHARACTERS) : text,
      };
    });
}

/** Atom writes addresses into attributes: `<link href="…"/>`. */
function findTellingAttribute({ attribs }: PageElement): [name: string, value: string] | undefined {
  const name = ['href', 'url', 'src', 'term', 'value'].find((each) => attribs[each] !== undefined);
  return name === undefined ? undefined : [name, attribs[name] ?? ''];
}
