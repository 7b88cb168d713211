import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { FieldSelector } from '../config/field.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { TableSource } from '../config/table-source.ts';
import type { Item, Page, PageElement } from '../lib/page.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { findRequired } from './find-matches.ts';
import { type Extraction, listSelectors, makeRows, type RowMatches, type RowRules } from './make-rows.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { getAncestors, isTextMatch, select } from './select.ts';
import { readTable, type TableGrid, UniqueNames } from './table-grid.ts';

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
  const columnFields = isNamed ? [] : nameFields(grids, source);
  const rules = isNamed ? config : { ...config, selectors: toSelectors(columnFields) };
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
  const extraction = makeRows(context, rules, found);
  fillUnits(extraction.rows, columnFields);
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

/**
 * A header is found by its words as they are, or else whatever their case; its unit may be left out where that is clear.
 */
function findColumn({ header, units }: TableGrid, column: string | undefined): number | undefined {
  if (column === undefined) return undefined;
  const exact = header.indexOf(column);
  if (exact >= 0) return exact;
  const wanted = normalize(column);
  const same = header.findIndex((name) => normalize(name) === wanted);
  if (same >= 0) return same;
  const bare = units.flatMap((unit, at) => (normalize(unit?.name ?? '') === wanted ? [at] : []));
  return bare.length === 1 ? bare[0] : undefined;
}

function normalize(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

/** The fields of one column. */
interface ColumnFields {
  column: string;
  name: string;
  unit?: { name: string; text: string };
  /** The field with its links. */
  link?: string;
}

/** Names the fields of each column. A column keeps its header, so another field that would be called so has a number. */
function nameFields(grids: readonly TableGrid[], { links, units }: TableSource): ColumnFields[] {
  const found = new Map(
    grids.flatMap((grid) =>
      grid.header.map((column, at) => [column, units ? grid.units[at] : undefined] as const),
    ),
  );
  const names = new UniqueNames();
  const columns = [...found];
  for (const [column, unit] of columns) if (unit === undefined) names.add(column);
  const named = columns.map(([column, unit]) => ({
    column,
    unit,
    name: unit === undefined ? column : names.add(unit.name),
  }));
  return named.map(({ column, name, unit }) => ({
    column,
    name,
    ...(unit !== undefined && { unit: { name: names.add(`${name}_unit`), text: unit.unit } }),
    ...(links && hasLinks(grids, column) && { link: names.add(`${name}_link`) }),
  }));
}

function toSelectors(fields: readonly ColumnFields[]): Record<string, FieldSelector> {
  return Object.fromEntries(
    fields.flatMap(({ column, name, unit, link }): [string, FieldSelector][] => {
      const cell = { column, selector: ':scope', html: false, multiple: false };
      return [
        [name, cell],
        ...(unit === undefined ? [] : [[unit.name, cell] satisfies [string, FieldSelector]]),
        ...(link === undefined
          ? []
          : [[link, { ...cell, selector: 'a[href]', attribute: 'href' }] satisfies [string, FieldSelector]]),
      ];
    }),
  );
}

/** A row without the value has no unit either. */
function fillUnits(rows: readonly Item[], fields: readonly ColumnFields[]): void {
  for (const { name, unit } of fields)
    if (unit !== undefined) for (const row of rows) row[unit.name] = row[name] === null ? null : unit.text;
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
  const columns = new Set(Object.values(fields).flatMap(({ column }) => column ?? []));
  const unknown = [...columns].filter((column) =>
    grids.every((grid) => findColumn(grid, column) === undefined),
  );
  if (unknown.length === 0) return [];
  const headers = [...new Set(grids.flatMap(({ header }) => header))];
  const meant = unknown.flatMap((column) => {
    const nearest = findNearestName(normalize(column), headers.map(normalize));
    return headers.find((name) => normalize(name) === nearest) ?? [];
  });
  const lacks =
    grids.length === 1 ? `the table on ${page.url} has no column` : `no table on ${page.url} has a column`;
  return [
    `${lacks} ${joinQuoted(unknown, 'or')}, but ${truncateList(headers)}` +
      (meant.length === 0 ? '' : `. Did you mean ${joinQuoted(meant, 'and')}?`),
  ];
}

function joinQuoted(names: readonly string[], word: 'and' | 'or'): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${word} ${last}`;
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
