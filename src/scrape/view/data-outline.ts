import type { JsonValue } from '../lib/page.ts';
import { findDataLists } from '../suggest/find-data-lists.ts';
import { findNextAddress } from '../suggest/find-data-pagination.ts';
import type { PageBlock } from './page-blocks.ts';
import { jsonBytes, type PageOutline } from './page-outline.ts';
import { cleanText } from './visible-content.ts';

const SAMPLE_CHARACTERS = 60;
const MAX_FIELDS = 12;
const MAX_DEPTH = 6;
/** Entries of an object that the tree shows. */
const MAX_NAMES = 30;
/** The share of the room for the lists; the tree gets the rest. */
const LISTS_SHARE = 0.5;

/** Outlines JSON in at most `maxBytes` of JSON: its lists with their fields, and its beginning with one entry a list. */
export function outlineData(root: JsonValue, maxBytes: number): PageOutline {
  const lists = findDataLists(root);
  const blocks: PageBlock[] = [];
  for (const { path, rows, fields } of lists) {
    const block = {
      selector: `json:${path}`,
      count: rows.length,
      fields: fields.slice(0, MAX_FIELDS).map(({ name, path: way, sample }) => ({
        name,
        selector: `json:${way}`,
        sample: cleanText(sample, SAMPLE_CHARACTERS),
      })),
    };
    if (jsonBytes([...blocks, block]) > maxBytes * LISTS_SHARE && blocks.length > 0) break;
    blocks.push(block);
  }
  const next = findNextAddress(root);
  const outline = {
    title: '',
    lang: '',
    headings: [],
    blocks,
    tables: [],
    forms: [],
    data: [],
    ...(next !== null && { next_page: { selector: `json:${next}`, text: '', href: '' } }),
  };
  const whole = JSON.stringify(shorten(root, 0), null, 1);
  const room = Math.max(200, maxBytes - jsonBytes(outline) - 600);
  let tree = whole;
  while (jsonBytes(tree) > room)
    tree = tree.slice(0, Math.floor(tree.length * Math.min(0.9, room / jsonBytes(tree))));
  return {
    ...outline,
    tree,
    left_out: [
      ...(lists.length > blocks.length ? [`${lists.length - blocks.length} of ${lists.length} lists`] : []),
      ...(tree.length < whole.length || whole.includes('…')
        ? ['parts of the data: as: text shows all, page by page']
        : []),
    ],
  };
}

/** One entry of each list, and the beginning of each text. */
function shorten(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return cleanText(value, SAMPLE_CHARACTERS);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const [first] = value;
    if (first === undefined) return [];
    return [shorten(first, depth + 1), ...(value.length > 1 ? [`… ${value.length - 1} more`] : [])];
  }
  const entries = Object.entries(value).filter(([name]) => name !== '__proto__');
  const shown = entries
    .slice(0, MAX_NAMES)
    .map(([name, inner]) => [cleanText(name, SAMPLE_CHARACTERS), shorten(inner, depth + 1)] as const);
  const more = entries.length - shown.length;
  return Object.fromEntries([...shown, ...(more > 0 ? [['…', `${more} more`] as const] : [])]);
}
