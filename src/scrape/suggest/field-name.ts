import { getAncestors, getText, isElement, isWithin } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { findClassName, getBlockTokens, stripHash, toPlainName } from './class-name.ts';
import {
  getChildNumber,
  getCommonClasses,
  getDescendants,
  getOwnText,
  getPathWithin,
} from './dom-helpers.ts';
import { findLabelBefore, findLabelWithin, NAMING_ATTRIBUTES } from './field-label.ts';
import type { FieldLocation } from './field-locations.ts';
import type { GuessedType } from './guess-type.ts';

const MONEY =
  /(?:[$€£¥₹₽]|\b(?:EUR|USD|GBP|CHF|JPY)\b)\s?\d|\d[\d.,\s]*(?:[$€£¥₹₽]|\b(?:EUR|USD|GBP|CHF|JPY)\b)/;
const KNOWN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/price|cost\b|amount/i, 'price'],
  [/rating|stars?\b/i, 'rating'],
  [/avail|stock/i, 'availability'],
  [/author|byline|posted[-_]?by|username|poster|creator/i, 'author'],
  [/title|headline|heading/i, 'title'],
  [/date|time\b|published|posted|timestamp/i, 'date'],
  [/desc|summary|excerpt|teaser|snippet|abstract|intro\b/i, 'description'],
  [/categor/i, 'category'],
  [/comment/i, 'comments'],
  [/repl(?:y|ies)/i, 'replies'],
  [/(?<!re)views?\b/i, 'views'],
  [/location|address|city|place\b/i, 'location'],
  [/brand|manufacturer/i, 'brand'],
  [/tags?\b/i, 'tags'],
];

/** Returns a usual field name if the elements' shared classes suggest one; otherwise undefined. */
export function findKnownName(elements: readonly PageElement[]): string | undefined {
  const classes = getCommonClasses(elements).map(stripHash).join(' ');
  return toKnownName(classes);
}

function toKnownName(text: string): string | undefined {
  return KNOWN_NAMES.find(([pattern]) => pattern.test(text))?.[1];
}

/** Chooses a field name from the page's own names, from the form of the texts, or from the tag. */
export function chooseFieldName(
  location: FieldLocation,
  rows: readonly PageElement[],
  type: GuessedType | undefined,
): string {
  const elements = [...location.elements.values()];
  const [element] = elements;
  if (element === undefined) return 'text';
  if (location.attribute === 'href') return chooseLinkName(elements, rows);
  if (location.attribute === 'src') return chooseImageName(elements);
  if (location.attribute === 'datetime') return 'date';
  const stated = getProperty(element, rows) || findColumnTitle(element, rows) || findStatedName(elements);
  if (stated !== '') return stated;
  if (elements.every((each) => MONEY.test(getOwnText(each)))) return 'price';
  return (
    findOwnName(elements, rows) ??
    findUnit(elements) ??
    findNameAround(elements, rows) ??
    type ??
    getContentName(elements) ??
    getTagName(element)
  );
}

/** Returns the microdata name (`itemprop`) of an element or of its parents. */
function getProperty(element: PageElement, rows: readonly PageElement[]): string {
  for (const each of [element, ...getAncestors(element).slice(0, 2)]) {
    if (rows.includes(each)) return '';
    const name = toPlainName(each.attribs['itemprop'] ?? '');
    if (name !== '') return each.attribs['itemscope'] === undefined || each === element ? name : '';
  }
  return '';
}

/** Returns the name that a label or an attribute states in each row: `Replies:`, `aria-label="Living space"`. */
function findStatedName(elements: readonly PageElement[]): string {
  const same = (of: (element: PageElement) => string) => {
    const [value = '', ...others] = new Set(elements.map(of));
    return others.length === 0 ? value : '';
  };
  const label = same((element) => findLabelBefore(element) || findLabelWithin(element));
  if (label !== '') return toPlainName(label);
  for (const attribute of [...NAMING_ATTRIBUTES, 'title']) {
    const value = same(({ attribs }) => attribs[attribute] ?? '');
    // Several sentences describe; a name has a few words.
    if (value === '' || elements.length < 2 || value.length > 30 || value.split(/\s+/).length > 3) continue;
    const isKey = attribute.startsWith('data-test') || attribute === 'data-qa';
    const name = toPlainName(value);
    const [, ...own] = name.split('_');
    if (name !== '') return isKey ? (toKnownName(name) ?? (own.length > 0 ? own.join('_') : name)) : name;
  }
  return '';
}

/** Returns the word after the number in each row: `12 comments`, `1 comment`. */
function findUnit(elements: readonly PageElement[]): string | undefined {
  const units = elements.map((element) => {
    const [, unit = ''] = /^[\d.,]+\s*[kKmM]?\s+(\p{L}{3,15})$/u.exec(getText(element).trim()) ?? [];
    return unit.toLowerCase();
  });
  const [longest = ''] = units.toSorted((one, other) => other.length - one.length);
  const stem = longest.replace(/s$/, '');
  return stem !== '' && units.length > 1 && units.every((unit) => unit === longest || unit === stem)
    ? toPlainName(longest)
    : undefined;
}

/** `markdown_body`, `res_text`: what a sentence or more is in. */
const TEXT_NAME = /(?:^|_)(?:text|body|content|copy|message)$/;

/** Returns a name from the element's own classes. */
function findOwnName(elements: readonly PageElement[], rows: readonly PageElement[]): string | undefined {
  const name = findKnownName(elements) ?? findClassName(elements, getBlockTokens(rows));
  return name !== undefined && TEXT_NAME.test(name) ? (getContentName(elements) ?? name) : name;
}

/** Returns a name from the element's classes, or from those around it within the row. */
function findNameAround(elements: readonly PageElement[], rows: readonly PageElement[]): string | undefined {
  if (elements.some((each) => isHeading(each))) return 'title';
  const [row] = rows;
  const isInRow = (each: PageElement) => !rows.includes(each) && (row === undefined || !isWithin(row, each));
  let inner = elements;
  for (let up = 0; up < 3 && inner.every(isInRow); up += 1) {
    const name = findOwnName(inner, rows);
    if (name !== undefined) return name;
    if (inner.some(isHeading)) return 'title';
    inner = inner.flatMap((each) => getAncestors(each).slice(0, 1));
  }
  return undefined;
}

export function isHeading({ name }: PageElement): boolean {
  return /^h[1-6]$/.test(name);
}

/** Texts of this length, on average, describe something. */
const MIN_DESCRIPTION = 60;

/** Returns a name for what texts look like: an address of a site, a name after "by", several sentences. */
function getContentName(elements: readonly PageElement[]): string | undefined {
  const texts = elements.map((element) => getText(element).trim());
  if (texts.every((text) => /^(?:https?:\/\/)?(?:[\w-]+\.)+[a-z]{2,}(?:[/ ›].*)?$/i.test(text)))
    return 'site';
  if (texts.every((text) => /^(?:by|von|par|por|di|av)\s+\p{Lu}/iu.test(text))) return 'author';
  const length = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  return length >= MIN_DESCRIPTION ? 'description' : undefined;
}

function getTagName({ name, attribs }: PageElement): string {
  if (name === 'time') return 'date';
  if (name === 'cite') return 'source';
  if (name === 'p' || name === 'blockquote' || name === 'dd') return 'description';
  if (name === 'a' && attribs['rel'] === 'author') return 'author';
  return 'text';
}

const LINKED: readonly (readonly [RegExp, string])[] = [
  [/author|user|member|profile|\/u\/|\/people\//i, 'author_link'],
  [/comment|#respond|#disqus/i, 'comments_link'],
  [/categor|\/topics?\//i, 'category_link'],
  [/\btags?\b|\/tag\//i, 'tag_link'],
  [/last[-_]?(?:post|reply)|latest|unread|#post|goto=/i, 'last_post_link'],
  [/download|magnet:|\.(?:pdf|zip|torrent)\b/i, 'download_link'],
  [/more\b|continue|details?\b/i, 'more_link'],
  [/\bmap|directions/i, 'map_link'],
  [/trailer|video/i, 'video_link'],
];

/** Names a link that is not the row's own: by the classes of the link and around it, or by its address. */
function chooseLinkName(elements: readonly PageElement[], rows: readonly PageElement[]): string {
  const marks = (of: readonly PageElement[]) => getCommonClasses(of).join(' ');
  const around = elements
    .flatMap((each) => getAncestors(each).slice(0, 1))
    .filter((each) => !rows.includes(each));
  const hrefs = elements.map(({ attribs }) => attribs['href'] ?? '');
  for (const [pattern, name] of LINKED)
    if (pattern.test(marks(elements)) || pattern.test(marks(around))) return name;
  const text = findNameAround(elements, rows);
  if (text !== undefined && !/link|title/.test(text)) return `${text}_link`.slice(0, 30);
  for (const [pattern, name] of LINKED) if (hrefs.every((href) => pattern.test(href))) return name;
  return 'link';
}

const PICTURED = ['avatar', 'gravatar', 'logo', 'flag', 'icon', 'rating', 'badge', 'sticker', 'stars'];

function chooseImageName(elements: readonly PageElement[]): string {
  const [first] = elements;
  const own = `${getCommonClasses(elements).join(' ')} ${first?.attribs['src'] ?? ''}`.toLowerCase();
  const outer = getCommonClasses(elements.flatMap((each) => getAncestors(each).slice(0, 1))).join(' ');
  const found = PICTURED.find((word) => own.includes(word) || outer.toLowerCase().includes(word));
  return found === 'gravatar' ? 'avatar' : (found ?? 'image');
}

/** Returns the heading of the table column that contains an element; empty if there is none. */
function findColumnTitle(element: PageElement, rows: readonly PageElement[]): string {
  const row = rows.find((each) => isWithin(element, each));
  const cell = row && getPathWithin(element, row).find(({ name }) => name === 'td');
  const table = cell === undefined ? undefined : getAncestors(cell).find(({ name }) => name === 'table');
  if (row === undefined || cell === undefined || table === undefined || cell.parent !== row) return '';
  const number = getChildNumber(cell);
  const heads = [...getDescendants(table)].filter(({ name }) => name === 'th');
  const head = heads.length > 0 ? heads : getHeadingLine(table, rows);
  const title = head.find((each) => getChildNumber(each) === number);
  return title === undefined ? '' : toPlainName(getText(title));
}

/** Returns the cells of a table's first line if it is no row: the names of the columns. */
function getHeadingLine(table: PageElement, rows: readonly PageElement[]): PageElement[] {
  const line = [...getDescendants(table)].find(({ name }) => name === 'tr');
  if (line === undefined || rows.includes(line) || line.parent !== rows[0]?.parent) return [];
  const cells = line.children.filter(isElement);
  return cells.length === rows[0]?.children.filter(isElement).length ? cells : [];
}
