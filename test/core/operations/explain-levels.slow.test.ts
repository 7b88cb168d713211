import { expect, onTestFinished } from 'vitest';
import { Site } from '../../scrape/site.ts';
import { DAILY, it, openHome } from './open-home.ts';

const YAML = `item: li
selectors: { title: a }
follow:
  selector: a
  selectors: { isbn: .isbn }
  follow: { selector: a.maker, selectors: { city: .city } }
expect: { required_fields: [city] }
`;

interface Names {
  maker?: string;
  city?: string;
}

function show(site: Site, { maker = 'maker', city = 'city' }: Names) {
  const names = ['a', 'b', 'c', 'd'];
  site.html('/list', `<ul>${names.map((n) => `<li><a href="/b/${n}">Book ${n}</a></li>`).join('')}</ul>`);
  for (const n of names) {
    site.html(
      `/b/${n}`,
      `<h1>Book ${n}</h1><p class="isbn">97${n}</p><a class="${maker}" href="/m/${n}">House of ${n}</a>`,
    );
    site.html(`/m/${n}`, `<h1>House of ${n}</h1><p class="${city}">City of ${n}</p><p>since 1900</p>`);
  }
}

it('a page of a further level that changed, and the link to it: which selector, and what to write', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const { workspace, call } = await openHome();
  await workspace.configs.write('shop', `url: "${site.url('/list')}"\n${YAML}`);
  await call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  const run = async () => (await call('run_job', { job_id: 'shop', wait_seconds: 45 })).run;
  show(site, {});
  expect(await run()).toMatchObject({ status: 'succeeded', items: 4 });

  show(site, { city: 'town' });
  const changedField = await call('explain_run', { run_id: (await run()).run_id });
  expect(changedField).toMatchObject({
    cause: 'page_changed',
    changes: { 'follow.follow.selectors.city': expect.stringContaining('town') },
  });

  show(site, { maker: 'house' });
  const { run_id } = await run();
  const changedLink = await call('explain_run', { run_id });
  expect(changedLink).toMatchObject({
    cause: 'page_changed',
    changes: { 'follow.follow.selector': expect.stringContaining('house') },
  });
  const told = await call('get_run', { run_id });
  expect(told.run.checks).toMatchObject([
    {
      field: 'city',
      message: expect.stringContaining('follow.follow.selector (a.maker) matched nothing'),
    },
  ]);
  expect(told.selectors).toContainEqual(
    expect.objectContaining({ part: 'follow', field: 'follow.follow.selector', matched: 0, stopped: true }),
  );

  await call('save_config', { config_name: 'shop', changes: changedLink.changes });
  expect(await run()).toMatchObject({ status: 'succeeded', items: 4 });
  // The pages that the good run kept are enough for a test.
  const kept = await call('test_config', { config_name: 'shop', run_id: (await run()).run_id });
  expect(kept).toMatchObject({
    source: 'kept page',
    page_list: [{ role: 'detail' }, { role: 'detail', level: 2 }, { role: 'rows' }],
    sample: [{ title: 'Book a', isbn: '97a', city: 'City of a' }, { city: null }, {}, {}],
  });
});
