import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { quickscrape } from '../../program.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { DAILY, openHome } from './open-home.ts';

/** A job on a bookshop of two pages, 20 books each, and what runs it. */
async function bookshopJob() {
  const shop = await openChangingShop();
  const home = await openHome();
  await home.workspace.configs.write(
    'shop',
    bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2'),
  );
  await home.call('create_job', { job_id: 'books', config_name: 'shop', schedule: DAILY });
  const { paths } = home.workspace;
  return {
    ...home,
    shop,
    async run() {
      const { run } = await home.call('run_job', { job_id: 'books', wait_seconds: 30 });
      return {
        ...(await home.call('get_run', { run_id: run.run_id, log_lines: 100 })),
        files: runFiles(paths, 'books', run.run_id),
      };
    },
  };
}

it('a site that changes the markup of one field: the run says which selector stopped, and keeps the page', async () => {
  const { shop, run, workspace } = await bookshopJob();
  const before = await run();
  expect(before.run.status).toBe('succeeded');
  expect(before.selectors).toContainEqual({
    part: 'field',
    field: 'price',
    selector: '.product_price .price_color',
    matched: 40,
    pages: 2,
    filled: 40,
    usual: null,
    stopped: false,
  });
  // The newest good run keeps its first page.
  expect(before.kept_pages).toHaveLength(1);

  await shop.change((html) => html.replaceAll('price_color', 'amount'));
  const after = await run();
  expect(after.run).toMatchObject({ status: 'succeeded', items: 40 });
  expect(after.selectors.filter(({ stopped }) => stopped)).toEqual([
    {
      part: 'field',
      field: 'price',
      selector: '.product_price .price_color',
      matched: 0,
      pages: 0,
      filled: 0,
      usual: 40,
      stopped: true,
    },
  ]);
  expect(after.selectors.find(({ field }) => field === 'title')).toMatchObject({ matched: 40, usual: 40 });
  expect(after.log_tail.join('\n')).toContain(
    'selector price (.product_price .price_color) matched nothing; usually 40',
  );

  expect(after.kept_pages).toEqual([{ url: shop.url, fetched_at: expect.stringMatching(/\+01:00$/) }]);
  const page = join(after.files.pages, '1.html');
  expect(readFileSync(page, 'utf8')).toBe(await (await fetch(shop.url)).text());
  expect(JSON.parse(readFileSync(join(after.files.pages, '1.json'), 'utf8'))).toEqual({
    url: shop.url,
    content_type: 'text/html; charset=utf-8',
    status: 200,
    variables: [],
    fetched_at: expect.stringMatching(/^20.*Z$/),
  });
  for (const file of [page, join(after.files.pages, '1.json'), after.files.selectors])
    expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(after.files.pages).mode & 0o777).toBe(0o700);

  // As long as it stays so, it is not what is usual.
  await run();
  const { stdout } = await quickscrape(['job', 'run', 'books'], { home: workspace.paths.home });
  expect(stdout).toMatch(/selector +price matched nothing \(usually 40\)/);
});

it('a site that changes the markup of its items: the run fails, and its error names the kept page', async () => {
  const { shop, run } = await bookshopJob();
  await run();
  await shop.change((html) => html.replaceAll('product_pod', 'card'));
  const { run: failed, selectors, kept_pages, files } = await run();
  expect(failed).toMatchObject({ status: 'failed', error: { kind: 'no_items' } });
  expect(failed.error?.message).toContain(join(files.pages, '1.html'));
  expect(selectors.filter(({ stopped }) => stopped).map(({ field }) => field)).toEqual([
    ...['item', 'title', 'price', 'rating', 'availability', 'link'],
  ]);
  expect(kept_pages).toHaveLength(1);
});

it('a crawl that broke off is compared with the same number of pages', async () => {
  const { shop, run } = await bookshopJob();
  await run();
  await shop.change((html) => html.replaceAll('page-2.html', 'page-2000.html'));
  const { run: failed, selectors, kept_pages } = await run();
  expect(failed).toMatchObject({ status: 'failed', error: { kind: 'http' }, items: 20 });
  expect(selectors).toHaveLength(7);
  for (const selector of selectors.filter(({ part }) => part !== 'pagination'))
    expect(selector).toMatchObject({ matched: 20, filled: 20, usual: 20, stopped: false });
  expect(kept_pages).toEqual([]);
});
