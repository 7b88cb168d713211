import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { suggestFromPage } from '../../../src/scrape/inspector/suggest-selectors.ts';
import { findAllRows } from '../../../src/scrape/suggest/find-rows.ts';

function pageOf(html: string) {
  return loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.example/');
}

function proposed(html: string) {
  const { item, rows } = suggestFromPage(pageOf(html));
  return { item, rows };
}

function withText(of: (number: number) => string, count = 8): string {
  return Array.from({ length: count }, (_, at) => of(at + 1)).join('\n');
}

const post = (n: number) =>
  `<h2><a href="/p${n}">A post with the number ${n}</a></h2><p>What post ${n} is about, in a line or two.</p>`;
const menu = `<ul>${withText((n) => `<li><a href="/m${n}">Section ${n}</a></li>`, 30)}</ul>`;

describe('the rows of a page', () => {
  it('are found by what most of them have in common, not by classes of single rows', () => {
    const blog = withText(
      (n) => `<article class="post-${1200 + n} post hentry cat-${n}">${post(n)}</article>`,
    );
    expect(proposed(`<main>${blog}</main>`)).toEqual({ item: 'article.post', rows: 8 });
    const numbered = withText((n) => `<div class="item${n}" id="i${n}">${post(n)}</div>`);
    expect(proposed(`<div class="list">${numbered}</div>`)).toEqual({ item: 'div.list > div', rows: 8 });
    const striped = withText(
      (n) =>
        `<tr class="${n % 2 ? 'odd' : 'even'}${n === 1 ? ' first' : ''}"><td><a href="/${n}">Thread ${n}</a></td><td>${n * 7}</td></tr>`,
    );
    expect(proposed(`<table class="threads"><tbody>${striped}</tbody></table>`).rows).toBe(8);
  });

  it('may each stand in an element that is its own', () => {
    const wrapped = withText(
      (n) => `<div class="col-${n} slot-${n}"><section class="card s${n}">${post(n)}</section></div>`,
    );
    expect(proposed(`<div class="grid">${wrapped}</div>`)).toEqual({ item: 'section.card', rows: 8 });
    const lines = withText(
      (n) => `<div class="line">${withText((m) => `<div>${post(n * 10 + m)}</div>`, 3)}</div>`,
      4,
    );
    expect(proposed(`<main>${lines}</main>`)).toEqual({ item: 'div.line > div', rows: 12 });
  });

  it('are found in a form that the whole page stands in, and not in a form of settings', () => {
    const rows = withText((n) => `<div class="result">${post(n)}</div>`);
    expect(proposed(`<form id="aspnetForm"><div>${rows}</div></form>`)).toEqual({
      item: 'div.result',
      rows: 8,
    });
    const filters = withText(
      (n) => `<div class="choice"><label>Brand ${n}</label> <a href="?b=${n}">only ${n}</a></div>`,
      20,
    );
    expect(proposed(`<form>${filters}</form><main>${rows}</main>`).item).toBe('div.result');
  });

  it('are the list and not the menu before it, the tags beside it, or the parts of a row', () => {
    const tags = (n: number) => withText((m) => `<a class="tag" href="/t${m}">tag ${n}.${m}</a>`, 6);
    const list = withText((n) => `<div class="entry">${post(n)}<p>${tags(n)}</p></div>`, 5);
    expect(
      proposed(`<div class="site-menu">${menu}</div><div>${list}</div><div class="sidebar">${menu}</div>`),
    ).toEqual({
      item: 'div.entry',
      rows: 5,
    });
    expect(proposed(`<div>${menu}</div><div>${list}</div><div>${menu}</div>`).item).toBe('div.entry');
  });

  it('of a table are without its heading, also in a table that lays the page out', () => {
    const head = '<tr><th>Name</th><th>Price</th></tr>';
    const rows = withText((n) => `<tr><td><a href="/${n}">Name of ${n}</a></td><td>€ ${n}.00</td></tr>`);
    const { item, rows: count } = proposed(
      `<table><tr><td>Left</td><td><table class="goods">${head}${rows}</table></td></tr></table>`,
    );
    expect(count).toBe(8);
    expect(item).toContain('tr:has(> td)');
  });

  it('of a table in a table without classes differ from the lines around them', () => {
    const rows = withText((n) => `<tr><td><a href="/${n}">Name of ${n}</a></td><td>€ ${n}.00</td></tr>`);
    const page = `<table><tr><td>Left</td><td><table>${rows}</table></td></tr></table>`;
    expect(proposed(page)).toEqual({ item: 'td > table > tbody > tr', rows: 8 });
  });

  it('are also those that have a class for their state in place of the common one', () => {
    const threads = withText(
      (n) =>
        `<tr class="${n < 4 ? 'sticky' : 'normal'}"><td><a href="/t${n}">A thread with the number ${n}</a></td><td>${n}</td></tr>`,
      20,
    );
    expect(proposed(`<table class="threads">${threads}</table>`).rows).toBe(20);
  });

  it('are not the tags beside them, as blogs list these, nor the columns of a long menu', () => {
    const list = withText((n) => `<article class="entry">${post(n)}</article>`);
    const tags = withText(
      (n) => `<li class="tag-list-item"><a href="/t${n}">Tag ${n}</a><span>${n}</span></li>`,
      90,
    );
    expect(proposed(`<div>${list}</div><div><ul>${tags}</ul></div>`).item).toBe('article.entry');
    const goods = withText((n) => `<div class="job"><a href="/j${n}">Job ${n}</a> <i>${n} days</i></div>`);
    const column = (n: number) => `<div class="mega-col"><h4>Kinds ${n}</h4>${menu}</div>`;
    expect(proposed(`<div class="mega">${withText(column)}</div><div>${goods}</div>`).item).toBe('div.job');
  });

  it('are those of one part of the page, and not of all parts that are built alike', () => {
    const block = (n: number) =>
      `<div><h4>Group ${n}</h4>${withText((m) => `<a href="/g${m}">kind ${n}.${m}</a>`, 8)}</div>`;
    const html = `<div id="left">${withText(block, 6)}</div><div id="main">${withText((n) => `<div>${post(n)}</div>`)}</div>`;
    expect(proposed(html)).toEqual({ item: '#main > div', rows: 8 });
  });

  it('are a short list and not the long menu over it', () => {
    const goods = withText((n) => `<tr><td><a href="/${n}">Thing ${n}</a></td><td>€ ${n}.00</td></tr>`);
    expect(proposed(`<div class="main-menu">${menu}</div><table>${goods}</table>`)).toEqual({
      item: 'tr',
      rows: 8,
    });
  });

  it('are the cells of a table that holds several in each line, and the lines of any other table', () => {
    const cell = (n: number) =>
      `<td><a href="/${n}"><img src="/${n}.png"></a><br><a href="/${n}">Film number ${n}</a><br><small>made in ${1980 + n}</small></td>`;
    const lines = withText((n) => `<tr>${cell(n * 10)}${cell(n * 10 + 1)}${cell(n * 10 + 2)}</tr>`, 4);
    const last = `<tr>${cell(99)}<td>&nbsp;</td><td></td></tr>`;
    expect(proposed(`<table class="films">${lines}${last}</table>`)).toEqual({
      item: 'tr > td:has(a)',
      rows: 13,
    });
    const facts = withText(
      (n) =>
        `<tr><td><a href="/${n}">Film ${n}</a></td><td><a href="/d${n}">Director ${n}</a></td><td>${1980 + n}</td></tr>`,
    );
    expect(proposed(`<table>${facts}</table>`)).toEqual({ item: 'tr', rows: 8 });
  });

  it('are looked for further down where what repeats first has nothing to take', () => {
    const empty = withText((n) => `<div class="spacer"><i>${n}</i><b>·</b><u>·</u><s>·</s></div>`, 40);
    const page = `${empty}<ol>${withText((n) => `<li>${post(n)}</li>`, 5)}</ol>`;
    expect(proposed(page)).toEqual({ item: 'li', rows: 5 });
  });

  it('are offered with what else repeats, each list once', () => {
    const products = withText(
      (n) => `<li class="product ${n % 3 ? 'sale' : 'new'}"><div class="inner">${post(n)}</div></li>`,
    );
    const reviews = withText(
      (n) => `<div class="review"><b>User ${n}</b> <p>Said ${n} of it, and meant it.</p></div>`,
      4,
    );
    const items = findAllRows(pageOf(`<ul>${products}</ul><section>${reviews}</section>`), 5).map(
      ({ item }) => item,
    );
    expect(items.slice(0, 2)).toEqual(['li.product', 'div.review']);
    expect(items.filter((item) => /sale|new|inner/.test(item))).toEqual([]);
  });

  it('are those of the main list and not the same cards beside it', () => {
    const cards = (from: number, count: number) =>
      withText((n) => `<article class="card">${post(from + n)}</article>`, count);
    const beside = `<div class="right-col">${cards(100, 4)}</div>`;
    expect(proposed(`${beside}<main>${cards(0, 15)}</main>`)).toEqual({
      item: 'main > article.card',
      rows: 15,
    });
    expect(proposed(`<div class="posts">${cards(0, 15)}</div>${beside}`)).toEqual({
      item: 'div.posts > article.card',
      rows: 15,
    });
    const both = findAllRows(pageOf(`<main>${cards(0, 15)}</main>${beside}`), 5);
    expect(both.slice(0, 2).map(({ rows }) => rows.length)).toEqual([15, 19]);
  });

  it('are all of a list in several parts: by days, and with marked ones over the others', () => {
    const cards = (from: number, count: number) =>
      withText((n) => `<article class="card">${post(from + n)}</article>`, count);
    const days = [12, 3, 4].map((count, at) => `<h3>Day ${at}</h3><div>${cards(at * 20, count)}</div>`);
    expect(proposed(`<main>${days.join('')}</main>`)).toEqual({ item: 'article.card', rows: 19 });
    const marked = `<div class="marked">${cards(0, 3)}</div><div class="rest">${cards(20, 12)}</div>`;
    expect(proposed(`<main>${marked}</main>`)).toEqual({ item: 'article.card', rows: 15 });
  });

  it('are one of two lists without classes, the one that says more', () => {
    const kinds = withText((n) => `<li><a href="/k${n}">Kind ${n}</a></li>`, 9);
    const posts = withText((n) => `<li>${post(n)}</li>`, 12);
    expect(proposed(`<h4>Kinds</h4><ul>${kinds}</ul><h4>News</h4><ul>${posts}</ul>`)).toEqual({
      item: 'li:has(> h2)',
      rows: 12,
    });
    const lines = withText((n) => `<li><a href="/l${n}">A line of news with the number ${n}</a></li>`, 12);
    expect(proposed(`<ul>${kinds}</ul><ul>${lines}</ul>`)).toEqual({
      item: 'ul:nth-of-type(2) > li',
      rows: 12,
    });
    const sorts = '<li><b>Sorted by:</b> <a href="t">[ thread ]</a> <a href="s">[ subject ]</a></li>';
    const letters = withText(
      (n) =>
        `<li><a href="${n}.html">[list] A letter ${n}</a><a name="${n}">&nbsp;</a><i>Writer ${n}</i></li>`,
      30,
    );
    expect(proposed(`<ul>${sorts}${sorts}</ul><ul>${letters}</ul><ul>${sorts}${sorts}</ul>`)).toEqual({
      item: 'li:has(> i)',
      rows: 30,
    });
  });

  it('are without the advertisement between them', () => {
    const line = (n: number) =>
      n === 4
        ? '<tr class="ad"><td><a href="/buy">Buy this now</a></td><td>€ 1.00</td></tr>'
        : `<tr><td><a href="/${n}">Name of ${n}</a></td><td>€ ${n}.00</td></tr>`;
    expect(proposed(`<table>${withText(line, 13)}</table>`)).toEqual({ item: 'tr:not(.ad)', rows: 12 });
    const entry = (n: number) =>
      n === 3 || n === 6
        ? `<li class="${n === 3 ? 'promo' : 'sponsor-box'}">${post(n)}</li>`
        : `<li>${post(n)}</li>`;
    expect(proposed(`<ul class="news">${withText(entry, 12)}</ul>`)).toEqual({
      item: 'li:not(.promo, .sponsor-box)',
      rows: 10,
    });
    const posts = withText(
      (n) => `<div class="${n === 2 ? 'has-header' : n === 5 ? 'tag-ads' : 'plain'}">${post(n)}</div>`,
    );
    expect(proposed(`<div class="list">${posts}</div>`)).toEqual({ item: 'div.list > div', rows: 8 });
  });

  it('of a table are without the line that holds its pages, and without one of cells that heads the others', () => {
    const line = (n: number) => `<tr><td><a href="/${n}">Name of ${n}</a></td><td>€ ${n}.00</td></tr>`;
    const pages = withText((n) => `<td><a href="?page=${n}">${n}</a></td>`, 4);
    const pager = `<tr><td colspan="2"><table><tr>${pages}</tr></table></td></tr>`;
    const head = '<tr><th>Name</th><th>Price</th></tr>';
    const grid = `<div><table id="Grid">${head}${withText(line, 12)}${pager}</table></div>`;
    expect(proposed(grid)).toEqual({ item: 'div > table > tbody > tr:has(> td:nth-child(2))', rows: 12 });
    const plain = '<tr><td>Name</td><td>Price</td></tr>';
    expect(proposed(`<table>${plain}${withText(line)}</table>`)).toEqual({ item: 'tr:has(a)', rows: 8 });
    const bold = '<tr><td><b><a href="?s=1">Name</a></b></td><td><b>Price</b></td></tr>';
    expect(proposed(`<table>${bold}${withText(line)}</table>`)).toEqual({
      item: 'tr:not(:has(> td > b, > td > strong))',
      rows: 8,
    });
  });
});
