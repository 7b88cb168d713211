import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withRun } from './with-run.ts';

const { site, path, run, staged } = withRun();
const DELAYS = 'delays: { type: fixed, value: 0 }\n';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

it('a row holds the address of its page and when it was fetched, of the list and of its own page', async () => {
  site().html('/list', '<li><a href="/a">A</a></li><li><a href="/gone">B</a></li><li>C</li>');
  site().html('/a', '<h1>a</h1>');
  const began = Math.floor(Date.now() / 1000) * 1000;
  await run(
    `url: "{site}/list"
item: li
selectors: { list: {page: url}, title: ":scope", at: {page: fetched_at} }
follow: { selector: a, selectors: { own: {page: url}, h: h1, own_at: {page: fetched_at} } }
${DELAYS}`,
    { output: { file: path('rows.csv'), format: 'csv' } },
  );
  const list = site().url('/list');
  const time = expect.stringMatching(INSTANT);
  expect(staged()).toEqual([
    { list, title: 'A', at: time, own: site().url('/a'), h: 'a', own_at: time },
    { list, title: 'B', at: time, own: null, h: null, own_at: null },
    { list, title: 'C', at: time, own: null, h: null, own_at: null },
  ]);
  const [first] = staged() as { at: string }[];
  expect(Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(began);
  expect(readFileSync(path('rows.csv'), 'utf8').split('\n')[0]).toBe('list,title,at,own,h,own_at');
});

it('makes no row of other elements, and no two rows of one', async () => {
  site().html('/list', '<li>A</li><li></li><a rel="next" href="/list?p=2">next</a>');
  site().on('/list?p=2', (_, response) => response.end('<li>A</li><li>B</li>'));
  await run(`url: "{site}/list"
item: li
selectors: { page: {page: url}, title: ":scope" }
pagination: { type: next_button, selector: "a[rel=next]" }
dedupe: true
${DELAYS}`);
  expect(staged()).toEqual([
    { page: site().url('/list'), title: 'A' },
    { page: site().url('/list?p=2'), title: 'B' },
  ]);
});

it('ends a list whose pages have the same rows at other addresses', async () => {
  let asked = 0;
  site().on('/list', (request, response) => {
    asked += 1;
    const page = Number(new URL(request.url ?? '/', 'http://x/').searchParams.get('p') ?? 1);
    response.setHeader('content-type', 'text/html');
    response.end(`<li>A</li><li>B</li><a rel="next" href="/list?p=${page + 1}">next</a>`);
  });
  await run(`url: "{site}/list"
item: li
selectors: { title: ":scope", page: {page: url}, at: {page: fetched_at} }
pagination: { type: next_button, selector: "a[rel=next]", max_pages: 20 }
${DELAYS}`);
  expect(staged()).toHaveLength(2);
  expect(asked).toBe(2);
});

it('has in its address no name, no password and nothing that a variable filled in', async () => {
  site().html('/list', '<h1>A</h1>');
  await run(
    `url: "{site}/list?key=s3cret"\nselectors: { title: h1, page: {page: url} }\n`.replace('//', '//ann:pw@'),
    { unfill: (text) => text.replaceAll('s3cret', '(KEY)') },
  );
  expect(staged()).toEqual([{ title: 'A', page: `${site().url('/list')}?key=(KEY)` }]);
});
