import { describe, expect, it } from 'vitest';
import { withRun } from '../crawl/with-run.ts';

const { site, run, staged, traces } = withRun();
const YAML = `
url: "{site}/list/1"
selectors: { title: h2 }
pagination: { type: next_button, selector: .next }
`;

/** A page with one row and whatever leads on from it. */
function page(path: string, title: string, rest = ''): void {
  site().html(path, `<h2>${title}</h2>${rest}`);
}

function titles(): unknown[] {
  return staged().map((item) => (item as { title: string }).title);
}

describe('next_button', () => {
  it('follows links to the end, each page once, relative to the page', async () => {
    page('/list/1', 'one', '<a class="next" href="2#top">more</a>');
    page('/list/2', 'two', '<li class="next"><b>now</b><a href="../other/3">more</a></li>');
    page('/other/3', 'three');
    expect(await run(YAML)).toMatchObject({ pages: 3, items: 3, warnings: [] });
    expect(titles()).toEqual(['one', 'two', 'three']);
    expect(site().visits.map((visit) => visit.path)).toEqual([
      '/robots.txt',
      '/list/1',
      '/list/2',
      '/other/3',
    ]);
    expect(traces.progress.map(({ pages, items, total_pages }) => [pages, items, total_pages])).toEqual([
      [1, 1, null],
      [2, 2, null],
      [3, 3, null],
    ]);
  });

  it('counts from <base href>, and from the address after a redirect', async () => {
    site().on('/list/1', (_, response) => response.writeHead(301, { location: '/moved/1' }).end());
    page('/moved/1', 'one', '<a class="next" href="2">more</a>');
    page('/moved/2', 'two', '<base href="/elsewhere/"><a class="next" href="3">more</a>');
    page('/elsewhere/3', 'three');
    await run(YAML);
    expect(titles()).toEqual(['one', 'two', 'three']);
  });

  it('stops at a page that it saw before, with a warning', async () => {
    page('/list/1', 'one', '<a class="next" href="2">more</a>');
    page('/list/2', 'two', '<a class="next" href="1">more</a>');
    const { warnings } = await run(YAML);
    expect(titles()).toEqual(['one', 'two']);
    expect(warnings).toEqual([
      `stopped at ${site().url('/list/2')}: its next link leads back to ${site().url('/list/1')}, which was fetched before`,
    ]);
  });

  it('stops when a redirect leads back, with a warning and without doubled rows', async () => {
    page('/list/1', 'one', '<a class="next" href="2">more</a>');
    site().on('/list/2', (_, response) => response.writeHead(302, { location: '/list/1' }).end());
    expect((await run(YAML)).warnings[0]).toMatch(/leads back to/);
    expect(titles()).toEqual(['one']);
  });

  it.each([
    ['<a class="next" href="#">more</a>', 'leads nowhere'],
    ['<a class="next" href="javascript:next()">more</a>', 'does not lead to a page'],
    ['<a class="next disabled" href="2">more</a>', 'is disabled'],
    ['<a class="next" aria-disabled="true" href="2">more</a>', 'is disabled'],
    ['<button class="next">more</button>', 'contains no link'],
    ['<a class="next" href="http://[">more</a>', 'is not an address'],
  ])('ends quietly at %s', async (link, reason) => {
    page('/list/1', 'one', link);
    page('/list/2', 'two');
    expect(await run(YAML)).toMatchObject({ pages: 1, warnings: [] });
    expect(traces.lines.filter((line) => line.startsWith('debug last page')).join()).toContain(reason);
  });

  const endless = (rows: (n: number) => string, text = (n: number) => `page ${n}`) =>
    site().on('/list/1', (_, response, url) => {
      const n = Number(url.searchParams.get('n') ?? 1);
      const next = n < 60 ? `<a class="next" href="?n=${n + 1}">more</a>` : '';
      response.writeHead(200, { 'content-type': 'text/html' }).end(`${rows(n)}<p>${text(n)}</p>${next}`);
    });

  it('stops at a page with the rows of the page before, whose rows it does not take again', async () => {
    endless((n) => `<h2>a</h2><h2>b</h2><h2>c</h2>${n < 3 ? `<h2>${n}</h2>` : ''}`);
    const { items, pages, warnings } = await run(YAML);
    expect([pages, items]).toEqual([3, 11]);
    expect(warnings).toEqual([
      `stopped at ${site().url('/list/1?n=4')}: it has the same rows as ${site().url('/list/1?n=3')}`,
    ]);
    expect(site().visits).toHaveLength(5);
  });

  it.each<[string, (n: number) => string, ((n: number) => string) | undefined, number]>([
    ['one row and the same text', () => '<h2>a</h2>', () => 'the page', 1],
    ['one row again and again', () => '<h2>a</h2>', undefined, 20],
    ['one row, of things that are alike', (n) => `<h2>${n % 15 === 0 ? 'b' : 'a'}</h2>`, undefined, 60],
    ['two rows again and again', () => '<h2>a</h2><h2>b</h2>', undefined, 20],
    [
      'two rows, of things that are alike',
      (n) => `<h2>a</h2><h2>b</h2>${n % 15 === 0 ? '<h2>c</h2>' : ''}`,
      undefined,
      60,
    ],
    ['no row', (n) => (n === 60 ? '<h2>a</h2>' : ''), () => 'nothing', 60],
  ])('goes on as long as the site may mean it: %s', async (_name, rows, text, pages) => {
    endless(rows, text);
    expect(await run(YAML)).toMatchObject({ pages });
  });

  it('goes on where the same rows lead to other pages of their own', async () => {
    for (const n of ['1', '2', '3', '4']) site().html(`/thing/${n}`, `<b>${n}</b>`);
    site().html(
      '/list/1',
      '<li><h2>a</h2><a href="/thing/1">a</a></li><li><h2>b</h2><a href="/thing/2">b</a></li><i class="next"><a href="2">more</a></i>',
    );
    site().html(
      '/list/2',
      '<li><h2>a</h2><a href="/thing/3">a</a></li><li><h2>b</h2><a href="/thing/4">b</a></li>',
    );
    const follow = 'item: li\nfollow: { selector: a, selectors: { number: b } }\n';
    expect(await run(`${YAML}${follow}`)).toMatchObject({ pages: 6, items: 4, warnings: [] });
  });

  it('keeps to max_pages and to the caller’s limit', async () => {
    site().on('/endless', (_, response, url) => {
      const next = Number(url.searchParams.get('n')) + 1;
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<h2>${next}</h2><a class="next" href="?n=${next}">more</a>`);
    });
    const yaml = YAML.replace('/list/1', '/endless').replace('.next }', '.next, max_pages: 3 }');
    expect(await run(yaml)).toMatchObject({ pages: 3 });
    // The site may end before a limit, so the limit is no number of pages.
    expect(traces.progress.map(({ total_pages }) => total_pages)).toEqual([null, null, null]);
    expect(traces.lines).toContain('info stopped after 3 pages, by max_pages: there is a next page');
    expect(await run(yaml, { maxPages: 2 })).toMatchObject({ pages: 2 });
    expect(traces.progress[0]?.total_pages).toBeNull();
    page('/list/1', 'one');
    await run(YAML.replace('.next }', '.next, max_pages: 1 }'));
    expect(traces.progress[0]?.total_pages).toBe(1);
    expect(traces.lines.join()).not.toContain('there is a next page');
  });

  it('fails the run at a later page that fails, keeping the staged rows', async () => {
    page('/list/1', 'one', '<a class="next" href="2">more</a>');
    page('/list/2', 'two', '<a class="next" href="3">more</a>');
    await expect(run(YAML)).rejects.toMatchObject({
      kind: 'http',
      status: 404,
      message: `${site().url('/list/3')}: HTTP 404 Not Found (after 2 pages, 2 items)`,
    });
    expect(titles()).toEqual(['one', 'two']);
  });

  it('fails the run at a page on which its XPath cannot be computed: that is no last page', async () => {
    page('/list/1', 'one', '<a class="next" data-page="1" href="2">more</a>');
    page('/list/2', 'two', '<a class="next" data-page="of 3" href="3">more</a>');
    await expect(
      run(YAML.replace('selector: .next', 'selector: "xpath://a[@data-page + 1 < 4]"')),
    ).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('cannot be computed on') });
  });
});

it('each of several start addresses is followed, and no page is fetched twice', async () => {
  page('/list/1', 'one', '<a class="next" href="2">more</a>');
  page('/list/2', 'two');
  page('/list/9', 'nine');
  const yaml = YAML.replace(
    'url: "{site}/list/1"',
    'urls: ["{site}/list/1", "{site}/list/2", "{site}/list/9"]',
  );
  expect(await run(yaml)).toMatchObject({ pages: 3, warnings: [] });
  expect(titles()).toEqual(['one', 'two', 'nine']);
});

describe('pages of JSON', () => {
  const api = (path: string, data: unknown, headers: Record<string, string> = {}) =>
    site().on(path, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(data)),
    );
  const rows = (pagination: string) => `
url: "{site}/api?size=2"
item: "json:$.list[*]"
selectors: { title: "json:$.title" }
pagination: ${pagination}
`;

  it('are followed by the address that they name', async () => {
    api('/api?size=2', { list: [{ title: 'one' }], next: '/api?after=2' });
    api('/api?after=2', { list: [{ title: 'two' }], next: null });
    await run(rows('{ type: next_button, selector: "json:$.next" }'));
    expect(titles()).toEqual(['one', 'two']);
  });

  it('are followed by a cursor, which keeps the rest of the address', async () => {
    api('/api?size=2', { list: [{ title: 'one' }], meta: { next: 'a b&c' } });
    api('/api?size=2&cursor=a+b%26c', { list: [{ title: 'two' }], meta: { next: 77 } });
    api('/api?size=2&cursor=77', { list: [{ title: 'three' }], meta: { next: '' } });
    const found = await run(rows('{ type: cursor, selector: "json:$.meta.next" }'));
    expect(titles()).toEqual(['one', 'two', 'three']);
    expect(found.warnings).toEqual([]);
  });

  it('end with a warning where a cursor leads back', async () => {
    api('/api?size=2', { list: [{ title: 'one' }], next: 'x' });
    api('/api?size=2&at=x', { list: [{ title: 'two' }], next: 'x' });
    const found = await run(rows('{ type: cursor, selector: "json:$.next", param_name: at }'));
    expect(titles()).toEqual(['one', 'two']);
    expect(found.warnings).toEqual([expect.stringContaining('fetched before')]);
  });

  it.each([
    [
      '$.metta.next',
      { list: [{ title: 'a' }], meta: { next: 'x' } },
      '$ is an object with list, meta. Did you mean $.meta.next?',
    ],
    [
      '$.pageInfo.endCursor',
      { list: [{ title: 'a' }], data: { list: { pageInfo: { endCursor: 'x' } } } },
      'Did you mean $.data.list.pageInfo.endCursor?',
    ],
    [
      '$.paging.after',
      { list: [{ title: 'a' }], paging: { cursor: 'x' } },
      'paging is an object with cursor. Did you mean $.paging.cursor?',
    ],
    ['$.nxt', { list: [{ title: 'a' }], next: null }, 'Did you mean $.next?'],
  ])('say where the path %s to the next one stops on the first page', async (path, data, told) => {
    api('/api?size=2', data);
    for (const type of ['cursor', 'next_button']) {
      const found = await run(rows(`{ type: ${type}, selector: "json:${path}" }`));
      expect(found.warnings).toEqual([
        expect.stringMatching(/^pagination: .*so no further page was asked for/),
      ]);
      expect(found.warnings[0]).toContain(told);
    }
  });

  it.each([
    [{ list: [{ title: 'a' }], next: null }],
    [{ list: [{ title: 'a' }], next: '' }],
    [{ list: [{ title: 'a' }] }],
    [{ list: [{ title: 'a' }], has_more: false, total: 1 }],
    [{ list: [{ title: 'a' }], meta: { next: null } }],
  ])('end without a warning where nothing leads on: %j', async (data) => {
    api('/api?size=2', data);
    const found = await run(rows('{ type: cursor, selector: "json:$.meta.next" }'));
    expect(found.warnings).toEqual([]);
  });

  it('name the parameter that a site does not know', async () => {
    const data = { list: [{ title: 'a' }, { title: 'b' }, { title: 'c' }], next: 'x' };
    api('/api?size=2', data);
    api('/api?size=2&at=x', data);
    const found = await run(rows('{ type: cursor, selector: "json:$.next", param_name: at }'));
    expect(found.warnings).toEqual([
      expect.stringMatching(
        /same rows as .*\. The site may not know the parameter at \(pagination\.param_name\)\.$/,
      ),
    ]);
  });

  it('are followed by the header Link', async () => {
    const link = `<${site().url('/first')}>; rel="first", </api?p=2>; title="a, b"; rel="last next"`;
    api('/api?size=2', { list: [{ title: 'one' }] }, { link });
    api('/api?p=2', { list: [{ title: 'two' }] }, { link: '</api?size=2>; rel=prev' });
    await run(rows('{ type: link_header, max_pages: 5 }'));
    expect(titles()).toEqual(['one', 'two']);
  });

  it('are asked for as JSON', async () => {
    api('/api?size=2', { list: [{ title: 'one' }] });
    await run(rows('{ type: none }'));
    expect(site().visits.at(-1)?.headers.accept).toMatch(/^application\/json/);
  });

  it('a path that selects nothing fails with what is there', async () => {
    api('/api?size=2', { lists: [{ title: 'one' }] });
    await expect(run(rows('{ type: none }'))).rejects.toMatchObject({
      kind: 'no_items',
      hint: expect.stringContaining('$ is an object with lists. Did you mean $.lists?'),
    });
  });
});
