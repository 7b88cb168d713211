import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();

const PAGES = 12;
const crawl = (rules = '{ max_pages: 300 }') =>
  `url: "{site}/"\nselectors: { name: .name }\ncrawl: ${rules}\n`;
const visited = () => site().visits.flatMap(({ path }) => (path === '/robots.txt' ? [] : path));
const names = () => staged().map((row) => (row as { name: string }).name);
const page = (name: string, links: readonly string[]) =>
  `<h1 class="name">${name}</h1>${links.map((link) => `<a href="${link}">to</a>`).join('')}`;

/** Short pages that link to each other, with a new session in every answer. */
function sessions(parameter: string, text: (name: string) => string = (name) => name): void {
  let count = 0;
  const answer = (name: string) => {
    count += 1;
    const session = hash('md5', String(count)).slice(0, 8);
    return page(
      text(name),
      Array.from({ length: PAGES }, (_, n) => `/p/${n}?lang=en&${parameter}=${session}`),
    );
  };
  const serve = (path: string, name: string) =>
    site().on(path, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(answer(name)),
    );
  serve('/', 'start');
  for (let n = 0; n < PAGES; n++) serve(`/p/${n}`, `P${n}`);
}

const ALL = ['start', ...Array.from({ length: PAGES }, (_, n) => `P${n}`)];

describe('a session in the addresses', () => {
  it.each(['sid', 's', 'visit'])('of the parameter %s doubles no row, and ends by itself', async (name) => {
    sessions(name);
    const { warnings } = await run(crawl());
    expect(names()).toEqual(ALL);
    expect(visited().length).toBeLessThan(2 * PAGES);
    expect(warnings.join('\n')).toMatch(
      /the crawl left out \d+ addresses that differ from a page fetched before only in a parameter that changes nothing \(such as \S+\?lang=en&\w+=/,
    );
  });

  it('is found beside what changes at each answer, such as a counter', async () => {
    let visitors = 0;
    sessions('sid', (name) => {
      visitors += 1;
      return `${name}</h1><i>visitors ${123_456 + visitors}</i><h1>`;
    });
    await run(crawl('{ max_pages: 150 }'));
    expect(names()).toEqual(ALL);
  });

  it('is found again by an attempt that starts from a page of the middle', async () => {
    sessions('sid');
    const { items } = await run(crawl('{ max_pages: 14 }'));
    expect(items).toBe(ALL.length);
  });
});

describe('no page is lost', () => {
  it('of one address whose parameter names it, though the first are gone or equal', async () => {
    const ids = Array.from({ length: 9 }, (_, n) => `/item?id=a${n}b${n}c${n}`);
    site().html('/', page('start', ids));
    site().on('/item', ({ url }, response) => {
      const id = new URL(url ?? '', 'http://x').searchParams.get('id') ?? '';
      const n = Number(id[1]);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(n < 5 ? '<p>This item is gone.</p>' : page(`item ${n}`, []));
    });
    await run(crawl());
    expect(names()).toEqual(['start', 'item 5', 'item 6', 'item 7', 'item 8']);
  });

  it('where a parameter changes only later pages, as products in stock after some that are sold out', async () => {
    const paths = Array.from({ length: 8 }, (_, n) => `/v/${n}`);
    const variants = ['a1b2c3', 'd4e5f6', 'x7y8z9'];
    site().html(
      '/',
      page(
        'start',
        paths.flatMap((path) => variants.map((variant) => `${path}?variant=${variant}`)),
      ),
    );
    for (const [n, path] of paths.entries())
      site().on(path, ({ url = '' }, response) => {
        const variant = new URL(url, 'http://x').searchParams.get('variant') ?? '';
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(page(n < 3 ? `${path} sold out` : `${path} ${variant}`, []));
      });
    await run(crawl());
    const found = names();
    for (const path of paths.slice(3))
      for (const variant of variants) expect(found).toContain(`${path} ${variant}`);
  });

  it('where a parameter changes some pages and not others', async () => {
    const paths = Array.from({ length: 9 }, (_, n) => `/p/${n}`);
    const views = ['a1b2c3', 'd4e5f6', 'g7h8i9'];
    site().html(
      '/',
      page('start', [
        '/p/8?view=a1b2c3',
        '/p/8?view=d4e5f6',
        ...paths.flatMap((path) => views.map((view) => `${path}?view=${view}`)),
      ]),
    );
    for (const path of paths)
      site().on(path, ({ url = '' }, response) => {
        const view = new URL(url, 'http://x').searchParams.get('view') ?? '';
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(page(path === '/p/8' ? `${path} ${view}` : path, []));
      });
    await run(crawl());
    const found = names();
    for (const view of views) expect(found).toContain(`/p/8 ${view}`);
    for (const path of paths.slice(0, 8)) expect(found).toContain(path);
  });
});
