import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { FieldSelector } from '../config/field.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { TableSource } from '../config/table-source.ts';
import type { Item, Page, PageElement } from '../lib/page.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { findRequired } from './find-matches.ts';
import {
  type Extraction,
  inMatches,
  listSelectors,
  makeRows,
  type RowMatches,
  type RowRules,
} from './make-rows.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { getAncestors, isTextMatch, select } from './select.ts';
import { readTable, type TableGrid } from './table-grid.ts';

/** `Price (EUR)`, `Weight [kg]`. */
const WITH_UNIT = /^(.+?)\s*(?:\(([^()]{1,20})\)|\[([^[\]]{1,20})\])$/;

/**
 * Extracts the rows of tables. Fields with `column` are in its cell, others anywhere in the row. Without fields, each
 * column is one, named by its header.
 */
export function extractTableRows(
  context: ExtractionContext,
  config: RowRules,
  source: TableSource,
): Extraction {
  const { page } = context;
  const tables = findTables(page, source.selector);
  const grids = tables.map(readTable);
  const isNamed = Object.keys(config.selectors).length > 0;
  const rules = isNamed ? config : { ...config, selectors: nameFields(grids, source) };
  const selectors = listSelectors(rules);
  const found = grids.flatMap((grid) => {
    const columns = new Map(
      Object.entries(rules.selectors).map(([name, { column }]) => [name, findColumn(grid, column)] as const),
    );
    return grid.rows.map(({ element, cells }): RowMatches => {
      const row: RowMatches = new Map();
      for (const [name, selector] of selectors) {
        const { column } = rules.selectors[name] ?? {};
        const root = column === undefined ? element : cells[columns.get(name) ?? -1];
        if (root !== undefined)
          row.set(name, preferOutsideNoscript(page, context.find(name, selector, root)));
      }
      return row;
    });
  });
  const extraction = makeRows(context, rules, found.map(inMatches));
  if (!isNamed && source.units) fillUnits(extraction.rows, rules.selectors);
  return {
    ...extraction,
    found: { ...extraction.found, item: found.length },
    warnings: describeProblem(page, source, grids, rules.selectors),
  };
}

function findTables(page: Page, selector: string): PageElement[] {
  const found = findRequired(page, selector, 'item').filter(
    (match): match is PageElement => !isTextMatch(match),
  );
  const tables = found.flatMap((element) =>
    element.name === 'table' ? [element] : select(page, 'table', element).slice(0, 1),
  );
  const all = new Set(tables);
  // A table in a cell of another one is a part of it.
  return [...all].filter((table) => !getAncestors(table).some((outer) => all.has(outer)));
}

/** A header is found by its words, whatever their case; its unit may be left out where that is clear. */
function findColumn({ header }: TableGrid, column: string | undefined): number | undefined {
  if (column === undefined) return undefined;
  const wanted = normalize(column);
  const exact = header.findIndex((name) => normalize(name) === wanted);
  if (exact >= 0) return exact;
  const bare = header.flatMap((name, at) =>
    normalize(WITH_UNIT.exec(name)?.[1] ?? '') === wanted ? [at] : [],
  );
  return bare.length === 1 ? bare[0] : undefined;
}

function normalize(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

/** Makes a field of each column. */
function nameFields(
  grids: readonly TableGrid[],
  { links, units }: TableSource,
): Record<string, FieldSelector> {
  const fields: [string, FieldSelector][] = [];
  const headers = new Set(grids.flatMap(({ header }) => header));
  for (const column of headers) {
    const [, bare] = (units ? WITH_UNIT.exec(column) : null) ?? [];
    const name = bare === undefined || headers.has(bare) ? column : bare;
    const cell = { column, html: false, multiple: false };
    fields.push([name, { ...cell, selector: ':scope' }]);
    if (name !== column) fields.push([`${name}_unit`, { ...cell, selector: ':scope' }]);
    if (links && hasLinks(grids, column))
      fields.push([`${name}_link`, { ...cell, selector: 'a[href]', attribute: 'href' }]);
  }
  return Object.fromEntries(fields);
}

/** A row without the value has no unit either. */
function fillUnits(rows: readonly Item[], fields: Readonly<Record<string, FieldSelector>>): void {
  for (const [name, { column = '' }] of Object.entries(fields)) {
    const [, , round, square] = WITH_UNIT.exec(column) ?? [];
    const unit = round ?? square;
    if (unit === undefined || !Object.hasOwn(fields, `${name}_unit`)) continue;
    for (const row of rows) row[`${name}_unit`] = row[name] === null ? null : unit;
  }
}

function hasLinks(grids: readonly TableGrid[], column: string): boolean {
  return grids.some((grid) => {
    const at = grid.header.indexOf(column);
    return grid.rows.some(({ cells }) => cells[at] !== undefined && containsLink(cells[at]));
  });
}

function containsLink(element: PageElement): boolean {
  return element.children.some(
    (child) => 'attribs' in child && (child.attribs['href'] !== undefined || containsLink(child)),
  );
}

function describeProblem(
  page: Page,
  { selector }: TableSource,
  grids: readonly TableGrid[],
  fields: Readonly<Record<string, FieldSelector>>,
): string[] {
  if (grids.length === 0)
    return [`table "${selector}" matches no table on ${page.url}: ${describeTables(page)}`];
  for (const { column } of Object.values(fields)) {
    if (column === undefined || grids.some((grid) => findColumn(grid, column) !== undefined)) continue;
    const headers = [...new Set(grids.flatMap(({ header }) => header))];
    const near = headers.find((name) => normalize(name) === findNearestName(column, headers.map(normalize)));
    return [
      `the table on ${page.url} has no column "${column}", but ${truncateList(headers)}` +
        (near === undefined ? '' : `. Did you mean "${near}"?`),
    ];
  }
  return [];
}

const MAX_SHOWN = 3;

function describeTables(page: Page): string {
  const tables = select(page, 'table');
  if (tables.length === 0) return 'it has none';
  const shown = tables.slice(0, MAX_SHOWN).map((table) => {
    const { header, rows } = readTable(table);
    const { id, class: classes = '' } = table.attribs;
    const mark =
      id === undefined
        ? classes
            .split(/\s+/)
            .filter((name) => name !== '')
            .map((name) => `.${name}`)
            .join('')
        : `#${id}`;
    return `table${mark} (${pluralize(rows.length, 'row')}: ${truncateList(header.slice(0, 6))})`;
  });
  return `it has ${shown.join('; ')}${tables.length > MAX_SHOWN ? ` and ${tables.length - MAX_SHOWN} more` : ''}`;
}
