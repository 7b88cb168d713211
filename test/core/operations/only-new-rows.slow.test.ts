import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { NINE, openShop } from '../../sandbox/open-shop.ts';
import { DAILY, openHome } from './open-home.ts';

it('a job writes a row once; what it knows goes with it into the trash and back, and a new job begins anew', async () => {
  let now = NINE;
  const shop = await openShop({ now: () => now });
  const { workspace, call } = await openHome();
  const config = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2');
  const output = (only: string) =>
    `${config.replace(/\noutput:[\s\S]*$/, '')}\nchanges: {key: link}\noutput: {path: books.csv, only: ${only}}\n`;
  await workspace.configs.write('shop', output('new'));
  const create = () => call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
  await create();
  const run = async () => {
    const { run: done } = await call('run_job', { job_id: 'shop', wait_seconds: 30 });
    expect(done).toMatchObject({ status: 'succeeded', items: 40 });
    return readFileSync(join(workspace.paths.output, 'books.csv'), 'utf8').trimEnd().split('\n').length - 1;
  };
  expect(await run()).toBe(40);
  now = new Date(NINE.getTime() + 3 * 3_600_000);
  expect(await run()).toBe(40);
  await workspace.configs.write('shop', output('changed'));
  const changed = (await run()) - 40;
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThan(40);

  const { knownRows } = getPersistentFiles(workspace.paths, 'shop');
  await call('delete_job', { job_id: 'shop' });
  expect(existsSync(knownRows)).toBe(true);
  await call('restore_job', { job_id: 'shop' });
  expect(await run()).toBe(40 + changed);

  await call('delete_job', { job_id: 'shop' });
  await create();
  expect(await run()).toBe(40 + changed + 40);
});
