import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { NINE, openShop } from '../../sandbox/open-shop.ts';
import { bookshopRows } from '../../sandbox/rows.ts';
import { addRun } from './add-run.ts';
import { DAILY, openHome, refusal } from './open-home.ts';

it('three hours later some prices in the shop have changed, and nothing else', async () => {
  let now = NINE;
  const shop = await openShop({ now: () => now });
  const { workspace, call } = await openHome();
  await workspace.configs.write('shop', bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 3'));
  await call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  const run = async () => (await call('run_job', { job_id: 'shop', wait_seconds: 30 })).run.run_id;
  const first = await run();
  now = new Date(NINE.getTime() + 3 * 3_600_000);
  const second = await run();
  const prices = (at: Date) =>
    bookshopRows(at)
      .slice(0, 60)
      .map(({ price }) => price);
  const [early, late] = [prices(NINE), prices(now)];
  const changed = early.filter((price, index) => price !== late[index]).length;
  expect(changed).toBeGreaterThan(3);

  const answer = await call('compare_runs', { run_id: second, key: 'link', limit: 100 });
  expect(answer).toMatchObject({ run_id: second, with_run_id: first, key: 'link', added: 0, removed: 0 });
  const priced = answer.examples.filter(({ fields }) => fields?.includes('price'));
  expect(priced).toHaveLength(changed);
  expect(answer.changed + answer.unchanged).toBe(60);
  for (const { key, before, after } of answer.examples)
    expect([before?.['link'], after?.['link']]).toEqual([key, key]);

  const unsaid = await call('compare_runs', { run_id: second, limit: 100 });
  expect(unsaid).toEqual({ ...answer, key_from: 'items' });

  const whole = await call('compare_runs', { run_id: second, with_run_id: first, whole: true });
  expect(whole).toMatchObject({ key: null, key_from: null, changed: 0 });
  expect(whole).toMatchObject({ added: answer.changed, removed: answer.changed });
  expect(whole.examples).toHaveLength(Math.min(20, 2 * answer.changed));
  expect(whole.examples.every(({ key }) => key === null)).toBe(true);
});

it('the run to compare with is the newest earlier one of the job that succeeded', async () => {
  const home = await openHome();
  addRun(home, 'older', { items: [{ id: 1 }] });
  addRun(home, 'good', { items: [{ id: 1 }, { id: 2 }] });
  addRun(home, 'failed', { status: 'failed', items: [{ id: 1 }] });
  addRun(home, 'other', { job: 'other', items: [{ id: 7 }] });
  addRun(home, 'now', { items: [{ id: 2 }, { id: 3 }] });
  addRun(home, 'later', { items: [] });
  const answer = await home.call('compare_runs', { run_id: 'now', key: 'id' });
  expect(answer).toEqual({
    run_id: 'now',
    with_run_id: 'good',
    key: 'id',
    key_from: 'given',
    rules: [],
    added: 1,
    removed: 1,
    changed: 0,
    unchanged: 1,
    by_field: {},
    examples: [
      { kind: 'added', key: 3, after: { id: 3 } },
      { kind: 'removed', key: 1, before: { id: 1 } },
    ],
  });
  expect(await home.call('compare_runs', { run_id: 'now', with_run_id: 'other' })).toMatchObject({
    added: 2,
    removed: 1,
  });
  expect(await refusal(home.call('compare_runs', { run_id: 'older' }))).toMatchObject({
    code: 'run_not_found',
    field: 'with_run_id',
    message: 'no run of job mine before older succeeded, or it is no longer kept',
  });
});

it('a key that no item has is refused with the fields that there are', async () => {
  const home = await openHome();
  addRun(home, 'a', { items: [{ id: 1, price: 2 }] });
  addRun(home, 'b', { items: [{ id: 1, name: 'x' }] });
  expect(await refusal(home.call('compare_runs', { run_id: 'b', key: 'link' }))).toMatchObject({
    code: 'invalid_params',
    field: 'key',
    message: 'key: no item of the two runs has the field "link"',
    hint: 'Fields that items have: id, price, name.',
  });
});

it('items are matched by output.key of the configuration, one field or several, by default', async () => {
  const home = await openHome();
  const write = (key: string) =>
    home.workspace.configs.write('books', `url: "http://127.0.0.1:9/"\nselectors: {a: b}\noutput: ${key}\n`);
  // The link is unique and looks like a key; shop and place are what is meant.
  addRun(home, 'a', {
    items: [
      { shop: 'x', place: 1, link: '/1' },
      { shop: 'y', place: 1, link: '/2' },
    ],
  });
  addRun(home, 'b', {
    items: [
      { shop: 'x', place: 1, link: '/3' },
      { shop: 'y', place: 2, link: '/2' },
    ],
  });
  const compared = async (params = {}) => {
    const { key, key_from, added, changed, examples } = await home.call('compare_runs', {
      run_id: 'b',
      ...params,
    });
    return { by: [key, key_from], counts: [added, changed], keys: examples.map((example) => example.key) };
  };
  await write('{ format: sqlite, key: [shop, place] }');
  expect(await compared()).toEqual({
    by: ['shop, place', 'configuration'],
    ...{
      counts: [1, 1],
      keys: [
        ['x', 1],
        ['y', 2],
        ['y', 1],
      ],
    },
  });
  expect(await compared({ key: 'link' })).toMatchObject({ by: ['link', 'given'], counts: [1, 1] });
  expect(await compared({ whole: true })).toMatchObject({ by: [null, null], counts: [2, 0] });
  await write('{ format: sqlite, key: shop }');
  expect(await compared()).toMatchObject({ by: ['shop', 'configuration'], counts: [0, 2], keys: ['x', 'y'] });
  // What no item has, or a variable holds, tells nothing apart.
  for (const none of ['{ key: isbn }', '{ key: "${KEY}" }', '{ key: { a: 1 } }', '[', '{}']) {
    await write(none);
    expect(await compared()).toMatchObject({ by: ['link', 'items'] });
  }
  expect(await refusal(home.call('compare_runs', { run_id: 'b', key: 'shop', whole: true }))).toMatchObject({
    ...{ code: 'invalid_params', field: 'whole' },
  });
});

it('two runs without items are equal for any key', async () => {
  const home = await openHome();
  addRun(home, 'a', { items: [] });
  addRun(home, 'b', { items: [] });
  expect(await home.call('compare_runs', { run_id: 'b', key: 'link' })).toMatchObject({
    unchanged: 0,
    examples: [],
  });
});

it('runs that are not there, not over, never started or without their items are refused in words', async () => {
  const home = await openHome();
  addRun(home, 'good', { items: [{ id: 1 }] });
  addRun(home, 'skipped', { status: 'skipped' });
  addRun(home, 'gone', { items: null });
  addRun(home, 'active', { status: 'queued' });
  const why = async (run_id: string, with_run_id?: string) =>
    refusal(home.call('compare_runs', { run_id, ...(with_run_id !== undefined && { with_run_id }) }));
  expect(await why('none')).toMatchObject({ code: 'run_not_found', field: 'run_id' });
  expect(await why('good', 'none')).toMatchObject({ code: 'run_not_found', field: 'with_run_id' });
  expect(await why('good', 'active')).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/active has not finished/),
  });
  expect(await why('skipped', 'good')).toMatchObject({
    code: 'conflict',
    message: /never started \(skipped\)/,
  });
  expect(await why('gone', 'good')).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/the items of run gone are gone \(3\): /),
  });
  rmSync(runFiles(home.workspace.paths, 'mine', 'good').folder, { recursive: true });
  expect(await why('gone', 'good')).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/the items of run good are gone \(1\): /),
  });
});

it('an item has not changed by the time at which its page was fetched', async () => {
  const home = await openHome();
  const { workspace, call } = home;
  const yaml = 'url: "http://a.example/"\nselectors: {link: a, at: {page: fetched_at}}\n';
  await workspace.configs.write('books', yaml);
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const items = (hour: string, price: number) => [
    { link: '/a', at: `2026-11-25T${hour}:00:00Z`, price: 1 },
    { link: '/b', at: `2026-11-25T${hour}:00:01Z`, price },
  ];
  addRun(home, 'first', { items: items('09', 1) });
  addRun(home, 'second', { items: items('10', 2) });
  const answer = await call('compare_runs', { run_id: 'second' });
  expect(answer).toMatchObject({ key: 'link', added: 0, removed: 0, changed: 1, unchanged: 1 });
  expect(answer.examples).toMatchObject([{ kind: 'changed', key: '/b', fields: ['price'] }]);
});

it('what changes of the configuration leaves out does not count, unless all is asked for', async () => {
  const home = await openHome();
  const write = (changes: string) =>
    home.workspace.configs.write(
      'books',
      `url: "http://127.0.0.1:9/"\nselectors: {link: a, price: b, views: c}\nchanges: ${changes}\n`,
    );
  const item = (link: string, price: string, views: number) => ({ link, price, views });
  addRun(home, 'a', {
    items: [item('/1', '£10.00', 1), item('/2', '£10.00', 1), item('/3', '1.299,00 €', 1)],
  });
  addRun(home, 'b', {
    items: [
      item('/1', '£9.60', 2),
      item('/2', '£10.00', 2),
      item('/3', '1.234,05 €', 2),
      item('/4', '£1.00', 2),
    ],
  });
  const compared = async (params = {}) => {
    const found = await home.call('compare_runs', { run_id: 'b', ...params });
    const { added, removed, changed, unchanged, rules, warnings, key_from } = found;
    const examples = found.examples.map(({ kind, key, fields = [] }) => [kind, key, ...fields].join(' '));
    return { counts: [added, removed, changed, unchanged], examples, rules, key_from, warnings };
  };
  await write('{ignore: views, key: link}');
  expect(await compared()).toEqual({
    ...{ counts: [1, 0, 2, 1], rules: ['ignore'], key_from: 'configuration', warnings: undefined },
    examples: ['changed /1 price', 'changed /3 price', 'added /4'],
  });
  expect(await compared({ all: true })).toMatchObject({
    ...{ counts: [1, 0, 3, 0], rules: [] },
    examples: expect.arrayContaining(['changed /2 views', 'changed /1 price views']),
  });
  // A field that is named counts, also if it is ignored.
  expect(await compared({ fields: ['views'] })).toMatchObject({ counts: [1, 0, 3, 0], rules: [] });

  await write('{only: [changed], key: link, when: {price: {falls_by_percent: 5}}}');
  expect(await compared()).toMatchObject({
    ...{ counts: [0, 0, 1, 2], rules: ['only', 'when'] },
    examples: ['changed /3 price'],
  });
  const pages = await home.call('compare_runs', { run_id: 'b', limit: 1 });
  expect(pages.by_field).toMatchObject({ price: { changed: 1, down: 1, median_percent: -5 } });
  expect(pages.next_cursor).toBeUndefined();
  expect(await compared({ all: true })).toMatchObject({ counts: [1, 0, 3, 0] });

  // What cannot be read counts everything; a run says what is wrong with it.
  await write('{ignore: {a: 1}}');
  expect(await compared()).toMatchObject({ counts: [1, 0, 3, 0], rules: [], key_from: 'items' });
});

it('says what makes a comparison doubtful', async () => {
  const home = await openHome();
  await home.workspace.configs.write(
    'books',
    'url: "http://127.0.0.1:9/"\nselectors: {link: a, price: b}\nchanges: {key: link, when: {price: {falls_by: 1}}}\n',
  );
  const item = (link: string | null, price: string) => ({ link, price });
  addRun(home, 'a', { items: [item('/1', 'ask us'), item('/2', '£5'), item('/2', '£7'), item(null, '£9')] });
  addRun(home, 'b', {
    items: [item('/1', '£9'), item('/2', '£5'), item('/2', '£6'), item(null, '£8'), item('', '£7')],
  });
  expect(await home.call('compare_runs', { run_id: 'b' })).toMatchObject({
    ...{ added: 2, removed: 1, changed: 1, unchanged: 2 },
    warnings: [
      '2 items without link: compared as a whole, each change is one added and one removed',
      '1 item with the same link as another: such items are compared in their order; add a field to the key',
      'changes.when.price: no number in 1 changed item; give the field type: number or price',
    ],
  });
});

it('a run, its message to commands and a look at it count by the same definition', async () => {
  let now = NINE;
  const shop = await openShop({ now: () => now });
  const { workspace, call } = await openHome();
  const config = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 3');
  await workspace.configs.write('shop', `${config}\nchanges: {key: link, ignore: [price]}\n`);
  await call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  const run = async () => (await call('run_job', { job_id: 'shop', wait_seconds: 30 })).run;
  await run();
  now = new Date(NINE.getTime() + 3 * 3_600_000);
  const later = await run();
  const look = await call('compare_runs', { run_id: later.run_id });
  const { added, removed, changed, unchanged } = look;
  expect(later.changes).toMatchObject({ key: 'link', added, removed, changed, unchanged });
  const all = await call('compare_runs', { run_id: later.run_id, all: true });
  expect(all.changed).toBeGreaterThan(changed);
});
