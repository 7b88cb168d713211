import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import type { ScrapeRequest } from '../../../src/scrape/crawl/pipeline.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path } = withRun();
const GUIDE = 'docs/how-to/many-addresses.md';
const [fromFile = '', template = '', values = '', newRows = '', ownHost = ''] = codeBlocks(GUIDE, 'yaml');
const [table = ''] = codeBlocks(GUIDE, 'csv');

const local = (text: string) => text.replaceAll('https://shop.example', site().url(''));
const visited = () =>
  site()
    .visits.map((visit) => visit.path)
    .slice(1);

/** Runs an example of the guide, with its table beside it. */
function runExample(example: string, addresses: ScrapeRequest['addresses'] = {}) {
  const paths = resolveHome({ home: path('home') });
  mkdirSync(paths.configs, { recursive: true });
  writeFileSync(`${paths.configs}/products.csv`, local(table));
  return run(local(example), { addresses: { folders: { folder: paths.configs, paths }, ...addresses } });
}

/** The rows of the job `listing`. */
const listing = (...links: readonly string[]) => ({
  openJob: (job: string) => {
    expect(job).toBe('listing');
    async function* rows() {
      yield links.map((link) => ({ link: local(link) }));
    }
    return Promise.resolve({
      runId: 'r1',
      rows: rows(),
      isHidden: () => false,
      close: () => Promise.resolve(),
    });
  },
});

it('the pages of a table are read, with their addresses', async () => {
  site().html('/p/17', '<h1>Lamp</h1><b class="price">€ 19.90</b>');
  site().html('/p/18', '<h1>Chair</h1>');
  await runExample(fromFile);
  expect(staged()).toEqual([
    { title: 'Lamp', price: { amount: 19.9, currency: 'EUR' }, source: site().url('/p/17') },
    { title: 'Chair', price: null, source: site().url('/p/18') },
  ]);
});

it('all combinations of a template are fetched in order', async () => {
  const pages = ['berlin', 'new%20york'].flatMap((city) => [1, 2, 3].map((n) => `/${city}/page-0${n}`));
  for (const page of pages) site().html(page, '<h1>x</h1>');
  await runExample(template);
  expect(visited()).toEqual(pages);
});

it('a template takes values of a file, and a parameter', async () => {
  for (const sku of ['A-17', 'A-18']) site().html(`/de/p/${sku}`, `<h1>${sku}</h1>`);
  await runExample(values);
  expect(staged()).toEqual([{ title: 'A-17' }, { title: 'A-18' }]);
});

it('the new addresses of another job are fetched, and none where all are known', async () => {
  site().html('/2', '<h1>two</h1><p class="description">new</p>');
  const example = `${newRows}allow_private_hosts: [127.0.0.1]\n`;
  const takes = (count: number) => ({
    takeNew: (urls: readonly string[]) => urls.slice(urls.length - count),
    getFailedRuns: () => undefined,
    release: () => undefined,
    retake: () => undefined,
  });
  const rows = listing('https://shop.example/1', 'https://shop.example/2');
  await runExample(example, { ...rows, fetched: takes(1) });
  expect(staged()).toEqual([{ title: 'two', text: 'new' }]);
  const empty = await runExample(example, { ...rows, fetched: takes(0) });
  expect(empty).toMatchObject({ items: 0, pages: 0, warnings: [] });
});

it('a new address that fails is left to the next run, and one alone fails the run', async () => {
  site().html('/2', '<h1>two</h1><p class="description">new</p>');
  site().on('/1', (_, response) => response.writeHead(403).end());
  const example = `${newRows}allow_private_hosts: [127.0.0.1]\n`;
  const released: string[] = [];
  const fetched = {
    takeNew: (urls: readonly string[]) => [...urls],
    getFailedRuns: () => undefined,
    release: (url: string) => {
      released.push(new URL(url).pathname);
      return undefined;
    },
    retake: () => undefined,
  };
  const both = listing('https://shop.example/1', 'https://shop.example/2');
  const { items, warnings } = await runExample(example, { ...both, fetched });
  expect([items, released]).toEqual([1, ['/1']]);
  expect(warnings.join()).toContain('1 address of urls_from was left out');
  await expect(runExample(example, { ...listing('https://shop.example/1'), fetched })).rejects.toMatchObject({
    status: 403,
  });
});

it('only the hosts that are named receive a secret header', async () => {
  site().html('/1', '<h1>one</h1>');
  process.env['SHOP_TOKEN'] = 'hunter2';
  const rows = listing('https://shop.example/1');
  const own = ownHost.replace('[shop.example]', `["${site().url('')}"]`);
  await runExample(own, rows);
  const foreign = `${ownHost}allow_private_hosts: [127.0.0.1]\n`;
  await runExample(foreign, rows);
  await expect(runExample(ownHost, rows)).rejects.toMatchObject({
    kind: 'no_items',
    message: expect.stringMatching(/no address to fetch in link: 1 address in private networks was left out/),
    hint: expect.stringContaining('name their hosts'),
  });
  delete process.env['SHOP_TOKEN'];
  const sent = site()
    .visitsOf('/1')
    .map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer hunter2', undefined]);
  expect(parseConfig(ownHost, 'x.yaml', { SHOP_TOKEN: 'x' }).config.urls_from).toMatchObject({
    hosts: ['shop.example'],
  });
});
