import { getAncestors, getText, isElement, select } from '../extract/select.ts';
import { readTable, type TableGrid } from '../extract/table-grid.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { toPlainName } from './class-name.ts';
import { getClasses, getDescendants, getOwnText } from './dom-helpers.ts';
import type { SuggestedField } from './find-fields.ts';
import { guessType } from './guess-type.ts';

/** A table of data, as `table` takes it. */
export interface FoundTable {
  /** Selects the table. */
  item: string;
  rows: readonly PageElement[];
  fields: (SuggestedField & { column: string })[];
  /** The first value of each field. */
  samples: string[];
}

const MAX_COLUMNS = 25;
/** The minimum share of the rows that a table and its proposed rows have in common. */
const MIN_COMMON = 0.9;
/** The maximum number of texts in a cell, on average: more of them are a list in a table. */
const MAX_TEXTS = 1.5;

/**
 * Returns the table of data whose rows were found: each column with a heading is a field. Undefined for other rows, for
 * a table without headings, and for one whose cells hold several texts each, such as a list of threads.
 */
export function findTable(page: Page, rows: readonly PageElement[]): FoundTable | undefined {
  const table = findCommonTable(rows);
  if (table === undefined) return undefined;
  const grid = readTable(table);
  const inGrid = new Set(grid.rows.map(({ element }) => element));
  const common = rows.filter((row) => inGrid.has(row)).length;
  if (common < rows.length * MIN_COMMON || common < grid.rows.length * MIN_COMMON) return undefined;
  const selector = findTableSelector(page, table);
  const fields = selector === undefined || !hasHeadings(grid, table) ? [] : listFields(grid);
  if (selector === undefined || fields.length < 2 || countTexts(grid) > MAX_TEXTS) return undefined;
  const samples = fields.map(({ column, attribute }) => findSample(grid, column, attribute));
  return { item: selector, rows: grid.rows.map(({ element }) => element), fields, samples };
}

function findSample({ header, rows }: TableGrid, column: string, attribute: string | null): string {
  const at = header.indexOf(column);
  const cells = rows.slice(0, 5).flatMap((row) => row.cells[at] ?? []);
  const values = cells.map((cell) => (attribute === null ? getText(cell).trim() : findLink(cell)));
  return values.find((value) => value !== undefined && value !== '') ?? '';
}

function findCommonTable(rows: readonly PageElement[]): PageElement | undefined {
  if (!rows.every(({ name }) => name === 'tr')) return undefined;
  const tables = new Set(rows.map((row) => getAncestors(row).find(({ name }) => name === 'table')));
  const [table] = tables;
  return tables.size === 1 ? table : undefined;
}

/** Whether most columns have a heading of their own. The first row of a layout table is no heading. */
function hasHeadings({ header }: TableGrid, table: PageElement): boolean {
  const heads = [...getDescendants(table)].filter(({ name }) => name === 'th');
  const named = header.filter((name) => !/^column \d+$/.test(name)).length;
  return heads.length >= 2 && named >= header.length / 2 && header.length <= MAX_COLUMNS;
}

/** How many elements with a text of their own a cell has, on average. */
function countTexts({ rows }: TableGrid): number {
  const cells = rows.slice(0, 20).flatMap((row) => row.cells.filter((cell) => cell !== undefined));
  const texts = cells.map(
    (cell) => [cell, ...getDescendants(cell)].filter((each) => getOwnText(each) !== '').length,
  );
  return (
    texts.reduce((sum, count) => sum + count, 0) / Math.max(1, texts.filter((count) => count > 0).length)
  );
}

/** A field for the text of each column, and one for its links if it is the first column with a link of its own in each row. */
function listFields({ header, rows }: TableGrid): FoundTable['fields'] {
  const used = new Set<string>();
  const toName = (text: string) => {
    const base = toPlainName(text) || 'column';
    let name = base;
    for (let number = 2; used.has(name); number += 1) name = `${base}_${number}`;
    used.add(name);
    return name;
  };
  const some = rows.slice(0, 20);
  const fields = header.flatMap((column, at): FoundTable['fields'] => {
    const cells = some.flatMap(({ cells: all }) => all[at] ?? []);
    const values = cells.map((cell) => getText(cell).replaceAll(/\s+/g, ' ').trim());
    if (values.every((value) => value === '')) return [];
    const type = guessType(values);
    return [
      {
        name: toName(column),
        selector: ':scope',
        attribute: null,
        column,
        ...(type !== undefined && { type }),
      },
    ];
  });
  const linked = header.findIndex((_, at) => {
    const links = some.map(({ cells }) => cells[at] && findLink(cells[at]));
    return links.every((link) => link !== undefined) && new Set(links).size > 1;
  });
  const column = header[linked];
  if (column !== undefined)
    fields.push({ name: toName('link'), selector: 'a[href]', attribute: 'href', column });
  return fields;
}

function findLink(cell: PageElement): string | undefined {
  for (const { name, attribs } of getDescendants(cell)) {
    const href = attribs['href'] ?? '';
    if (name === 'a' && href !== '' && !/^(?:#|javascript:)/i.test(href)) return href;
  }
  return undefined;
}

/** By its id, its classes, or what is around it; the simplest selector that matches this table alone. */
function findTableSelector(page: Page, table: PageElement): string | undefined {
  const isAlone = (selector: string) => {
    const [first, ...others] = select(page, selector);
    return first === table && others.length === 0;
  };
  const { id = '' } = table.attribs;
  const own = [
    ...(/^[A-Za-z][\w-]*$/.test(id) ? [`#${id}`] : []),
    ...getClasses(table).map((name) => `table.${name}`),
    ...(getClasses(table).length > 1 ? [`table.${getClasses(table).join('.')}`] : []),
    'table',
  ];
  const around = getAncestors(table).flatMap((each) => [
    ...(/^[A-Za-z][\w-]*$/.test(each.attribs['id'] ?? '') ? [`#${each.attribs['id']}`] : []),
    ...getClasses(each).map((name) => `${each.name}.${name}`),
  ]);
  const within = around.flatMap((outer) => own.map((inner) => `${outer} ${inner}`));
  const last = isElement(table.parent) ? [`table:nth-of-type(${countBefore(table)})`] : [];
  return [
    ...own,
    ...within.slice(0, 40),
    ...last,
    ...around.slice(0, 10).flatMap((outer) => last.map((inner) => `${outer} > ${inner}`)),
  ].find(isAlone);
}

function countBefore(table: PageElement): number {
  let number = 1;
  for (let { prev } = table; prev !== null; prev = prev.prev)
    if (isElement(prev) && prev.name === 'table') number += 1;
  return number;
}
