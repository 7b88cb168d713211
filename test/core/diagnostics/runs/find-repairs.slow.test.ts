import { rmSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { findRepairs } from '../../../../src/core/diagnostics/runs/find-repairs.ts';
import { getPersistentFiles, runFiles } from '../../../../src/core/runs/run-files.ts';
import { Site } from '../../../scrape/site.ts';
import { DAILY, it, openHome } from '../../operations/open-home.ts';

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
  const repairs = (options = {}) => findRepairs(workspace, broken.run_id, options);
  return { site, call, workspace, yaml, good, broken, repairs };
}

const PRICE = { part: 'field', field: 'price', path: 'selectors.price', selector: '.price_color' };

it('a broken selector, with what it matched, what is usual, and one that holds the values of the earlier page', async () => {
  const { repairs, broken } = await brokenJob();
  expect(await repairs()).toMatchObject({
    ...{ runId: broken.run_id, cause: 'page_changed', isOtherPage: false, page: 'kept', problem: null },
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
  const found = await repairs();
  expect(found).toMatchObject({ broken: [], isChangedSince: true, page: 'kept', problem: null });
  expect(found.explanation[0]).toMatch(
    /^The configuration was changed since this run: .* of price, and all /,
  );
  await workspace.configs.write('shop', 'url: [');
  expect(await repairs()).toMatchObject({ broken: [PRICE].map(({ field }) => ({ field, path: null })) });
  expect((await repairs()).problem).toContain('Its page was not compared');
});

it('without a kept page, what the run itself has found', async () => {
  const { repairs, workspace, broken } = await brokenJob();
  rmSync(runFiles(workspace.paths, 'shop', broken.run_id).pages, { recursive: true });
  expect(await repairs()).toMatchObject({
    ...{ page: 'none', problem: null, before: null, after: null },
    broken: [{ field: 'price', path: null, matched: 0, usual: 4 }],
  });
});

it('another page in place of the one with the rows is named, and nothing is proposed for it', async () => {
  const form = '<title>Sign in</title><form><input type="email"><input type="password"></form>';
  const { repairs } = await brokenJob(form);
  expect(await repairs()).toMatchObject({ cause: 'sign_in', isOtherPage: true, broken: [], after: null });
});

it('a field that one row of the page lacks: a second selector that has it there', async () => {
  const special = list('price_color').replace('class="price_color">£22', 'class="price_special">£22');
  const { repairs } = await brokenJob(special);
  expect((await repairs()).broken).toMatchObject([
    {
      ...{ ...PRICE, matched: 3, usual: 4, gaps: 1 },
      proposal: { value: '.price_color, .price_special', filled: 4, rows: 4 },
    },
  ]);
});

describe('from the live page', () => {
  const SIGN_IN = '<title>Sign in</title><form><input type="email"><input type="password"></form>';
  const live = { live: true };

  it('a selector is proposed where the run kept no page, and only then the site is asked', async () => {
    const { repairs, workspace, broken, site } = await brokenJob();
    rmSync(runFiles(workspace.paths, 'shop', broken.run_id).pages, { recursive: true });
    const before = site.visitsOf('/list').length;
    await repairs();
    expect(site.visitsOf('/list')).toHaveLength(before);
    expect(await repairs(live)).toMatchObject({
      ...{ page: 'live', isOtherPage: false, problem: null },
      broken: [
        {
          ...{ ...PRICE, matched: 0, usual: 4 },
          proposal: { value: '.amount', filled: 4, rows: 4, first: '£20.99', basis: 'earlier_page' },
        },
      ],
      before: { rows: 4, first: { price: null } },
      after: { rows: 4, first: { price: '£20.99' } },
    });
    expect(site.visitsOf('/list')).toHaveLength(before + 1);
  });

  it('the unsaved text is tried, if there is one', async () => {
    const { repairs, yaml } = await brokenJob();
    const repaired = yaml.replace('.price_color', '.amount');
    expect(await repairs({ ...live, yaml: repaired })).toMatchObject({ broken: [], page: 'live' });
  });

  it('a selector is proposed where the kept page is a sign-in, and none where the live one is', async () => {
    const { repairs, site } = await brokenJob(SIGN_IN);
    expect(await repairs(live)).toMatchObject({ page: 'live', isOtherPage: true, broken: [], after: null });
    site.html('/list', list('price-colour'));
    expect(await repairs()).toMatchObject({ page: 'kept', isOtherPage: true });
    expect(await repairs(live)).toMatchObject({
      isOtherPage: false,
      broken: [{ ...PRICE, proposal: { value: '.price-colour' } }],
    });
  });

  it('nothing is broken where the site is as it was', async () => {
    const { repairs, site } = await brokenJob(SIGN_IN);
    site.html('/list', list('price_color'));
    expect(await repairs(live)).toMatchObject({ isOtherPage: false, broken: [] });
  });

  it('the error of the site is said, and robots.txt is obeyed', async () => {
    const { repairs, site } = await brokenJob();
    site.on('/list', (_, response) => void response.writeHead(404).end());
    await expect(repairs(live)).rejects.toThrow(/404/);
    site.html('/list', list('amount'));
    site.robots = { status: 200, body: 'User-agent: *\nDisallow: /list' };
    await expect(repairs(live)).rejects.toThrow('robots.txt');
  });

  it('it ends when it is cancelled', async () => {
    const { repairs, site } = await brokenJob();
    const controller = new AbortController();
    site.on('/list', () => controller.abort());
    await expect(repairs({ ...live, signal: controller.signal })).rejects.toThrow('cancelled');
  });

  it('the field of a detail page is repaired on the first one', async () => {
    const { site, workspace, call } = await brokenJob();
    site.html('/list', list('amount'));
    const detail = (name: string) => `<title>Book</title><h1>A book</h1><p class="${name}">Oscar Wilde</p>`;
    for (const n of ROWS.keys()) site.html(`/b${n}`, detail('author'));
    const yaml = `url: "${site.url('/list')}"\nitem: article\nselectors: { title: h3 a }\nfollow: { selector: h3 a, selectors: { author: p.author } }\ndelays: { type: fixed, value: 0 }\n`;
    await workspace.configs.write('shop', yaml);
    const { run } = await call('run_job', { job_id: 'shop', wait_seconds: 45 });
    expect(run.status).toBe('succeeded');
    for (const n of ROWS.keys()) site.html(`/b${n}`, detail('writer'));
    const { broken } = await findRepairs(workspace, run.run_id, live);
    expect(broken).toMatchObject([
      {
        field: 'author',
        path: 'follow.selectors.author',
        proposal: { value: expect.stringContaining('writer') },
      },
    ]);
    expect(site.visitsOf('/b1').length).toBe(1);
  });

  it('a path of JSON is repaired', async () => {
    const { site, workspace, call } = await brokenJob();
    const json = (key: string) =>
      JSON.stringify({ results: ROWS.map((title, n) => ({ title, offer: { [key]: n + 1 } })) });
    const answer = (key: string) =>
      site.on('/list', (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(json(key)),
      );
    answer('price');
    const yaml = `url: "${site.url('/list')}"\nitem: 'json:$.results[*]'\nselectors: { title: 'json:$.title', price: 'json:$.offer.price' }\n`;
    await workspace.configs.write('shop', yaml);
    const { run } = await call('run_job', { job_id: 'shop', wait_seconds: 45 });
    expect(run.status).toBe('succeeded');
    answer('amount');
    const { broken } = await findRepairs(workspace, run.run_id, live);
    expect(broken).toMatchObject([
      {
        field: 'price',
        matched: 0,
        usual: 4,
        proposal: { value: 'json:$.offer.amount', filled: 4, first: 1 },
      },
    ]);
  });
});
