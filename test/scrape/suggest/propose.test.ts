import { describe, expect, it } from 'vitest';
import { makeBookshop } from '../../../src/sandbox/bookshop.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { suggestFromPage } from '../../../src/scrape/inspector/suggest-selectors.ts';
import { NINE } from '../../sandbox/open-shop.ts';

function proposed(html: string) {
  return suggestFromPage(loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.example/'));
}

function withText(of: (number: number) => string, count = 6): string {
  return Array.from({ length: count }, (_, at) => of(at + 1)).join('\n');
}

describe('what could be taken from a page', () => {
  it('is each book of the bookshop, with what one sees of it, and the way to the next page', () => {
    const { resources } = makeBookshop();
    const start = resources.get('/') ?? resources.get('/index.html');
    const { item, rows, fields, next } = proposed(start?.render(NINE) ?? '');
    expect({ item, rows, next }).toEqual({ item: 'article.product_pod', rows: 20, next: 'li.next a' });
    const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
    expect(Object.keys(byName)).toEqual(['rating', 'title', 'price', 'availability', 'link', 'image']);
    expect(byName).toMatchObject({
      title: { attribute: 'title' },
      price: { selector: '.price_color', attribute: null, type: 'price' },
      availability: { selector: '.availability', attribute: null },
      link: { attribute: 'href' },
    });
  });

  it('is each row of a table, a field for each column', () => {
    const row = (n: number) => `<tr><td>name ${n}</td><td>€${n}.00</td><td><a href="/${n}">see</a></td></tr>`;
    const { item, rows, fields } = proposed(`<table><tbody>${withText(row)}</tbody></table>`);
    expect({ item, rows }).toMatchObject({ rows: 6, item: expect.stringContaining('tr') });
    expect(fields).toContainEqual({
      ...{ name: 'price', selector: 'td:nth-child(2)', attribute: null, type: 'price' },
    });
    expect(fields.map(({ attribute }) => attribute)).toContain('href');
    const head = '<thead><tr><th>Item name</th><th>Cost</th><th></th></tr></thead>';
    const titled = proposed(`<table>${head}<tbody>${withText(row)}</tbody></table>`).fields;
    expect(titled.map(({ name }) => name)).toEqual(['item_name', 'cost', 'link']);
  });

  it('is the articles of a blog, not the links around them', () => {
    const article = (n: number) =>
      `<article class="post"><h2><a href="/p${n}">Post ${n}</a></h2><time datetime="2026-01-0${n}">Jan ${n}</time><p class="teaser">About ${n}</p></article>`;
    const links = `<ul>${withText((n) => `<li><a href="/t${n}">tag ${n}</a></li>`, 40)}</ul>`;
    const html = `<nav>${links}</nav><main>${withText(article)}</main><div class="cloud">${links}</div><a class="more" href="/page/2">Older posts »</a>`;
    expect(proposed(html)).toEqual({
      ...{ item: 'article.post', rows: 6, next: 'a.more' },
      fields: [
        { name: 'title', selector: 'h2 > a', attribute: null },
        { name: 'date', selector: 'time', attribute: 'datetime', type: 'date' },
        { name: 'description', selector: '.teaser', attribute: null },
        { name: 'link', selector: 'h2 > a', attribute: 'href' },
      ],
    });
  });

  it('leaves away what stands on each button, and what too few rows have', () => {
    const row = (n: number) =>
      `<li class="card"><b class="name">Thing ${n}</b><i class="cost">${n} EUR</i><button>Buy</button>${n === 1 ? '<em>new</em>' : ''}</li>`;
    expect(proposed(`<ul>${withText(row)}</ul>`).fields.map(({ name }) => name)).toEqual(['name', 'price']);
  });

  it('is nothing on a page on which nothing repeats', () => {
    expect(proposed('<h1>Hello</h1><p>Only a text.</p>')).toEqual({
      item: null,
      rows: 0,
      fields: [],
      next: null,
    });
    expect(proposed('')).toMatchObject({ item: null });
    expect(proposed(`<div>${'<p>the same</p>'.repeat(50)}</div>`)).toMatchObject({ item: null });
  });

  it('bears pages that are nested deep or have no end of elements', () => {
    const deep = `${'<div>'.repeat(500)}x${'</div>'.repeat(500)}`;
    expect(proposed(deep)).toMatchObject({ item: null });
    const many = withText((n) => `<p><b>${n}</b> <i>${n}</i></p>`, 20_000);
    expect(proposed(many).rows).toBeGreaterThan(1000);
  });
});
