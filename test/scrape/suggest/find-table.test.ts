import { describe, expect, it } from 'vitest';
import { select } from '../../../src/scrape/extract/select.ts';
import { findTable } from '../../../src/scrape/suggest/find-table.ts';
import { pageOf } from '../extract/fixtures.ts';

const HEAD = '<thead><tr><th>Lake</th><th>Opened</th><th>Unit price</th></tr></thead>';

function row(n: number): string {
  return `<tr><td><a href="/l${n}">Lake ${n}</a></td><td>${n} March 2026</td><td>€${n}.00</td></tr>`;
}

function table(head: string, of = row, attributes = ''): string {
  return `<table ${attributes}>${head}<tbody>${[1, 2, 3, 4].map(of).join('')}</tbody></table>`;
}

function found(html: string) {
  const page = pageOf(html);
  return findTable(page, select(page, 'tr:has(> td)'));
}

describe('a table of data', () => {
  it('has a field for each column, named by its heading, and the link of its rows', () => {
    const { item, rows, fields } = found(`<p>x</p>${table(HEAD, row, 'id="lakes"')}`) ?? {};
    expect({ item, rows: rows?.length }).toEqual({ item: '#lakes', rows: 4 });
    const text = { selector: ':scope', attribute: null };
    expect(fields).toEqual([
      { name: 'lake', column: 'Lake', ...text },
      { name: 'opened', column: 'Opened', ...text, type: 'date' },
      { name: 'unit_price', column: 'Unit price', ...text, type: 'price' },
      { name: 'link', column: 'Lake', selector: 'a[href]', attribute: 'href' },
    ]);
  });

  it('is found by its class, by what is around it, or by its number', () => {
    const other = '<table><tr><td>menu</td></tr></table>';
    const of = (html: string) => {
      const page = pageOf(html);
      return findTable(page, select(page, 'tbody > tr:has(> td:nth-child(3))'))?.item;
    };
    expect(of(`${other}${table(HEAD, row, 'class="data wide"')}`)).toBe('table.data');
    expect(of(`${other}<div id="main">${table(HEAD)}</div>`)).toBe('#main table');
    expect(of(`${other}${table(HEAD)}`)).toBe('table:nth-of-type(2)');
  });

  it('is no layout, no list of threads, and no table without headings', () => {
    expect(found(table(''))).toBeUndefined();
    const thread = (n: number) =>
      `<tr><td><a href="/${n}">T${n}</a><b>by A${n}</b><i>at ${n}</i></td><td><b>x${n}</b><i>y${n}</i></td><td>3</td></tr>`;
    expect(found(table(HEAD, thread))).toBeUndefined();
    expect(found(`<ul><li>a</li></ul>`)).toBeUndefined();
  });
});
