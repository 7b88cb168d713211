import { describe, expect, it } from 'vitest';
import { withRun } from '../crawl/with-run.ts';

const { site, run, staged, traces } = withRun();

/** Pages 1 to `last` of `/list?page=N`, two rows each; what comes after is up to `beyond`. */
function list(last: number, beyond: { status?: number; body?: string; backTo?: number }): void {
  site().on('/list', (_, response, url) => {
    const page = Number(url.searchParams.get('page') ?? url.searchParams.get('offset'));
    if (page > last && beyond.backTo !== undefined) {
      url.searchParams.set('page', String(beyond.backTo));
      response.writeHead(302, { location: url.href }).end();
    } else if (page > last)
      response.writeHead(beyond.status ?? 200, { 'content-type': 'text/html' }).end(beyond.body);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(rows(page));
  });
}

const rows = (page: number) => `<div><h2>${page}a</h2></div><div><h2>${page}b</h2></div>`;
const titles = () => staged().map((item) => (item as { title: string }).title);
const asked = () =>
  site()
    .visits.map((visit) => visit.path)
    .filter((path) => path !== '/robots.txt');

const URL_PARAM = `
url: "{site}/list?sort=new"
selectors: { title: h2 }
pagination: { type: url_param, param_name: page }
`;
const TEMPLATE = `
url: "{site}/list"
selectors: { title: h2 }
pagination: { type: page_number, url_template: "{site}/list?page={page}" }
`;

describe.each([
  ['url_param', URL_PARAM],
  ['page_number without an end', TEMPLATE],
])('%s', (_, yaml) => {
  it.each([
    ['a page without rows', { body: '<p>nothing more</p>' }],
    ['a page with the rows of the one before', { body: rows(3) }],
    ['a page that is not there', { status: 404 }],
    ['a page that is gone', { status: 410 }],
    ['a page that leads back', { backTo: 2 }],
  ])('ends at %s', async (_name, beyond) => {
    list(3, beyond);
    expect(await run(yaml)).toMatchObject({ pages: 3, items: 6, warnings: [] });
    expect(titles()).toEqual(['1a', '1b', '2a', '2b', '3a', '3b']);
    expect(traces.progress[0]?.total_pages).toBeNull();
  });

  it('fails when a later page fails otherwise', async () => {
    list(2, { status: 403 });
    await expect(run(yaml)).rejects.toMatchObject({
      kind: 'http',
      status: 403,
      message: expect.stringContaining('(after 2 pages, 4 items)'),
    });
    expect(titles()).toHaveLength(4);
  });

  it('fails when the first page is not there', async () => {
    list(0, { status: 404 });
    await expect(run(yaml)).rejects.toMatchObject({ kind: 'http', status: 404 });
  });

  it('keeps to max_pages', async () => {
    list(9, {});
    expect(await run(yaml.replace(/ \}\n$/, ', max_pages: 2 }\n'))).toMatchObject({ pages: 2, items: 4 });
    expect(asked()).toHaveLength(2);
    expect(traces.progress[0]?.total_pages).toBeNull();
  });
});

it('url_param sets its parameter and leaves the others, from start_page on in steps', async () => {
  list(40, { status: 404 });
  await run(URL_PARAM.replace('param_name: page', 'param_name: offset, start_page: 0, step: 20'));
  expect(asked()).toEqual([0, 20, 40, 60].map((offset) => `/list?sort=new&offset=${offset}`));
});

describe('page_number with an end', () => {
  const yaml = TEMPLATE.replace('{page}"', '{page}", start_page: 2, end_page: 4');

  it('fetches exactly those pages, whatever they contain', async () => {
    list(3, { body: '<p>nothing</p>' });
    expect(await run(yaml)).toMatchObject({ pages: 3, items: 4 });
    expect(asked()).toEqual(['/list?page=2', '/list?page=3', '/list?page=4']);
    expect(traces.progress[0]?.total_pages).toBe(3);
  });

  it('fails when one of them is not there', async () => {
    list(3, { status: 404 });
    await expect(run(yaml)).rejects.toMatchObject({ kind: 'http', status: 404 });
  });
});

it('without pagination each address is fetched once, in order', async () => {
  for (const name of ['a', 'b']) site().html(`/${name}`, `<h2>${name}</h2>`);
  const yaml = 'urls: ["{site}/b", "{site}/a"]\nselectors: { title: h2 }\n';
  expect(await run(yaml)).toMatchObject({ pages: 2 });
  expect(titles()).toEqual(['b', 'a']);
  expect(traces.progress[0]?.total_pages).toBe(2);
});

it('addresses that are listed twice or left out are none of the pages that are still to come', async () => {
  site().html('/a', '<h2>a</h2>');
  site().html('/b', '<h2>b</h2>');
  site().html('/c', '<h2>c</h2>');
  const urls = ['a', 'gone', 'b', 'b', 'c'].map((name) => `"{site}/${name}"`).join(', ');
  expect(await run(`urls: [${urls}]\nselectors: { title: h2 }\n`)).toMatchObject({ pages: 3 });
  expect(traces.progress.map(({ pages, total_pages }) => [pages, total_pages])).toEqual([
    [1, 4],
    [2, 3],
    [3, 3],
  ]);
});

it('page_number needs no url: its pages have addresses of their own', async () => {
  list(3, {});
  const yaml =
    'selectors: { title: h2 }\npagination: { type: page_number, url_template: "{site}/list?page={page}", end_page: 3 }\n';
  expect(await run(yaml)).toMatchObject({ pages: 3, items: 6, warnings: [] });
  expect(asked()).toEqual(['/list?page=1', '/list?page=2', '/list?page=3']);
});
