import { rmSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { findRepairs } from '../../../src/core/operations/find-repairs.ts';
import { getPersistentFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { Site } from '../../scrape/site.ts';
import { DAILY, it, openHome } from './open-home.ts';

const ROWS = ['A Light in the Attic', 'Tipping the Velvet', 'Soumission', 'Sapiens'];
const list = (price: string) =>
  `<title>Books</title>${ROWS.map((title, n) => `<article class="pod"><h3><a href="/b${n}">${title}</a></h3><p class="${price}">£${20 + n}.99</p></article>`).join('')}`;

/** A job of a site that has changed after a good run, and the run that failed by it. */
async function brokenJob(body = list('amount')) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const { workspace, call } = await openHome();
  const yaml = `url: "${site.url('/list')}"\nitem: article\nselectors: { title: h3 a, price: .price_color }\nexpect: { required_fields: [price] }\n`;
  await workspace.configs.write('shop', yaml);
  await call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  const run = async () => (await call('run_job', { job_id: 'shop', wait_seconds: 45 })).run;
  site.html('/list', list('price_color'));
  const good = await run();
  expect(good.status).toBe('succeeded');
  site.html('/list', body);
  const broken = await run();
  expect(broken.status).toBe('failed');
  return { workspace, yaml, good, broken, repairs: () => findRepairs(workspace, broken.run_id, {}) };
}

const PRICE = { part: 'field', field: 'price', path: 'selectors.price', selector: '.price_color' };

it('a broken selector, with what it matched, what is usual, and one that holds the values of the earlier page', async () => {
  const { repairs, broken } = await brokenJob();
  expect(await repairs()).toMatchObject({
    ...{ runId: broken.run_id, cause: 'page_changed', isOtherPage: false, hasPage: true, problem: null },
    broken: [
      {
        ...{ ...PRICE, matched: 0, usual: 4 },
        proposal: { value: '.amount', filled: 4, rows: 4, first: '£20.99', basis: 'earlier_page' },
      },
    ],
    before: { rows: 4, matches: { title: 4, price: 0 }, first: { title: ROWS[0], price: null } },
    after: { rows: 4, matches: { price: 4 } },
  });
});

it('without an earlier page, one that holds what the good run wrote; without its rows, none of another name', async () => {
  const { repairs, workspace, good } = await brokenJob();
  rmSync(getPersistentFiles(workspace.paths, 'shop').goodPages, { recursive: true });
  expect((await repairs()).broken).toMatchObject([
    { ...PRICE, proposal: { filled: 4, rows: 4, first: '£20.99', basis: 'earlier_rows' } },
  ]);
  rmSync(runFiles(workspace.paths, 'shop', good.run_id).items);
  const { broken } = await repairs();
  expect(broken).toMatchObject([PRICE]);
  expect(broken[0]).not.toHaveProperty('proposal');
});

it('nothing is broken any more in a configuration that was repaired since', async () => {
  const { repairs, workspace, yaml } = await brokenJob();
  await workspace.configs.write('shop', yaml.replace('.price_color', '.amount'));
  expect(await repairs()).toMatchObject({ broken: [], hasPage: true, problem: null });
  await workspace.configs.write('shop', 'url: [');
  expect(await repairs()).toMatchObject({ broken: [PRICE].map(({ field }) => ({ field, path: null })) });
  expect((await repairs()).problem).toContain('Its page was not compared');
});

it('without a kept page, what the run itself has found', async () => {
  const { repairs, workspace, broken } = await brokenJob();
  rmSync(runFiles(workspace.paths, 'shop', broken.run_id).pages, { recursive: true });
  expect(await repairs()).toMatchObject({
    ...{ hasPage: false, problem: null, before: null, after: null },
    broken: [{ field: 'price', path: null, matched: 0, usual: 4 }],
  });
});

it('another page in place of the one with the rows is named, and nothing is proposed for it', async () => {
  const form = '<title>Sign in</title><form><input type="email"><input type="password"></form>';
  const { repairs } = await brokenJob(form);
  expect(await repairs()).toMatchObject({ cause: 'sign_in', isOtherPage: true, broken: [], after: null });
});
