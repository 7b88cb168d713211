import { statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { NINE, openShop } from '../../sandbox/open-shop.ts';
import { waitFor } from '../../wait-for.ts';
import { addRun } from './add-run.ts';
import { DAILY, openHome, refusal } from './open-home.ts';

const CONFIG = `url: https://shop.example/
item: li
selectors: {id: .id, price: .price, stock: .stock, name: .name}
changes: {key: id}
history: [price, stock]
`;

type Home = Awaited<ReturnType<typeof openHome>>;

async function openShopHome(yaml = CONFIG): Promise<Home> {
  const home = await openHome();
  await home.workspace.configs.write('mine', yaml);
  await home.call('create_job', {
    job_id: 'mine',
    config_name: 'mine',
    schedule: { ...DAILY, timezone: 'Europe/Berlin' },
  });
  return home;
}

const lamp = (price: unknown, stock: unknown = 'yes') => ({ id: 'lamp', price, stock, name: 'Lamp' });
const chair = (price: unknown) => ({ id: 'chair', price, stock: 'yes', name: 'Chair' });

it('only the values that have changed are kept, with the run and its time', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp('£20.00'), chair('£99.00')] });
  addRun(home, 'two', { items: [lamp('£20.00'), chair('£99.00')] });
  addRun(home, 'three', { items: [lamp('£15.00', null), chair('£99.00')] });
  const answer = await home.call('get_item_history', { job_id: 'mine', key: 'lamp' });
  expect(answer).toMatchObject({
    key_fields: ['id'],
    fields: ['price', 'stock'],
    rows: 2,
    key: 'lamp',
    gone: false,
    total: 4,
    values: [
      { field: 'price', value: '£15.00', run_id: 'three', percent: -25 },
      { field: 'stock', value: null, run_id: 'three' },
      { field: 'price', value: '£20.00', run_id: 'one' },
      { field: 'stock', value: 'yes', run_id: 'one' },
    ],
    figures: [
      {
        field: 'price',
        values: 2,
        first: { value: '£20.00' },
        current: { value: '£15.00' },
        lowest: { value: '£15.00', run_id: 'three' },
        highest: { value: '£20.00', run_id: 'one' },
      },
      { field: 'stock', values: 2, current: { value: null } },
    ],
  });
  expect(answer.values[1]).not.toHaveProperty('gone');
});

it('a row that vanishes has the value null, and its values again when it is back', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20), chair(99)] });
  addRun(home, 'two', { items: [chair(99)] });
  addRun(home, 'three', { items: [chair(99)] });
  const gone = await home.call('get_item_history', { job_id: 'mine', key: 'lamp', fields: ['price'] });
  expect(gone.gone).toBe(true);
  addRun(home, 'four', { items: [lamp(20), chair(99)] });
  const back = await home.call('get_item_history', { job_id: 'mine', key: 'lamp', fields: ['price'] });
  expect(back.gone).toBe(false);
  expect(back.values.map(({ run_id, value, gone }) => [run_id, value, gone])).toEqual([
    ['four', 20, undefined],
    ['two', null, true],
    ['one', 20, undefined],
  ]);
});

it('without a key it names the newest and the largest changes, page by page', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20), chair(100)] });
  addRun(home, 'two', { items: [lamp(30), chair(90)] });
  addRun(home, 'three', { items: [lamp(15), chair(91)] });
  const of = async (params: object) =>
    (await home.call('get_item_history', { job_id: 'mine', ...params })).values.map(
      ({ key, run_id, before, value, percent }) => [key, run_id, before, value, percent],
    );
  expect(await of({ sort: 'fall' })).toEqual([
    ['lamp', 'three', 30, 15, -50],
    ['chair', 'two', 100, 90, -10],
  ]);
  expect(await of({ sort: 'rise', limit: 1 })).toEqual([['lamp', 'two', 20, 30, 50]]);
  expect((await of({})).slice(0, 2)).toEqual([
    ['lamp', 'three', 30, 15, -50],
    ['chair', 'three', 90, 91, 1.11],
  ]);
  const first = await home.call('get_item_history', { job_id: 'mine', limit: 3 });
  addRun(home, 'four', { items: [lamp(1), chair(1)] });
  const rest = await home.call('get_item_history', { job_id: 'mine', limit: 20, cursor: first.next_cursor });
  expect([...first.values, ...rest.values].map(({ key, value }) => `${key} ${value}`)).toEqual([
    'lamp 15',
    'chair 91',
    'lamp 30',
    'chair 90',
    'lamp 20',
    'lamp yes',
    'chair 100',
    'chair yes',
  ]);
  expect(rest).not.toHaveProperty('next_cursor');
});

it('an unknown key, an unknown field and a key with other parts are refused with near ones', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20), chair(99)] });
  const call = (params: object) => refusal(home.call('get_item_history', { job_id: 'mine', ...params }));
  expect(await call({ key: 'lmap' })).toMatchObject({
    code: 'invalid_params',
    field: 'key',
    hint: 'Did you mean lamp?',
  });
  expect(await call({ key: 'LAM' })).toMatchObject({ hint: 'Did you mean lamp?' });
  expect(await call({ fields: ['prise'] })).toMatchObject({ field: 'fields', hint: 'Did you mean price?' });
  expect(await call({ key: ['lamp', 1] })).toMatchObject({
    message: /2 values given, and the key has 1: id/,
  });
});

it('a configuration without history, and a job without runs, say so', async () => {
  const home = await openShopHome(CONFIG.replace(/history.*\n/, ''));
  expect(await refusal(home.call('get_item_history', { job_id: 'mine' }))).toMatchObject({
    code: 'conflict',
    message: 'configuration mine of job mine keeps no history',
  });
  await home.workspace.configs.write('mine', CONFIG);
  expect(await home.call('get_item_history', { job_id: 'mine' })).toMatchObject({
    rows: 0,
    values: [],
    fields: ['price', 'stock'],
    hint: /next run that succeeds/,
  });
});

it('numbers and texts are found as a key, and so are several fields', async () => {
  const yaml = CONFIG.replace('key: id', 'key: [id, name]');
  const home = await openShopHome(yaml);
  addRun(home, 'one', {
    items: [
      { id: 7, name: 'A', price: 1 },
      { id: '7', name: 'B', price: 2 },
    ],
  });
  const price = async (key: (string | number)[]) =>
    (await home.call('get_item_history', { job_id: 'mine', key })).figures?.[0]?.current.value;
  expect(await price(['7', 'A'])).toBe(1);
  expect(await price([7, 'A'])).toBe(1);
  expect(await price(['7', 'B'])).toBe(2);
});

it('of rows with the same key the first counts, and rows without a key are left out', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20), lamp(21), { id: '', price: 3 }, { price: 4 }] });
  const answer = await home.call('get_item_history', { job_id: 'mine' });
  expect(answer).toMatchObject({ rows: 1, values: [{ value: 20 }, { value: 'yes' }] });
});

it('a value of ten megabytes is cut, and a change at its end is seen', async () => {
  const home = await openShopHome();
  const long = 'x'.repeat(10_000_000);
  addRun(home, 'one', { items: [lamp(1, `${long}a`)] });
  addRun(home, 'two', { items: [lamp(1, `${long}b`)] });
  const answer = await home.call('get_item_history', { job_id: 'mine', key: 'lamp', fields: ['stock'] });
  expect(answer.total).toBe(2);
  for (const { value } of answer.values) expect(value).toMatch(/^x{900,1000}…$/);
  expect(statSync(getPersistentFiles(home.workspace.paths, 'mine').history).size).toBeLessThan(200_000);
});

it('with another key the history begins anew, and goes on with the old one when it is back', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20)] });
  await home.call('get_item_history', { job_id: 'mine' });
  await home.workspace.configs.write('mine', CONFIG.replace('key: id', 'key: name'));
  addRun(home, 'two', { items: [lamp(30)] });
  const other = await home.call('get_item_history', { job_id: 'mine', key: 'Lamp', fields: ['price'] });
  expect(other.values.map(({ value }) => value)).toEqual([30, 20]);
  await home.workspace.configs.write('mine', CONFIG);
  const again = await home.call('get_item_history', { job_id: 'mine', key: 'lamp', fields: ['price'] });
  expect(again).toMatchObject({ rows: 1, total: 2 });
});

it('a damaged file is an error that says what to do', async () => {
  const home = await openShopHome();
  addRun(home, 'one', { items: [lamp(20)] });
  await home.call('get_item_history', { job_id: 'mine' });
  const { history } = getPersistentFiles(home.workspace.paths, 'mine');
  writeFileSync(history, 'x'.repeat(20_000));
  expect(await refusal(home.call('get_item_history', { job_id: 'mine' }))).toMatchObject({
    code: 'store_unavailable',
    message: `the history of rows is damaged: ${history}`,
    hint: /Move the file away/,
  });
});

it('values of secrets are not kept', async () => {
  const home = await openShopHome();
  writeFileSync(home.workspace.paths.secrets, 'TOKEN=hunter2hunter2\n', { mode: 0o600 });
  addRun(home, 'one', { items: [{ ...lamp('hunter2hunter2'), id: 'a?token=hunter2hunter2' }] });
  const answer = await home.call('get_item_history', { job_id: 'mine' });
  expect(answer.values).toMatchObject([{ key: 'a?token=${TOKEN}', value: '${TOKEN}' }, {}]);
});

it('a run writes its values when it has ended, and they stay when it is removed', async () => {
  let now = NINE;
  const shop = await openShop({ now: () => now });
  const { workspace, call } = await openHome();
  const yaml = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 1');
  await workspace.configs.write('shop', `${yaml}changes: {key: link}\nhistory: price\n`);
  await call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY, keep_runs: 1 });
  const run = async () => (await call('run_job', { job_id: 'shop', wait_seconds: 30 })).run.run_id;
  const first = await run();
  now = new Date(NINE.getTime() + 3 * 3_600_000);
  const second = await run();
  await waitFor('the removal of the first run', () => workspace.runs.get(first) === undefined);
  const { lines } = await call('get_log', { run_id: second, find: 'history:' });
  expect(lines.map(({ text }) => text)).toEqual([expect.stringMatching(/history: \d+ changed values?$/)]);
  const { values, rows } = await call('get_item_history', { job_id: 'shop', limit: 100 });
  expect(rows).toBe(20);
  expect(new Set(values.map(({ run_id }) => run_id))).toEqual(new Set([first, second]));
});
