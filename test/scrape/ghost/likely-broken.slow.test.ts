import { expect, it } from 'vitest';
import { SHOP, shopJob, show } from './shop.ts';

const LIST = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;
const BROKEN = { ...SHOP, pager: () => '<a class="more" href="/list?page=2">2</a>' };

it('a next link that matches nothing any more fails the run before it writes, with the selector and its page', async () => {
  const job = await shopJob(LIST, (site) => show(site, SHOP));
  await job.goodRuns();
  const good = job.file();
  show(job.site, BROKEN);
  const { run, selectors, kept_pages } = await job.run();
  expect(run).toMatchObject({ status: 'failed', items: 20, pages: 1, output_path: null });
  expect(run.error?.message).toMatch(
    /^20 items from 1 page, usually 200 from 10 \(median of 3 good runs\); the selector of the next page \(li\.next a\) does not match the link to a further page on 1 page/,
  );
  expect(run.error?.message).toContain('set expect.usual_since of the job to now');
  expect(run.checks).toMatchObject([
    {
      ...{ check: 'likely_broken', passed: false, found: 20, expected: 100, usual: 200, good_runs: 3 },
      suspect: { part: 'pagination', field: 'pagination.selector', matched: 1, usual: 10 },
    },
  ]);
  expect(selectors.slice(0, 2)).toMatchObject([
    { part: 'item', field: 'item', matched: 20, pages: 1, filled: 20 },
    { part: 'pagination', field: 'pagination.selector', matched: 0, pages: 0, filled: 0 },
  ]);
  expect(kept_pages).toMatchObject([{ url: job.site.url('/list') }]);
  expect(job.file()).toBe(good);

  // On the kept page the selector can be mended.
  const tried = await job.call('test_config', {
    yaml: LIST.replaceAll('{site}', 'http://127.0.0.1:9').replace('li.next a', 'a.more'),
    run_id: run.run_id,
  });
  expect(tried.matches).toContainEqual(
    expect.objectContaining({ part: 'pagination', selector: 'a.more', matched: 1 }),
  );

  // One that is mended wrongly fails as well.
  await job.configure(LIST.replace('li.next a', 'a.fwd'));
  expect((await job.run()).run).toMatchObject({ status: 'failed', checks: [{ check: 'likely_broken' }] });
  expect(job.file()).toBe(good);

  // What somebody says of it goes before.
  await job.call('update_job', { job_id: 'shop', changes: { expect: { min_items: 20 } } });
  const said = await job.run();
  expect(said.run).toMatchObject({ status: 'succeeded', checks: [{ check: 'min_items', passed: true }] });
  job.forget(said.run.run_id);
  await job.call('update_job', { job_id: 'shop', changes: { expect: { likely_broken: false } } });
  const off = await job.run();
  expect(off).toMatchObject({ run: { status: 'succeeded', items: 20, checks: [] }, warnings: [] });
  job.forget(off.run.run_id);
  await job.call('update_job', {
    job_id: 'shop',
    changes: { expect: { min_items: 20, likely_broken: true } },
  });
  expect((await job.run()).run).toMatchObject({
    status: 'failed',
    checks: [{ check: 'min_items', passed: true }, { check: 'likely_broken' }],
  });
  await job.call('update_job', {
    job_id: 'shop',
    changes: { expect: { usual_since: new Date().toISOString() } },
  });
  expect((await job.run()).run).toMatchObject({ status: 'succeeded', items: 20, checks: [] });
});

it('where rows are added to a file, none of such a run are', async () => {
  const job = await shopJob(`${LIST}\noutput: { append: true }`, (site) => show(site, SHOP), {
    on_change: ['sh', '-c', 'echo changed >> changed'],
  });
  await job.goodRuns();
  const good = job.file();
  show(job.site, BROKEN);
  expect((await job.run()).run).toMatchObject({ status: 'failed', changes: null });
  expect(job.file()).toBe(good);
});

it('without three good runs, or with another extent, there is nothing to compare with', async () => {
  const job = await shopJob(LIST, (site) => show(site, SHOP));
  await job.goodRuns();
  job.forget('earlier1');
  show(job.site, BROKEN);
  const few = await job.run();
  expect(few).toMatchObject({ run: { status: 'succeeded', items: 20 }, warnings: [] });
  job.forget(few.run.run_id);
  const other = await shopJob(LIST, (site) => show(site, SHOP));
  await other.goodRuns();
  await other.configure(LIST.replace('li.next a', 'li.next a, max_pages: 1'));
  expect(await other.run()).toMatchObject({
    run: { status: 'succeeded', items: 20 },
    warnings: [],
  });
});
