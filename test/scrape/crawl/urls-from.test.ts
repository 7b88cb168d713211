import { mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { withoutListed } from '../../../src/scrape/crawl/checkpoint.ts';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import type { ScrapeRequest } from '../../../src/scrape/crawl/pipeline.ts';
import type { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();

const FIELDS = 'selectors: {title: h1}\n';
const visited = () =>
  site()
    .visits.map((visit) => visit.path)
    .filter((one) => one.startsWith('/p/'));

function pages(...names: readonly (string | number)[]) {
  for (const name of names) site().html(`/p/${name}`, `<h1>${name}</h1>`);
}

/** Lets a run read the files, beside its configuration. */
function accessTo(files: Readonly<Record<string, string>>) {
  const paths = resolveHome({ home: path('home') });
  mkdirSync(paths.configs, { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(`${paths.configs}/${name}`, text.replaceAll('{site}', site().url('')));
  return { folders: { folder: paths.configs, paths } };
}

/** Runs with the files beside the configuration. */
function runWith(
  source: string,
  files: Readonly<Record<string, string>> = {},
  more: Partial<ScrapeRequest> = {},
  stats?: ScrapeStats,
) {
  const addresses = accessTo(files);
  return run(`urls_from: ${source}\n${FIELDS}`, { addresses, ...more }, stats);
}

it('fetches the addresses of a file in order, each once, and knows how many there are', async () => {
  pages(1, 2, 3);
  const file = 'name,url\na,{site}/p/2\nb,{site}/p/1\nc,{site}/p/2\nd,{site}/p/3\n';
  const result = await runWith('ids.csv', { 'ids.csv': file });
  expect(result).toMatchObject({ items: 3, pages: 3, warnings: [] });
  expect(staged()).toEqual([{ title: '2' }, { title: '1' }, { title: '3' }]);
  expect(traces.progress.map(({ pages, total_pages }) => [pages, total_pages])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect(traces.lines[0]).toMatch(
    /^info 3 addresses to fetch \(1 duplicate left out\), the first is .*\/p\/2$/,
  );
});

it('fetches all addresses of a template', async () => {
  pages('b-01', 'b-02', 'c-01', 'c-02');
  const values = '{city: [b, c], n: {from: 1, to: 2, pad: 2}}';
  await runWith(`{template: "{site}/p/{city}-{n}", values: ${values}}`);
  expect(visited()).toEqual(['/p/b-01', '/p/b-02', '/p/c-01', '/p/c-02']);
});

it('leaves out missing pages and entries that are no addresses, with a warning', async () => {
  pages(1, 3);
  const { items, warnings } = await runWith('ids.txt', {
    'ids.txt': '{site}/p/1\n{site}/p/2\nnone\n{site}/p/3\n',
  });
  expect(items).toBe(2);
  expect(warnings).toEqual([
    '1 entry was left out: ids.txt, line 3: a text of 4 characters is not a web address',
    expect.stringContaining('/p/2'),
  ]);
});

it('fails when most pages are missing, or the first one where none may be', async () => {
  pages(1);
  const files = { 'ids.txt': '{site}/p/1\n{site}/p/2\n{site}/p/3\n' };
  await expect(runWith('ids.txt', files)).rejects.toMatchObject({
    kind: 'http',
    message: expect.stringContaining('2 of 3 addresses of urls_from failed'),
  });
  await expect(runWith('ids.txt\non_missing: fail', files)).rejects.toMatchObject({
    status: 404,
    hint: 'The page does not exist. Its address comes from ids.txt: check it there.',
  });
});

it('says that addresses of urls_from were left out', async () => {
  pages(1, 2);
  const { warnings } = await runWith('ids.txt', { 'ids.txt': '{site}/p/1\n{site}/p/2\n{site}/p/3\n' });
  expect(warnings.join()).toMatch(/^1 address of urls_from was left out: /);
});

it('puts the value of a template into the row, out of the address', async () => {
  pages(7, 8);
  const source = `{template: "${site().url('/p/')}{id}", values: {id: ids.csv}}`;
  await run(
    `urls_from: ${source}\nselectors: {id: {page: url, regex: "/p/([0-9]+)$"}, title: h1, x: {page: url, regex: "/q/"}}\n`,
    { addresses: accessTo({ 'ids.csv': 'id\n7\n8\n' }) },
  );
  expect(staged()).toEqual([
    { id: '7', title: '7', x: null },
    { id: '8', title: '8', x: null },
  ]);
});

it('fetches nothing when the file is wrong', async () => {
  await expect(runWith('ids.txt', { 'ids.txt': 'hunter2\n' })).rejects.toMatchObject({ kind: 'config' });
  await expect(runWith('none.txt')).rejects.toMatchObject({
    message: expect.stringContaining('does not exist'),
  });
  expect(site().visits).toEqual([]);
});

it('sends its headers to the hosts of the file only, and to each of them', async () => {
  site().on('/p/1', (_, response) =>
    response.writeHead(302, { location: site().url('/p/2', 'localhost') }).end(),
  );
  pages(2);
  const run = runWith('ids.txt\nheaders: {X-Key: hunter2}\nallow_private_hosts: [localhost]', {
    'ids.txt': '{site}/p/1\n',
  });
  expect(await run).toMatchObject({ items: 1 });
  const keyOf = (page: string) => site().visitsOf(page)[0]?.headers['x-key'];
  expect([keyOf('/p/1'), keyOf('/p/2')]).toEqual(['hunter2', undefined]);
});

it('goes on in the next attempt where the last one ended, and begins anew when the file has changed', async () => {
  pages(1, 2, 3, 4);
  let fails = true;
  site().on(
    '/p/3',
    (_, response) =>
      void response.writeHead(fails ? 503 : 200, { 'content-type': 'text/html' }).end('<h1>3</h1>'),
  );
  const files = { 'ids.txt': [1, 2, 3, 4].map((n) => `{site}/p/${n}\n`).join('') };
  const attempt = (isAgain: boolean, text = files) =>
    runWith('ids.txt\non_error: fail', text, {
      retries: { retries: 0, baseMs: 1 },
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain,
        everyPage: true,
        log: (level, message) => traces.lines.push(`${level} ${message}`),
      },
    });
  await expect(attempt(false)).rejects.toMatchObject({ status: 503 });
  fails = false;
  await attempt(true);
  expect(staged()).toHaveLength(4);
  expect(visited()).toEqual(['/p/1', '/p/2', '/p/3', '/p/3', '/p/4']);

  fails = true;
  await expect(attempt(false)).rejects.toMatchObject({ status: 503 });
  fails = false;
  await attempt(true, { 'ids.txt': '{site}/p/2\n{site}/p/3\n' });
  expect(traces.lines.join('\n')).toContain(
    'starting from the first page: the configuration or its addresses have changed',
  );
  expect(staged()).toEqual([{ title: '2' }, { title: '3' }]);
});

it('a test run fetches only the first addresses', async () => {
  pages(1, 2, 3);
  await runWith('ids.txt', { 'ids.txt': '{site}/p/1\n{site}/p/2\n{site}/p/3\n' }, { maxPages: 2 });
  expect(visited()).toEqual(['/p/1', '/p/2']);
});

it('a checkpoint has only the pages that are not in the list, whatever pages lead to others', () => {
  const listed = Array.from({ length: 6 }, (_, n) => `p${n}`);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...listed, 'x', 'y'), { maxLength: 6 }),
      fc.nat(5),
      (leads, current) => {
        // Each start address is fetched unless it was before, and may lead to another page.
        const seen = new Set<string>();
        for (const [n, url] of listed.slice(0, current + 1).entries()) {
          if (seen.has(url)) continue;
          seen.add(url);
          if (leads[n] !== undefined) seen.add(leads[n]);
        }
        const others = withoutListed([...seen], listed, current);
        expect(new Set([...listed.slice(0, current + 1), ...others])).toEqual(seen);
        expect(others.length).toBeLessThanOrEqual(leads.length);
      },
    ),
  );
});
