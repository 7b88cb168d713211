import { rmSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import type { OperationName } from '../../../src/core/operations/operations.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { Site } from '../../scrape/site.ts';
import { DAILY, it, type OpenHome, openHome } from './open-home.ts';

const ROWS = ['A Light in the Attic', 'Tipping the Velvet', 'Soumission', 'Sapiens'];
const list = (price = 'price_color') =>
  `<title>Books</title>${ROWS.map((title, n) => `<article class="pod"><h3><a href="/b${n}">${title}</a></h3><p class="${price}">£${20 + n}.99</p></article>`).join('')}`;
const detail = (n: number, [tag, about] = ['tag', 'about']) =>
  `<title>${ROWS[n]}</title><h1>${ROWS[n]}</h1><p class="${about}">A long story, ${n}</p><p><i>red</i></p><div>${['red', 'green', `blue ${n}`].map((text) => `<b class="${tag}">${text}</b>`).join('')}</div>`;
const LOGIN = '<title>Welcome</title><form><input name="u"><input type="password" name="p"></form>';
const FOLLOW =
  'follow: { selector: h3 a, selectors: { about: .about, tags: { selector: .tag, multiple: true } } }\n';

/** A job of a site whose page has been good once. */
async function goodJob(more = '') {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/list', list());
  for (const n of ROWS.keys()) site.html(`/b${n}`, detail(n));
  const home = await openHome();
  const yaml = `url: "${site.url('/list')}"\nitem: article\nselectors: { title: h3 a, price: .price_color }\n${more}`;
  const job = await jobIn(home, yaml);
  expect((await job.run()).status).toBe('succeeded');
  return { ...home, ...job, site, yaml };
}

async function jobIn(home: OpenHome, yaml: string) {
  await home.workspace.configs.write('shop', yaml);
  await home.call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  const run = async () => (await home.call('run_job', { job_id: 'shop', wait_seconds: 45 })).run;
  const explain = (runId: string) => home.call('explain_run', { run_id: runId });
  return { run, explain, explainNext: async () => explain((await run()).run_id) };
}

type Told = Awaited<ReturnType<Awaited<ReturnType<typeof goodJob>>['explain']>>;
const said = ({ explanation }: Told) => explanation.join('\n');
const called = ({ next }: Told) => next.map(({ operation }) => operation as OperationName);

it('a consent page in place of the list: its text is shown, and the selectors are left alone', async () => {
  const { site, explainNext, call } = await goodJob();
  const texts = 'By clicking accept you agree to the processing of your personal data. '.repeat(15);
  for (const page of [
    '<title>Before you continue</title><form action="/consent/save"><p>We use cookies.</p><button>Accept all</button></form>',
    // A long one, whose words are in its heading only.
    `<title>Shop</title><div id="sp_message_container"><h2>We value your privacy</h2><p>${texts}</p><button>Accept</button></div>`,
  ]) {
    site.html('/list', page);
    const told = await explainNext();
    expect(told).toMatchObject({ cause: 'consent', changes: {}, page: { signs: ['consent'] } });
    expect(said(told)).toContain('The page asks for consent (cookies) in place of its content');
    expect(called(told)).toEqual(['get_page', 'test_config', 'get_config']);
    expect(told.next[1]?.why).toContain('headers.Cookie');
    // Where the selectors are not at fault, what is near to them is no help.
    expect(JSON.stringify(told.selectors)).not.toContain('nearest');
    expect((await call('get_page', told.next[0]?.params as never)).outline).not.toBeNull();
  }
});

it('a redirect to a sign-in, also to one that asks for a name first, and one to another page', async () => {
  const { site, explainNext } = await goodJob();
  site.on('/list', (_, response) => void response.writeHead(302, { location: '/login?next=/list' }).end());
  for (const page of [LOGIN, '<title>Welcome</title><form><input type="email" name="u"></form>']) {
    site.html('/login', page);
    const told = await explainNext();
    expect(told).toMatchObject({ cause: 'sign_in', page: { now: { url: site.url('/login?next=/list') } } });
    expect(said(told)).toContain(
      `It was fetched from ${site.url('/login?next=/list')}, on the last good run`,
    );
    expect(called(told)).toEqual(['get_page', 'get_config', 'test_config']);
    expect(told.next[1]?.why).toContain('secrets.env');
  }
  site.on('/list', (_, response) => void response.writeHead(301, { location: '/start' }).end());
  site.html('/start', '<title>Shop</title><h1>Our new shop</h1><p>Welcome to the shop that is new.</p>');
  const moved = await explainNext();
  expect(moved).toMatchObject({ cause: 'moved', changes: {}, page: { now: { url: site.url('/start') } } });
  expect(said(moved)).toContain('The address leads to another page now');
  expect(moved.next).toContainEqual(
    expect.objectContaining({ operation: 'get_page', params: { url: site.url('/') } }),
  );
  // The same list at another address is no move: its rows are there.
  site.html('/start', list('amount'));
  expect(await explainNext()).toMatchObject({
    cause: 'page_changed',
    changes: { 'selectors.price': '.amount' },
  });
});

it('a list without rows, by what it says or by its empty element: the selectors are left alone', async () => {
  const { site, call, explainNext, run } = await goodJob();
  for (const page of [
    '<title>Books</title><article class="none">No books found. Try other words.</article>',
    '<title>Books</title><p>Leider keine Treffer für diese Suche</p>',
  ]) {
    site.html('/list', page.replaceAll('article', 'p'));
    const told = await explainNext();
    expect(told).toMatchObject({ cause: 'empty_list', changes: {}, page: { signs: ['empty_list'] } });
    expect(said(told)).toContain('The list itself is empty');
    expect(called(told)).toEqual(['get_page', 'save_config']);
    expect(JSON.stringify(told.selectors)).not.toContain('nearest');
  }
  const told = await explainNext();
  await call('save_config', told.next[1]?.params as never);
  expect(await run()).toMatchObject({ status: 'succeeded', items: 0 });
});

it('rows with the found selectors have the shape of stored rows: a price is one', async () => {
  const { site, workspace, yaml, run, explainNext, call } = await goodJob();
  const price = 'price: { selector: .price_color, type: price }';
  await workspace.configs.write('shop', yaml.replace('price: .price_color', price));
  const { run_id } = await run();
  const { items } = await call('list_items', { run_id });
  site.html('/list', list('amount'));
  const { after } = await explainNext();
  expect(after?.sample['price']).toEqual({ amount: 20.99, currency: 'GBP' });
  expect(after?.sample['price']).toEqual((items[0] as Record<string, unknown>)['price']);
});

it('a file or data in place of the page is no change of the page', async () => {
  const { site, explainNext } = await goodJob();
  const answerWith = (type: string, body: string | Buffer) =>
    site.on('/list', (_, response) => void response.writeHead(200, { 'content-type': type }).end(body));
  answerWith('application/octet-stream', Buffer.from([0, 1, 2, 255, 254, 0]));
  const file = await explainNext();
  expect(file).toMatchObject({ cause: 'not_a_page', changes: {} });
  expect(said(file)).toContain('a file (application/octet-stream) in place of a page');
  expect(called(file)).toEqual(['get_config', 'test_config']);
  answerWith('application/json; charset=utf-8', '{"items": []}');
  expect(said(await explainNext())).toContain('The address answered with JSON in place of a page');
});

it('a site that asks to wait: until when, and longer delays to save; it is not run again at once', async () => {
  const { site, explainNext, call, workspace, yaml } = await goodJob();
  site.on('/list', (_, response) => void response.writeHead(429, { 'retry-after': '3600' }).end());
  const fast = await explainNext();
  expect(fast).toMatchObject({ cause: 'http', page: null, selectors: [] });
  expect(said(fast)).toMatch(/\(HTTP 429\).* It asks to wait 1 h: until 20\d\d-.*\./);
  expect(called(fast)).toEqual(['get_config', 'save_config', 'run_job']);
  expect(fast.next[2]?.why).toMatch(/^not before 20\d\d-/);
  await call('save_config', fast.next[1]?.params as never);
  expect(workspace.configs.read('shop').yaml).toContain('delays: { type: random, min: 3, max: 8 }');
  await workspace.configs.write('shop', yaml);
  site.on('/list', (_, response) => void response.writeHead(403, { 'retry-after': '7200' }).end());
  const refused = await explainNext();
  expect(said(refused)).toMatch(/refuses access to the page \(HTTP 403\).* It asks to wait 2 h: until /);
  expect(called(refused)).toEqual(['get_config', 'run_job']);
  site.on('/list', (_, response) => void response.writeHead(404).end());
  const gone = await explainNext();
  expect(called(gone)).toEqual(['get_config', 'get_page', 'test_config']);
  expect(gone.next[1]?.params).toEqual({ url: site.url('/') });
});

it('a job imported from another home: without a history, what matches nothing is named, with what is near', async () => {
  const { site, call, yaml } = await goodJob();
  const { bundle } = await call('export', { config_names: ['shop'] });
  const copy = (bundle as unknown as { configs: Record<string, string> }).configs['shop'] ?? '';
  expect(copy).toBe(yaml);
  site.html('/list', list('amount'));
  const job = await jobIn(await openHome(), copy);
  const first = await job.explainNext();
  expect(first).toMatchObject({
    cause: 'good',
    selectors: [{ field: 'price', before: null, now: 0, nearest: { near: ['.amount ×4', '.pod ×4'] } }],
  });
  expect(said(first)).toContain('price matched nothing in it, and no earlier run of this job says');
  expect(called(first)).toEqual(['get_page', 'test_config']);
  // One that never was good.
  site.html('/list', list().replaceAll('article', 'section'));
  const other = await openHome();
  const never = await jobIn(other, copy);
  const told = await never.explainNext();
  expect(told).toMatchObject({
    ...{ cause: 'selectors_stopped', page: { before: null }, since: { last_good_run: null } },
    selectors: [{ part: 'item', selector: 'article', before: null, now: 0 }],
  });
  expect(said(told)).toContain('No good run has kept an earlier page');
  expect(called(told)).toEqual(['propose_config', 'get_page', 'test_config']);
  const proposed = await other.call('propose_config', told.next[0]?.params as never);
  expect(proposed.yaml).toContain('h3');
});

it('a run whose pages were deleted: the next run keeps one, which is compared', async () => {
  const { workspace, site, run, explain, call } = await goodJob('expect: { required_fields: [price] }\n');
  site.html('/list', list('amount'));
  const { run_id } = await run();
  const { pages, folder } = runFiles(workspace.paths, 'shop', run_id);
  for (const deleted of [pages, folder]) {
    rmSync(deleted, { recursive: true });
    const told = await explain(run_id);
    expect(told).toMatchObject({ cause: 'selectors_stopped', page: null, changes: {} });
    expect(said(told)).toContain('Its page was not kept');
    expect(called(told)).toEqual(['run_job', 'get_page']);
    expect(told.next[0]?.why).toContain('explain_run');
  }
  const again = await call('run_job', { job_id: 'shop', wait_seconds: 45 });
  expect(await explain(again.run.run_id)).toMatchObject({ changes: { 'selectors.price': '.amount' } });
});

it('a redesign: rows and fields are found by the old values, and the changes work', async () => {
  const { site, run, explain, call } = await goodJob();
  const cards = ROWS.map(
    (title, n) =>
      `<div class="card"><a class="name" href="/b${n}">${title}</a><span class="cost">£${20 + n}.99</span></div>`,
  );
  site.html('/list', `<title>Books</title><main class="grid">${cards.join('')}</main>`);
  const told = await explain((await run()).run_id);
  expect(told).toMatchObject({
    cause: 'page_changed',
    changes: { item: 'div.card', 'selectors.title': '.name', 'selectors.price': '.cost' },
    after: { rows: 4, sample: { title: ROWS[0], price: '£20.99' } },
  });
  expect(await call('test_config', told.next[0]?.params as never)).toMatchObject({ items: 4, error: null });
});

it('detail pages whose fields broke: they are the pages shown, a list is repaired, and the changes work', async () => {
  const { site, run, explain, explainNext, call } = await goodJob(FOLLOW);
  for (const n of ROWS.keys()) site.html(`/b${n}`, detail(n, ['label', 'text']));
  const { run_id } = await run();
  const told = await explain(run_id);
  expect(told).toMatchObject({
    ...{ cause: 'page_changed', changes: { 'follow.selectors.tags': '.label' } },
    page: { now: { url: site.url('/b0') }, gone: ['.tag ×3', '.about ×1'] },
    after: { rows: 1, sample: { about: 'A long story, 0', tags: ['red', 'green', 'blue 0'] } },
  });
  expect(said(told)).toContain('The detail page has changed: about, tags match less');
  const tried = await call('test_config', told.next[0]?.params as never);
  expect(tried.sample[0]).toMatchObject({ about: 'A long story, 0', tags: ['red', 'green', 'blue 0'] });

  for (const n of ROWS.keys()) site.html(`/b${n}`, LOGIN);
  const asked = await explainNext();
  expect(asked).toMatchObject({ cause: 'sign_in', page: { now: { url: site.url('/b0') } } });
  const shown = await call('get_page', asked.next[0]?.params as never);
  expect(shown.url).toBe(site.url('/b0'));

  for (const n of ROWS.keys()) site.on(`/b${n}`, (_, response) => void response.writeHead(404).end());
  const gone = await explainNext();
  expect(said(gone)).toContain('4 of 4 detail pages are gone (HTTP 404)');
  expect(gone).toMatchObject({ cause: 'http', selectors: [] });
  expect(called(gone)).toEqual(['get_page', 'get_config', 'test_config']);
});

it('an XPath that broke: how far it gets, on the page of the run and in a test', async () => {
  const { site, run, explain, call } = await goodJob();
  await call('save_config', {
    config_name: 'shop',
    changes: { 'selectors.price': 'xpath:.//p[@class="price_color"]/text()' },
  });
  await run();
  site.html('/list', `${list('price-colour').replaceAll(/£\d+/g, '£9')}`);
  const { run_id } = await run();
  const nearest = {
    ...{ prefix: 'xpath:.//p', matched: 4, missing: '[@class="price_color"]' },
    near: ['.price-colour ×4'],
  };
  const told = await explain(run_id);
  const [price] = told.selectors;
  expect(price).toMatchObject({ field: 'price', before: 4, now: 0 });
  if (Object.keys(told.changes).length === 0) expect(price?.nearest).toEqual(nearest);
  const tried = await call('test_config', { config_name: 'shop', run_id });
  expect(tried.matches.find(({ field }) => field === 'price')).toMatchObject({ matched: 0, nearest });
});
