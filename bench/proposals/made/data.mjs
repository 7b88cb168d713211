import { each, html, page, values } from './things.mjs';

/** Rows in data: what pages say for search engines, what scripts hold, answers in JSON, feeds. */

const N = 12;
const of = (key) => values(N, (one) => one[key]);
const name = { names: ['name', 'title', 'headline'], values: of('title') };
const url = { names: ['url', 'link', 'href'], values: of('path') };
const price = { names: ['price', 'amount'], values: of('price') };
const date = {
  names: [
    'date',
    'published',
    'updated',
    'datePublished',
    'pubDate',
    'created_at',
    'startDate',
    'datePosted',
    'published_at',
  ],
  values: of('iso'),
};
const text = { names: ['description', 'summary', 'text', 'content', 'excerpt'], values: of('text') };
const city = {
  names: ['city', 'location', 'addressLocality', 'address', 'jobLocation', 'place'],
  values: of('city'),
};
const author = { names: ['author', 'creator', 'brand', 'by', 'author_name'], values: of('author') };

const ldScript = (value) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const product = (one) => ({
  '@type': 'Product',
  name: one.title,
  url: one.path,
  image: one.picture,
  description: one.text,
  brand: { '@type': 'Brand', name: one.author },
  offers: {
    '@type': 'Offer',
    price: one.price,
    priceCurrency: 'EUR',
    availability: 'https://schema.org/InStock',
  },
});
/** Markup without marks, as build tools leave it. */
const bare = (count) =>
  `<div id="app"><div class="s1">${html(count, (one) => `<div class="x9"><a class="k2" href="${one.path}"><span class="q7">${one.title}</span></a></div>`)}</div></div>`;
const state = (one) => ({
  id: one.number,
  title: one.title,
  slug: one.path,
  price: Number(one.price),
  city: { name: one.city },
});
const stateFields = {
  name,
  price: { names: ['price'], values: values(N, (one) => String(Number(one.price))) },
  city: { names: ['city', 'city_name'], values: of('city') },
};
const item = (one) => ({
  id: one.number,
  title: one.title,
  url: one.path,
  price: one.price,
  created_at: one.iso,
});
const itemFields = { name, url, price, date };

const api = (id, body, next, more = {}) => ({
  id,
  kind: 'json',
  type: 'application/json',
  body: JSON.stringify(body),
  url: 'http://made.example/api/items',
  want: { rows: N, fields: itemFields, next, sources: ['json'] },
  ...more,
});

export const DATA = [
  {
    id: 'jsonld-itemlist',
    kind: 'jsonld',
    body: page(bare(N), {
      head: ldScript({
        '@context': 'https://schema.org',
        '@type': 'ItemList',
        itemListElement: each(N, (one, n) => ({ '@type': 'ListItem', position: n, item: product(one) })),
      }),
    }),
    want: { rows: N, fields: { name, url, price, text, brand: author }, next: null, sources: ['jsonld'] },
  },
  {
    id: 'jsonld-jobs',
    kind: 'jsonld',
    body: page(
      `${bare(N)}${html(N, (one) => ldScript({ '@context': 'https://schema.org', '@type': 'JobPosting', title: one.title, url: one.path, datePosted: one.iso, jobLocation: { '@type': 'Place', address: { '@type': 'PostalAddress', addressLocality: one.city } }, hiringOrganization: { '@type': 'Organization', name: one.author } }))}`,
    ),
    want: {
      rows: N,
      fields: {
        name,
        url,
        date,
        city,
        company: {
          names: ['hiringOrganization', 'company', 'hiringOrganization_name'],
          values: of('author'),
        },
      },
      next: null,
      sources: ['jsonld'],
    },
  },
  {
    id: 'jsonld-events',
    kind: 'jsonld',
    body: page(bare(N), {
      head: ldScript(
        each(N, (one) => ({
          '@context': 'http://schema.org',
          '@type': 'MusicEvent',
          name: one.title,
          url: one.path,
          startDate: one.iso,
          location: { '@type': 'Place', name: one.city },
        })),
      ),
    }),
    want: { rows: N, fields: { name, url, date, city }, next: null, sources: ['jsonld'] },
  },
  {
    id: 'jsonld-recipe',
    kind: 'jsonld',
    body: page(
      `<article><h1>Copper bread of the village</h1><p>The best bread.</p><ul class="ingredients">${html(8, (one) => `<li><span class="amount">${one.number} g</span> <span class="what">${one.city} flour</span></li>`)}</ul><div class="comments">${html(15, (one) => `<div class="comment"><b class="who">${one.author}</b><p class="said">${one.text}</p><span class="when">${one.date}</span></div>`)}</div></article>`,
      {
        title: 'Copper bread of the village',
        head: ldScript({
          '@context': 'https://schema.org',
          '@graph': [
            { '@type': 'WebSite', name: 'Breads', url: '/' },
            {
              '@type': ['Recipe'],
              name: 'Copper bread of the village',
              author: { '@type': 'Person', name: 'Ada Berg' },
              datePublished: '2026-03-01',
              recipeYield: '8',
              totalTime: 'PT45M',
              recipeIngredient: each(8, (one) => `${one.number} g ${one.city} flour`),
              image: ['/bread.jpg'],
              aggregateRating: { '@type': 'AggregateRating', ratingValue: '4.7', ratingCount: '31' },
            },
          ],
        }),
      },
    ),
    want: {
      rows: 1,
      fields: {
        name: { names: ['name', 'title'], values: ['Copper bread of the village'] },
        author: { names: ['author'], values: ['Ada Berg'] },
        yield: { names: ['recipeYield'], values: ['8'] },
        image: { names: ['image'], values: [['/bread.jpg', '["/bread.jpg"]']] },
        rating: { names: ['ratingValue', 'aggregateRating', 'rating'], values: ['4.7'] },
        ingredients: {
          names: ['recipeIngredient', 'ingredients'],
          values: [JSON.stringify(each(8, (one) => `${one.number} g ${one.city} flour`))],
        },
      },
      next: null,
      sources: ['jsonld'],
    },
  },
  {
    id: 'jsonld-product',
    kind: 'jsonld',
    body: page(
      `<main><h1>Willow lamp</h1><p>€49.00</p><div class="also">${html(6, (one) => `<div class="tile"><a href="${one.path}"><img src="${one.picture}" alt=""><span class="tile-name">${one.title}</span></a><span class="tile-price">€${one.price}</span></div>`)}</div></main>`,
      {
        title: 'Willow lamp | Shop',
        head: ldScript({
          '@context': 'https://schema.org',
          '@type': 'Product',
          name: 'Willow lamp',
          sku: 'W-1',
          image: '/w.jpg',
          brand: { '@type': 'Brand', name: 'Berg' },
          offers: { '@type': 'Offer', price: '49.00', priceCurrency: 'EUR' },
        }),
      },
    ),
    want: {
      rows: 1,
      fields: {
        name: { names: ['name'], values: ['Willow lamp'] },
        sku: { names: ['sku'], values: ['W-1'] },
        brand: { names: ['brand'], values: ['Berg'] },
        price: { names: ['price'], values: ['49.00'] },
        currency: { names: ['priceCurrency', 'currency'], values: ['EUR'] },
      },
      next: null,
      sources: ['jsonld'],
    },
  },
  {
    id: 'microdata-products',
    kind: 'jsonld',
    body: page(
      `<div class="list">${html(N, (one) => `<div class="c" itemscope itemtype="https://schema.org/Product"><a itemprop="url" href="${one.path}"><span itemprop="name">${one.title}</span></a><img itemprop="image" src="${one.picture}" alt=""><div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="priceCurrency" content="EUR"><span itemprop="price" content="${one.price}">from ${one.price}</span></div></div>`)}</div><a href="?page=2" rel="next">2</a>`,
    ),
    want: { rows: N, fields: { name, url, price }, next: '?page=2', sources: ['microdata'] },
  },
  {
    id: 'next-data-only',
    kind: 'embedded',
    body: page(
      `<div id="__next"><p>Loading</p></div><script id="__NEXT_DATA__" type="application/json">${JSON.stringify({ props: { pageProps: { locale: 'en', menu: each(3, ({ city: label }) => ({ label })), products: each(N, state), total: 90 } }, page: '/list', buildId: 'x' })}</script><script src="/_next/static/main.js" async></script>`,
      { menu: 3 },
    ),
    want: { rows: N, fields: stateFields, next: null, sources: ['json'] },
  },
  {
    id: 'state-in-script',
    kind: 'embedded',
    body: page(
      `<div id="root"></div><script>window.__INITIAL_STATE__ = ${JSON.stringify({ user: null, search: { results: { list: each(N, state), count: N } } })};window.x=1;</script><script src="/app.js"></script>`,
      { menu: 3 },
    ),
    want: { rows: N, fields: stateFields, next: null, sources: ['json'] },
  },
  {
    id: 'state-beside-rows',
    kind: 'embedded',
    body: page(
      `${bare(N)}<script type="application/json" id="data">${JSON.stringify({ results: each(N, state) })}</script>`,
    ),
    want: { rows: N, fields: stateFields, next: null, sources: ['json'] },
  },
  api(
    'json-next-address',
    { count: 90, next: 'http://made.example/api/items?page=2', previous: null, results: each(N, item) },
    '?page=2',
  ),
  api(
    'json-cursor',
    { data: each(N, item), meta: { next_cursor: 'eyJpZCI6MTJ9', has_more: true } },
    '?cursor=eyJpZCI6MTJ9',
    {
      url: 'http://made.example/api/items?limit=12',
      want: { rows: N, fields: itemFields, next: '?limit=12&cursor=eyJpZCI6MTJ9', sources: ['json'] },
    },
  ),
  api('json-pages', { page: 1, per_page: N, total_pages: 8, total: 90, items: each(N, item) }, '?page=2'),
  api('json-offset', { total: 90, offset: 0, limit: N, items: each(N, item) }, '?offset=12'),
  api('json-link-header', each(N, item), '?page=2', {
    link: '<http://made.example/api/items?page=2>; rel="next", <http://made.example/api/items?page=8>; rel="last"',
  }),
  api(
    'json-hal',
    {
      _links: { self: { href: '/api/items' }, next: { href: '/api/items?page=2' } },
      _embedded: { items: each(N, item) },
    },
    '?page=2',
  ),
  api(
    'json-api',
    {
      links: { next: '/api/items?page[number]=2' },
      data: each(N, (one) => ({
        type: 'items',
        id: String(one.number),
        attributes: { title: one.title, url: one.path, price: one.price, created_at: one.iso },
      })),
    },
    '?page[number]=2',
  ),
  api(
    'json-graphql',
    {
      data: {
        items: {
          edges: each(N, (one) => ({ cursor: `c${one.number}`, node: item(one) })),
          pageInfo: { endCursor: 'c12', hasNextPage: true },
        },
      },
    },
    null,
  ),
  api(
    'json-wordpress',
    each(N, (one) => ({
      id: one.number,
      date: `${one.iso}T10:00:00`,
      link: one.path,
      title: { rendered: one.title },
      excerpt: { rendered: `<p>${one.text}</p>`, protected: false },
    })),
    null,
    { want: { rows: N, fields: { name, url, date }, next: null, sources: ['json'] } },
  ),
  {
    id: 'rss',
    kind: 'feed',
    type: 'application/rss+xml',
    body: `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><link>http://made.example/</link><item-count>12</item-count>${html(N, (one) => `<item><title>${one.title}</title><link>${one.path}</link><description><![CDATA[${one.text}]]></description><pubDate>${new Date(one.iso).toUTCString()}</pubDate><dc:creator>${one.author}</dc:creator><guid isPermaLink="false">g${one.number}</guid></item>`)}</channel></rss>`,
    want: {
      rows: N,
      fields: {
        name,
        url,
        text,
        date: { ...date, values: values(N, ({ iso }) => [iso, new Date(iso).toUTCString()]) },
        author,
      },
      next: null,
    },
  },
  {
    id: 'atom',
    kind: 'feed',
    type: 'application/atom+xml',
    body: `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><link rel="next" href="http://made.example/atom?page=2"/>${html(N, (one) => `<entry><id>urn:${one.number}</id><title>${one.title}</title><link href="${one.path}"/><updated>${one.iso}T10:00:00Z</updated><author><name>${one.author}</name></author><summary>${one.text}</summary></entry>`)}</feed>`,
    want: { rows: N, fields: { name, url, date, author, text }, next: 'http://made.example/atom?page=2' },
  },
  {
    id: 'rdf',
    kind: 'feed',
    type: 'application/xml',
    body: `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="/"><title>News</title></channel>${html(N, (one) => `<item rdf:about="${one.path}"><title>${one.title}</title><link>${one.path}</link><dc:date>${one.iso}</dc:date></item>`)}</rdf:RDF>`,
    want: { rows: N, fields: { name, url, date }, next: null },
  },
  {
    id: 'catalogue-xml',
    kind: 'feed',
    type: 'text/xml',
    body: `<?xml version="1.0"?><catalog><info><vendor>V</vendor></info><books>${html(N, (one) => `<book id="b${one.number}"><title>${one.title}</title><author>${one.author}</author><price currency="EUR">${one.price}</price><published>${one.iso}</published></book>`)}</books></catalog>`,
    want: { rows: N, fields: { name, author, price, date }, next: null },
  },
];
