import { html, page, values } from './things.mjs';

/** Lists as newspapers, handbooks, wikis and old pages write them. */

const N = 12;
const of = (key) => values(N, (one) => one[key]);
const title = { names: ['title', 'name', 'headline', 'term', 'p_name'], values: of('title') };
const link = { names: ['link', 'url'], values: of('path') };
const date = {
  names: ['date', 'published', 'released', 'dt_published', 'updated'],
  values: values(N, ({ iso, date: words }) => [iso, words]),
};
const text = {
  names: ['description', 'summary', 'excerpt', 'text', 'content', 'teaser', 'definition'],
  values: of('text'),
};
const author = { names: ['author', 'by', 'byline', 'user', 'p_author'], values: of('author') };
const city = { names: ['city', 'location', 'town'], values: of('city') };
const numbers = (...names) => ({ names, values: values(N, (one) => String(one.count)) });

const priceTable = (head, row, attributes = 'class="data"') =>
  `<h1>Prices</h1><p>What things cost, with the day of the last change.</p><table ${attributes}>${head}<tbody>${html(N, row)}</tbody></table>`;

export const DOCUMENTS = [
  {
    id: 'news-front',
    kind: 'news',
    body: page(
      `<div class="mega">${html(6, (_, n) => `<div class="mega-col"><h4>Section ${n}</h4><ul>${html(8, (__, k) => `<li><a href="/s/${n}/${k}">Subject ${n} and ${k}</a></li>`)}</ul></div>`)}</div><div class="front"><section class="lead"><h2>Today</h2>${html(N, (one) => `<div class="story"><a class="story-link" href="${one.path}"><img src="${one.picture}" alt=""><h3 class="story-headline">${one.title}</h3></a><p class="story-summary">${one.text}</p><div class="story-meta"><span class="story-byline">By ${one.author}</span></div></div>`)}</section></div>`,
      {
        menu: 60,
        side: `<h4>Most read</h4><ol>${html(10, (_, n) => `<li><a href="/read/${n}">Most read story number ${n}</a></li>`)}</ol>`,
      },
    ),
    want: {
      rows: N,
      fields: {
        title,
        link,
        text,
        author: { names: ['author', 'byline'], values: values(N, ({ author: who }) => [who, `By ${who}`]) },
      },
      next: null,
    },
  },
  {
    id: 'headings-and-siblings',
    kind: 'news',
    body: page(
      `<div id="content">${html(N, (one) => `<h3><a href="${one.path}">${one.title}</a></h3><p class="meta">${one.date}</p><p class="intro">${one.text}</p>`)}<p><a href="/news?page=2" rel="next">Older</a></p></div>`,
    ),
    url: 'http://made.example/news',
    want: { rows: N, fields: { title, link, date, text }, next: '/news?page=2' },
  },
  {
    id: 'headings-in-text',
    kind: 'docs',
    body: page(
      `<div class="body"><h1>Library</h1>${html(N, (one) => `<h2 id="f${one.number}">${one.title}</h2><p>${one.text}</p><p class="since">Since ${one.city}</p>`)}</div>`,
    ),
    want: { rows: N, fields: { title, text }, next: null },
  },
  {
    id: 'lines-with-rules',
    kind: 'old',
    body: page(
      `<center><font size="5">Announcements</font></center>${html(N, (one) => `<p><b><a href="${one.path}">${one.title}</a></b><br><font size="1">${one.date}</font><br>${one.text}</p><hr>`)}<p align="center">[<b>1</b>] [<a href="old.html?page=2">2</a>] [<a href="old.html?page=3">3</a>]</p>`,
    ),
    url: 'http://made.example/old.html',
    want: { rows: N, fields: { title, link, date }, next: 'old.html?page=2' },
  },
  {
    id: 'definition-list',
    kind: 'docs',
    body: page(
      `<div class="document"><h1>Glossary</h1><dl class="glossary">${html(N, (one) => `<dt id="t${one.number}"><a href="${one.path}">${one.title}</a></dt><dd><p>${one.text}</p></dd>`)}</dl></div>`,
    ),
    want: { rows: N, fields: { title, link, text }, next: null },
  },
  {
    id: 'docs-index',
    kind: 'docs',
    body: page(
      `<div class="contents"><ul class="toc">${html(N, (one) => `<li class="toctree-l1"><a class="reference internal" href="${one.path}">${one.title}</a> — ${one.text}</li>`)}</ul></div>`,
      { head: '<link rel="next" href="part2.html"><link rel="up" href="index.html">' },
    ),
    url: 'http://made.example/docs/part1.html',
    want: { rows: N, fields: { title, link }, next: 'part2.html' },
  },
  {
    id: 'plain-links',
    kind: 'docs',
    body: page(
      `<main><h1>All functions</h1><ul>${html(40, (one) => `<li><a href="${one.path}">${one.title}</a></li>`)}</ul></main>`,
      { menu: 50 },
    ),
    want: {
      rows: 40,
      fields: {
        title: { names: title.names, values: values(40, (one) => one.title) },
        link: { names: link.names, values: values(40, (one) => one.path) },
      },
      next: null,
    },
  },
  {
    id: 'wiki-table',
    kind: 'table',
    body: page(
      `<div id="mw-content-text"><p>The list.</p><table class="wikitable sortable"><caption>Lakes</caption><tbody><tr><th>Name</th><th>City</th><th>Opened</th><th>Visitors</th></tr>${html(N, (one) => `<tr><td><a href="${one.path}" title="${one.title}">${one.title}</a></td><td><a href="/wiki/${one.city}">${one.city}</a></td><td>${one.date}</td><td align="right">${one.count}</td></tr>`)}</tbody></table><table class="navbox"><tbody><tr><th>Lists</th><td><a href="/a">a</a> · <a href="/b">b</a></td></tr></tbody></table></div>`,
    ),
    want: {
      rows: N,
      fields: {
        title,
        link,
        city,
        opened: { ...date, names: ['opened', 'date'] },
        visitors: numbers('visitors'),
      },
      next: null,
      sources: ['table'],
    },
  },
  {
    id: 'price-table',
    kind: 'table',
    body: page(
      priceTable(
        '<thead><tr><th>Article</th><th>Unit price</th><th>In stock</th><th>Changed</th></tr></thead>',
        (one) =>
          `<tr><td>${one.title}</td><td>€${one.price}</td><td>${one.count}</td><td>${one.date}</td></tr>`,
        'id="prices"',
      ),
    ),
    want: {
      rows: N,
      fields: {
        title: { names: ['article'], values: of('title') },
        price: { names: ['unit_price', 'price'], values: values(N, (one) => `€${one.price}`) },
        stock: numbers('in_stock', 'stock'),
        changed: { names: ['changed', 'date'], values: date.values },
      },
      next: null,
      sources: ['table'],
    },
  },
  {
    id: 'spanning-table',
    kind: 'table',
    body: page(
      priceTable(
        '<thead><tr><th rowspan="2">City</th><th rowspan="2">Article</th><th colspan="2">Price</th></tr><tr><th>Old</th><th>New</th></tr></thead>',
        (one, n) =>
          `<tr>${n % 2 ? `<td rowspan="2">${one.city}</td>` : ''}<td>${one.title}</td><td>${one.price}</td><td>${one.count}</td></tr>`,
      ),
    ),
    want: {
      rows: N,
      fields: {
        city: {
          names: ['city'],
          values: values(N, (_, n) => values(N, (one) => one.city)[n - (n % 2 ? 1 : 2)]),
        },
        title: { names: ['article'], values: of('title') },
        old: { names: ['price_old', 'old'], values: of('price') },
        new: { names: ['price_new', 'new'], values: values(N, (one) => String(one.count)) },
      },
      next: null,
      sources: ['table'],
    },
  },
  {
    id: 'row-headers',
    kind: 'table',
    body: page(
      priceTable(
        '<thead><tr><td></td><th scope="col">City</th><th scope="col">Visitors</th></tr></thead>',
        (one) =>
          `<tr><th scope="row"><a href="${one.path}">${one.title}</a></th><td>${one.city}</td><td>${one.count}</td></tr>`,
      ),
    ),
    want: {
      rows: N,
      fields: {
        title: { ...title, names: [...title.names, 'column_1'] },
        link,
        city,
        visitors: numbers('visitors'),
      },
      next: null,
      sources: ['table'],
    },
  },
  {
    id: 'table-without-th',
    kind: 'table',
    body: page(
      `<table border="1"><tr><td><b>Name</b></td><td><b>Town</b></td><td><b>Score</b></td></tr>${html(N, (one) => `<tr><td>${one.title}</td><td>${one.city}</td><td>${one.count}</td></tr>`)}</table>`,
    ),
    want: {
      rows: N,
      fields: {
        title: { names: ['name', 'title'], values: of('title') },
        city: { names: ['town'], values: of('city') },
        score: numbers('score'),
      },
      next: null,
    },
  },
  {
    id: 'releases',
    kind: 'code',
    body: page(
      `<div data-hpc>${html(N, (one, n) => `<section aria-labelledby="hd-${n}"><h2 class="sr-only" id="hd-${n}">${one.title}</h2><div class="d-flex flex-column"><div class="col-md-2"><relative-time datetime="${one.iso}T10:00:00Z" class="no-wrap">${one.date}</relative-time><a class="color-fg-muted" data-hovercard-type="user" href="/u${n}">${one.author}</a></div><div class="Box"><span class="f1"><a href="${one.path}" class="Link--primary Link">${one.title}</a></span><div class="markdown-body"><p>${one.text}</p></div><details><summary>Assets <span class="Counter">2</span></summary><ul><li><a href="/zip/${n}">zip</a></li><li><a href="/tar/${n}">tar</a></li></ul></details></div></div></section>`)}</div><div class="paginate-container"><div role="navigation" aria-label="Pagination" class="pagination"><span class="previous_page disabled">Previous</span><em class="current" aria-current="page">1</em> <a rel="next" href="/r?page=2">2</a> <a class="next_page" rel="next" href="/r?page=2">Next</a></div></div>`,
    ),
    url: 'http://made.example/r',
    want: { rows: N, fields: { title, link, date, author, text }, next: '/r?page=2' },
  },
  {
    id: 'ranked-lines',
    kind: 'news',
    body: page(
      `<table id="hnmain"><tr><td><table class="itemlist">${html(N, (one, n) => `<tr class="athing" id="${n}"><td align="right" class="title"><span class="rank">${n}.</span></td><td class="title"><span class="titleline"><a href="${one.path}">${one.title}</a></span></td></tr><tr><td></td><td class="subtext"><span class="score">${one.count} points</span> by <a href="user?id=${n}" class="hnuser">${one.author}</a> <span class="age" title="${one.iso}T10:00:00"><a href="item?id=${n}">${n} hours ago</a></span></td></tr><tr class="spacer" style="height:5px"></tr>`)}<tr class="morespace"></tr><tr><td></td><td class="title"><a href="?p=2" class="morelink" rel="next">More</a></td></tr></table></td></tr></table>`,
      { menu: 4 },
    ),
    want: {
      rows: N,
      fields: {
        title,
        link,
        author: { names: ['author', 'user', 'hnuser'], values: of('author') },
        score: {
          names: ['score', 'points'],
          values: values(N, (one) => [`${one.count} points`, String(one.count)]),
        },
      },
      next: '?p=2',
    },
  },
  {
    id: 'microformats',
    kind: 'blog',
    body: page(
      `<main class="h-feed">${html(N, (one) => `<div class="h-entry"><a class="u-url p-name" href="${one.path}">${one.title}</a> <time class="dt-published" datetime="${one.iso}">${one.date}</time> <span class="p-author h-card">${one.author}</span><div class="p-summary">${one.text}</div></div>`)}<a href="/2" aria-label="Следующая страница">→</a></main>`,
    ),
    want: { rows: N, fields: { title, link, date, author, text }, next: '/2' },
  },
];
