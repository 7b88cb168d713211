import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { getText, select } from '../../../src/scrape/extract/select.ts';
import { readTable } from '../../../src/scrape/extract/table-grid.ts';
import { type Collection, compare, DOC, filesOf, plain, plainRow, type Row, rowsOf, URL } from './compare.ts';
import { runOracle } from './run-oracle.ts';

interface Selected extends Collection {
  item: string;
  fields: Record<string, { css: string; attribute?: string }>;
}

const HTML: Selected[] = [
  {
    name: 'functions of the PHP manual',
    folder: `${DOC}/php-doc/html`,
    files: /^function\..*\.html$/,
    item: 'div.refentry',
    fields: { name: { css: 'h1.refname' }, versions: { css: 'p.verinfo' }, purpose: { css: '.dc-title' } },
    atLeast: 900,
  },
  {
    name: 'directives of Apache',
    folder: `${DOC}/apache2-doc/manual/en/mod`,
    files: /\.html$/,
    item: 'div.directive-section',
    fields: {
      name: { css: 'h2 > span' },
      link: { css: 'a.permalink', attribute: 'href' },
      description: { css: 'table.directive tr:nth-child(1) > td' },
      syntax: { css: 'table.directive code' },
    },
    atLeast: 700,
  },
  {
    name: 'functions of the Python library',
    folder: `${DOC}/python3.13/html/library`,
    files: /\.html$/,
    item: 'dl.py > dt',
    fields: {
      id: { css: '.headerlink', attribute: 'href' },
      name: { css: '.sig-name' },
      first: { css: 'em.sig-param' },
    },
    atLeast: 5_000,
  },
];

describe('rows of elements are those of parsel', () => {
  it.for(HTML)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { item, fields } = collection;
    const lines = [
      `item: ${JSON.stringify(item)}`,
      'selectors:',
      ...Object.entries(fields).map(
        ([name, { css, attribute }]) =>
          `  ${name}: {selector: ${JSON.stringify(css)}${attribute === undefined ? '' : `, attribute: ${attribute}`}}`,
      ),
    ].join('\n');
    compare<Row[]>(
      collection,
      files,
      runOracle<Row>({ kind: 'html', url: URL, item, fields }, files),
      (file, theirs) => [rowsOf(file, 'text/html; charset=utf-8', lines).map(plainRow), theirs.map(plainRow)],
    );
  });
});

const TABLES: (Collection & { table: string })[] = [
  {
    name: 'tables of the PHP manual',
    folder: `${DOC}/php-doc/html`,
    files: /^(?!function\.).*\.html$/,
    table: 'doctable',
    atLeast: 600,
  },
  {
    name: 'tables of the PostgreSQL manual',
    folder: `${DOC}/postgresql-doc-17/html`,
    files: /\.html$/,
    table: 'table',
    atLeast: 4_000,
  },
  {
    name: 'tables of the Python library',
    folder: `${DOC}/python3.13/html/library`,
    files: /\.html$/,
    table: 'docutils',
    atLeast: 1_000,
  },
];

describe('rows of tables are those of pandas.read_html', () => {
  it.for(TABLES)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { table } = collection;
    const theirs = runOracle<unknown[][]>({ kind: 'tables', table }, files);
    compare<unknown[][][]>(collection, files, theirs, (file, tables) => {
      const page = loadPage(readFileSync(file), 'text/html; charset=utf-8', URL);
      const ours = select(page, `table.${table}`)
        .filter((each) => select(page, 'table', each).length === 0)
        .flatMap((each) => readTable(each).rows)
        .map(({ cells }) => cells.map((cell) => cell && plain(getText(cell))));
      return [ours.map(trimRow), tables.flat().map((row) => trimRow(row.map(plain)))];
    });
  });
});

/** A short row is filled up in a grid. */
function trimRow(cells: readonly unknown[]): unknown[] {
  const last = cells.findLastIndex((cell) => cell !== null && cell !== undefined);
  return cells.slice(0, last + 1).map((cell) => cell ?? null);
}
