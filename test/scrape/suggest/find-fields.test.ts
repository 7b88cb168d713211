import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { suggestFromPage } from '../../../src/scrape/inspector/suggest-selectors.ts';

function fieldsOf(
  row: (number: number) => string,
  around = (rows: string) => `<div class="list">${rows}</div>`,
) {
  const rows = Array.from({ length: 6 }, (_, at) => row(at + 1)).join('\n');
  return suggestFromPage(
    loadPage(Buffer.from(around(rows)), 'text/html; charset=utf-8', 'http://shop.example/'),
  ).fields;
}

const namesOf = (fields: ReturnType<typeof fieldsOf>) => fields.map(({ name }) => name);

describe('the fields of a row', () => {
  it('have names from what the page says: a property, a heading of a table, a label, a class around them', () => {
    const item = (n: number) =>
      `<div class="thing" itemscope><h3 itemprop="name"><a href="/${n}">Thing number ${n}</a></h3><div class="seller"><b>Shop ${n}</b></div><dl><dt>Weight</dt><dd>${n} kg</dd></dl><p>Replies: <i>${n * 7}</i></p></div>`;
    expect(namesOf(fieldsOf(item))).toEqual(['name', 'seller', 'weight', 'replies', 'link']);
    const table = (rows: string) => `<table><tr><th>Название</th><th>Last post by</th></tr>${rows}</table>`;
    const row = (n: number) =>
      `<tr><td><a href="/${n}">Тема ${n}</a></td><td><span>user ${n}</span></td></tr>`;
    expect(namesOf(fieldsOf(row, table))).toEqual(['название', 'last_post_by', 'link']);
  });

  it('are without words that stand in each row alike, and with the title and its link however many there are', () => {
    const numbers = (n: number) =>
      Array.from(
        { length: 14 },
        (_, at) => `<span class="label">Label ${at}</span><span class="v${at}">${n * (at + 2)} things</span>`,
      ).join(' ');
    const row = (n: number) =>
      `<div class="row"><a href="/user/${n % 2}">user ${n % 2}</a> ${numbers(n)}<h4><a href="/thing/${n}">What thing ${n} is called</a></h4></div>`;
    const fields = fieldsOf(row);
    expect(fields).toHaveLength(10);
    expect(namesOf(fields)).not.toContain('label');
    expect(fields.filter(({ name }) => name === 'title' || name === 'link')).toEqual([
      { name: 'title', selector: 'h4 > a', attribute: null },
      { name: 'link', selector: 'h4 > a', attribute: 'href' },
    ]);
  });

  it('of which a class varies from row to row are one field', () => {
    const row = (n: number) =>
      `<div class="row"><h4><a href="/${n}">Thing number ${n}</a></h4><em class="state ${n % 2 ? 'good' : 'bad'} state-${n}">State of ${n}</em></div>`;
    expect(fieldsOf(row)).toContainEqual({ name: 'state', selector: '.state', attribute: null });
  });
});
