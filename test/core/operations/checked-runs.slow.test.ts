import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { reconcileRuns } from '../../../src/core/execution/reconcile-runs.ts';
import { requestRun, waitForRun } from '../../../src/core/execution/request-run.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { it } from '../../extend.ts';
import { ManualClock } from '../../manual-clock.ts';
import { preload } from '../../preload.ts';
import { quickscrape } from '../../program.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, openHome } from './open-home.ts';

/** A command that writes down that it was called, and with what. */
const note = (word: string) => [
  'sh',
  '-c',
  `echo "${word} $QUICKSCRAPE_STATUS $QUICKSCRAPE_ERROR_KIND $QUICKSCRAPE_CHANGES_CHANGED" >> called`,
];
const COMMANDS = {
  ...{ on_failure: note('failure'), on_failure_mode: 'streak' as const },
  ...{ on_recovery: note('recovery'), on_change: note('change') },
};

/** A job on a bookshop of two pages, 20 books each. */
async function bookshopJob(job: Record<string, unknown>) {
  const shop = await openChangingShop();
  const home = await openHome();
  const { paths } = home.workspace;
  const yaml = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2');
  await home.workspace.configs.write('shop', yaml);
  await home.call('create_job', {
    ...{ job_id: 'books', config_name: 'shop', schedule: DAILY },
    ...job,
  });
  return {
    ...home,
    shop,
    output: () => readFileSync(join(paths.output, 'books.csv'), 'utf8'),
    called: () => {
      const file = join(paths.home, 'called');
      return existsSync(file) ? readFileSync(file, 'utf8').split(/ *\n/).slice(0, -1) : [];
    },
    async run() {
      const { run } = await home.call('run_job', { job_id: 'books', wait_seconds: 40 });
      await waitFor('its callback', () => {
        const callback = home.workspace.runs.get(run.run_id)?.callback;
        return callback !== 'due' && callback !== 'running';
      });
      return home.call('get_run', { run_id: run.run_id, log_lines: 100, sample_items: 1 });
    },
  };
}

it('a shop that changes its markup: the run fails by the right field, its page is kept, the alert comes once; then it recovers', async () => {
  const { shop, run, output, called, workspace, call } = await bookshopJob({
    ...COMMANDS,
    expect: { required_fields: ['price'], min_fill_percent: { title: 90 }, max_drop_percent: 50 },
  });
  const { paths } = workspace;
  const first = await run();
  expect(first.run).toMatchObject({ status: 'succeeded', changes: null });
  expect(first.run.checks.map(({ check, passed }) => `${check} ${passed}`)).toEqual([
    'max_drop_percent true',
    'required_fields true',
    'min_fill_percent true',
  ]);
  const good = output();

  await shop.change((html) => html.replaceAll('price_color', 'amount'));
  const broken = await run();
  expect(broken.run).toMatchObject({
    status: 'failed',
    items: 40,
    output_path: null,
    error: { kind: 'check_failed' },
  });
  const page = join(runFiles(paths, 'books', broken.run.run_id).pages, '1.html');
  expect(broken.run.error?.message).toBe(
    'price is empty in 40 items of 40 (0 % filled, 100 % expected; usually 100 %, the last good run); ' +
      'the selector of price (.product_price .price_color) matched nothing (usually 40). ' +
      `The output was not written and stays unchanged. The page as it was received: ${page}`,
  );
  expect(broken.run.checks.filter(({ passed }) => !passed)).toMatchObject([
    {
      ...{ check: 'required_fields', field: 'price', found: 0, expected: 100, usual: 100, good_runs: 1 },
      suspect: { part: 'field', field: 'price', matched: 0, usual: 40 },
    },
  ]);
  expect(readFileSync(page, 'utf8')).toBe(await (await fetch(shop.url)).text());
  expect(broken.sample).toMatchObject([{ price: null }]);
  expect(output()).toBe(good);

  // The second failure of the streak alerts nobody, and makes nothing usual.
  const again = await run();
  expect(again.run.checks.find(({ field }) => field === 'price')).toMatchObject({ usual: 100, good_runs: 1 });
  expect(called()).toEqual(['failure failed check_failed']);
  const shown = await quickscrape(['job', 'history', 'books'], { home: paths.home });
  expect(shown.stdout).toMatch(/failed .* 2\/3 .*price is empty/);
  // The stored message names no commands; a person gets them where the job is shown.
  const { stdout } = await quickscrape(['job', 'show', 'books'], { home: paths.home });
  expect(stdout).toContain(`job items ${again.run.run_id}`);
  expect(stdout).toContain(`job diff books ${again.run.run_id}`);

  // On each of the two pages one book has another price now.
  await shop.change((html) => html.replace(/£[\d.]+/, '£0.01'));
  const recovered = await run();
  const { key, ...changes } = {
    with_run_id: first.run.run_id,
    key: 'link',
    added: 0,
    removed: 0,
    changed: 2,
    unchanged: 38,
  };
  expect(recovered.run).toMatchObject({ status: 'succeeded', changes: { key, ...changes } });
  expect(called()).toEqual(['failure failed check_failed', 'recovery succeeded  2', 'change succeeded  2']);
  expect(output()).not.toBe(good);

  const same = await run();
  expect(same.run.changes).toMatchObject({ changed: 0, unchanged: 40 });
  expect(called()).toHaveLength(3);

  const { added, removed, changed } = await call('compare_runs', { run_id: recovered.run.run_id, key });
  expect({ added, removed, changed }).toEqual({ added: 0, removed: 0, changed: 2 });
});

it('pages that are missing: the run names the link to the next one, and keeps the page that should have had it', async () => {
  const expectation = { max_drop_percent: 20 };
  const { shop, run, call } = await bookshopJob({ expect: expectation });
  await run();
  await shop.change((html) => html.replace('<li class="next">', '<li class="onwards">'));
  const { run: failed, kept_pages } = await run();
  expect(failed).toMatchObject({ status: 'failed', pages: 1, items: 20, error: { kind: 'check_failed' } });
  expect(failed.error?.message).toContain(
    '20 items, 50 % fewer than usual (40, the last good run); at most 20 % fewer expected; each page holds what it ' +
      'usually does, but there was only 1 page (usually 2), so it is likely the selector of the next page, ul.pager li.next a',
  );
  expect(kept_pages).toMatchObject([{ url: shop.url }]);

  // Nobody has to put up with it for ever: from now on this is what is usual.
  expect(failed.error?.message).toContain('set expect.usual_since of the job to now');
  const usual_since = new Date().toISOString();
  await call('update_job', { job_id: 'books', changes: { expect: { ...expectation, usual_since } } });
  const accepted = await run();
  expect(accepted.run).toMatchObject({
    status: 'succeeded',
    items: 20,
    checks: [{ passed: true, usual: null }],
  });
  expect((await run()).run.checks).toMatchObject([{ passed: true, usual: 20, good_runs: 1 }]);
});

it('a page further on, where a field is empty, is the one that is kept', async () => {
  const { shop, run } = await bookshopJob({ expect: { required_fields: ['price'] } });
  await shop.change((html) => (html.includes('Page 2 of') ? html.replaceAll('price_color', 'amount') : html));
  const { run: failed, kept_pages } = await run();
  expect(failed.error?.message).toMatch(/^price is empty in 20 items of 40 \(50 % filled, 100 % expected\)/);
  expect(kept_pages).toMatchObject([{ url: expect.stringMatching(/page-2\.html$/) }]);
});

it('bad data is not fetched again at once, unless the job asks for it', async () => {
  const expectation = { min_items: 1000 };
  const { workspace, call } = await bookshopJob({ expect: expectation, max_retries: 3, retry_delay: 3600 });
  const attempt = async () => {
    const { runId } = await requestRun(workspace, 'books', { maxAttempts: 4 });
    return waitForRun(workspace, runId);
  };
  expect(await attempt()).toMatchObject({ status: 'failed', attempt: 1, error: { kind: 'check_failed' } });
  await call('update_job', { job_id: 'books', changes: { expect: { ...expectation, retry: true } } });
  expect(await attempt()).toMatchObject({ status: 'waiting_retry', attempt: 1, checks: [{ passed: false }] });
});

it('a run that is killed between its outcome and its callback still reports its changes, once', async ({
  folder,
}) => {
  const { shop, run, call, called, workspace } = await bookshopJob(COMMANDS);
  await run();
  await shop.change((html) => html.replace(/£[\d.]+/, '£0.01'));
  for (const [name, value] of Object.entries(preload('hold', folder, 'after outcome')))
    vi.stubEnv(name, value);
  const { run: started } = await call('run_job', { job_id: 'books' });
  vi.unstubAllEnvs();
  const pid = await waitFor('its outcome', () => {
    const file = join(folder, 'held');
    return existsSync(file) && Number(readFileSync(file, 'utf8'));
  });
  sendSignal({ pid }, 'SIGKILL');
  expect(workspace.runs.get(started.run_id)).toMatchObject({ status: 'succeeded', callback: 'due' });
  expect(called()).toEqual([]);

  const clock = new ManualClock(new Date(Date.now() + 60_000).toISOString());
  const later = openWorkspace({ home: workspace.paths.home, actor: 'library', clock });
  try {
    await waitFor('its callback', () => {
      reconcileRuns(later);
      return later.runs.get(started.run_id)?.callback === 'done';
    });
  } finally {
    later.close();
  }
  expect(called()).toEqual(['change succeeded  2']);
});

it('quickscrape job diff compares field by field, as a table and as JSON, by the key field', async () => {
  const { shop, run, workspace } = await bookshopJob({});
  const first = await run();
  await shop.change((html) => html.replace(/£[\d.]+/, '£0.01'));
  const second = await run();
  const qs = (...args: string[]) => quickscrape(['job', 'diff', ...args], { home: workspace.paths.home });
  const table = await qs('books');
  expect(table.stdout.split('\n')[0]).toMatch(/^ +link +FIELD +BEFORE +AFTER$/);
  expect(table.stdout.match(/^~ +\S+ +price +£[\d.]+ +£0\.01$/gm)).toHaveLength(2);
  expect(table.stderr).toContain(
    `0 items added, 0 removed, 2 changed, 38 the same: run ${first.run.run_id} → ${second.run.run_id}, told apart by link.`,
  );
  // From the first to the second, and the other way round as a whole.
  const answer = JSON.parse((await qs('books', first.run.run_id, second.run.run_id, '--json')).stdout);
  expect(answer).toMatchObject({
    run_id: second.run.run_id,
    with_run_id: first.run.run_id,
    changed: 2,
    key: 'link',
  });
  const back = JSON.parse(
    (await qs('books', second.run.run_id, first.run.run_id, '--whole', '--json')).stdout,
  );
  expect(back).toMatchObject({ run_id: first.run.run_id, key: null, added: 2, removed: 2, changed: 0 });
  expect((await qs('books', 'nope')).code).toBe(3);
  // The configuration knows better which field it is, also for the run's own look at what changed.
  const { yaml } = workspace.configs.read('shop');
  await workspace.configs.write(
    'shop',
    yaml.replace('output:\n', 'output:\n  key: title\n  append: false\n'),
  );
  const third = await run();
  expect(third.run.changes).toMatchObject({ with_run_id: second.run.run_id, key: 'title', unchanged: 40 });
  expect((await qs('books', first.run.run_id, third.run.run_id)).stderr).toContain(
    '2 changed, 38 the same: run',
  );
  expect((await qs('books')).stderr).toContain('told apart by title (the key of the configuration).');
});
