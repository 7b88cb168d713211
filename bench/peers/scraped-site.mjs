// Serves what bench/scraping.mjs has scraped, from a process of its own: pages that were made before the first request.
// Usage: fork(this, ['books', 'books@MS', 'api' or 'numbered', COUNT] or ['manual', COUNT, FOLDER]), COUNT how many pages `next`
// links lead through, or all. With MS each answer comes so many milliseconds later.
// It says { url } and answers each message with { from, requests } since
// the one before: when the first request came, in epoch milliseconds, and how many did.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { makeBookshop } from '../../src/sandbox/bookshop.ts';

/** The sandbox's 50 list pages and 1,000 product pages, with the prices of one hour. */
function books() {
  const at = new Date('2026-01-01T12:00:00Z');
  const pages = [...makeBookshop().resources].map(([path, { contentType, render }]) => [
    path,
    { contentType, body: Buffer.from(render(at)) },
  ]);
  const [, first] = pages.find(([path]) => path === '/index.html');
  return new Map([['/', first], ...pages]);
}

/** The pages of a folder. */
function manual(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.html'));
  return new Map(
    names.map((name) => [`/${name}`, { contentType: 'text/html', body: readFileSync(join(folder, name)) }]),
  );
}

/** Pages of JSON with 1,000 rows each. */
function api(count) {
  const row = (id) => ({
    id,
    title: `Product ${id} of the shop, in a box`,
    price: { value: (id % 1_000) / 4, currency: 'GBP' },
    category: { id: id % 30, name: `Category ${id % 30}` },
    tags: ['new', `tag-${id % 7}`],
    rating: (id % 50) / 10,
    path: `/products/${id}`,
    description: 'A few words about it, which nobody asks for. '.repeat(3),
  });
  const pages = Array.from({ length: count }, (_, page) => ({
    results: Array.from({ length: 1_000 }, (_row, at) => row(page * 1_000 + at)),
    next: page + 1 < count ? `/?page=${page + 1}` : null,
  }));
  return new Map(
    pages.map((page, at) => [
      at === 0 ? '/' : `/?page=${at}`,
      { contentType: 'application/json', body: Buffer.from(JSON.stringify(page)) },
    ]),
  );
}

/** As many pages as are asked for. */
function numbered() {
  const filler = 'A few words about it, which nobody asks for. '.repeat(10);
  return {
    get: (path) => ({
      contentType: 'text/html',
      body: Buffer.from(
        `<title>${path}</title><h1>Product ${path}</h1><b class="price">£12.50</b><p>${filler}`,
      ),
    }),
  };
}

/** The page after this one, and the mark by which every program knows its link. */
const NEXT = {
  books: { start: '/index.html', link: /class="next"><a href="([^"]+)"/, mark: 'class="next"' },
  manual: { start: '/index.html', link: /accesskey="n" href="([^"]+)"/, mark: 'accesskey="n"' },
};

/** As if the page that so many `next` links lead to were the last. */
function endAfter(count, { start, link, mark }) {
  let path = start;
  for (let page = 1; page < count; page += 1)
    path = new URL(link.exec(pages.get(path).body)[1], `http://127.0.0.1${path}`).pathname;
  const last = pages.get(path);
  last.body = Buffer.from(last.body.toString().replaceAll(mark, ''));
}

const [asked, count, folder] = process.argv.slice(2);
const [set, latency] = asked.split('@');
const made = { books, manual: () => manual(folder), api: () => api(Number(count)), numbered };
const pages = made[set]();
if (count !== 'all' && Object.hasOwn(NEXT, set)) endAfter(Number(count), NEXT[set]);
let seen = { from: 0, requests: 0 };
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (seen.requests === 0) seen.from = Date.now();
  seen.requests += 1;
  const page = pages.get(request.url);
  if (page === undefined) response.writeHead(404).end();
  else if (latency === undefined) answer(response, page);
  else setTimeout(answer, Number(latency), response, page);
});

function answer(response, page) {
  response.writeHead(200, { 'content-type': page.contentType, 'content-length': page.body.length });
  response.end(page.body);
}

server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/` }));
process.on('message', () => {
  process.send(seen);
  seen = { from: 0, requests: 0 };
});
process.on('disconnect', () => process.exit(0));
