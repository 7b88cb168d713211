import { getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getDescendants } from '../suggest/dom-helpers.ts';
import { labelElement } from './element-label.ts';
import { cleanText, getShownRoot, isHidden } from './visible-content.ts';

/** A table with data: layout tables are left out. */
export interface PageTable {
  selector: string;
  caption?: string;
  columns: string[];
  rows: number;
}

export interface PageForm {
  selector: string;
  action: string;
  method: string;
  fields: string[];
}

const TEXT_CHARACTERS = 80;
const MAX_HEADINGS = 12;
const MAX_TABLES = 8;
const MAX_COLUMNS = 20;
const MAX_FORMS = 6;
const MAX_FIELDS = 20;

/** The title of a page, or of a feed. */
export function getTitle(page: Page): string {
  const [title] = select(page, page.isXml ? 'title' : 'head > title');
  return title === undefined ? '' : cleanText(getText(title), TEXT_CHARACTERS * 2);
}

export function getLanguage(page: Page): string {
  const [html] = select(page, 'html, rss, feed');
  return cleanText(html?.attribs['lang'] ?? html?.attribs['xml:lang'] ?? '', 20);
}

/** The main headings: those of the highest levels, in the order of the page. */
export function findHeadings(page: Page): string[] {
  const levels: { element: PageElement; at: number }[][] = [[], [], []];
  const root = getShownRoot(page);
  let at = 0;
  for (const element of root === undefined || page.isXml ? [] : getDescendants(root)) {
    const [, level] = /^h([1-3])$/.exec(element.name) ?? [];
    if (level === undefined || isHidden(element)) continue;
    at += 1;
    levels[Number(level) - 1]?.push({ element, at });
  }
  const best: { at: number; text: string }[] = [];
  for (const { element, at: place } of levels.flat()) {
    const text = cleanText(getText(element), TEXT_CHARACTERS);
    if (text !== '') best.push({ at: place, text: `${element.name} ${text}` });
    if (best.length === MAX_HEADINGS) break;
  }
  return best.sort((one, other) => one.at - other.at).map(({ text }) => text);
}

export function findTables(page: Page): PageTable[] {
  return select(page, 'table')
    .map((table) => toTable(table))
    .filter(({ columns, rows }) => columns.length > 1 && rows > 1)
    .toSorted((one, other) => other.rows - one.rows)
    .slice(0, MAX_TABLES);
}

function toTable(table: PageElement): PageTable {
  const rows: PageElement[] = [];
  let caption = '';
  // Rows of tables inside this one are its content.
  const left = [...table.children].reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (!isElement(node)) continue;
    if (node.name === 'tr') rows.push(node);
    else if (node.name === 'caption') caption = cleanText(getText(node), TEXT_CHARACTERS);
    else if (/^t(?:head|body|foot)$/.test(node.name)) left.push(...[...node.children].reverse());
  }
  const heads = rows.find((row) => row.children.some((cell) => isElement(cell) && cell.name === 'th'));
  const columns = (heads?.children ?? [])
    .filter(isElement)
    .slice(0, MAX_COLUMNS)
    .map((cell) => cleanText(getText(cell), TEXT_CHARACTERS / 2));
  const body = rows.filter((row) => row !== heads);
  return { selector: labelElement(table), ...(caption !== '' && { caption }), columns, rows: body.length };
}

export function findForms(page: Page): PageForm[] {
  return select(page, 'form')
    .slice(0, MAX_FORMS)
    .map((form) => ({
      selector: labelElement(form),
      action: cleanText(form.attribs['action'] ?? '', TEXT_CHARACTERS),
      method: /^post$/i.test(form.attribs['method'] ?? '') ? 'post' : 'get',
      fields: [...getDescendants(form)].flatMap(describeField).slice(0, MAX_FIELDS),
    }));
}

function describeField({ name: tag, attribs }: PageElement): string[] {
  if (!/^(?:input|select|textarea)$/.test(tag)) return [];
  const name = cleanText(attribs['name'] ?? attribs['id'] ?? '', TEXT_CHARACTERS / 2);
  const type = tag === 'input' ? cleanText(attribs['type'] ?? 'text', 20) : tag;
  return name === '' || type === 'submit' ? [] : [type === 'text' ? name : `${name} (${type})`];
}
