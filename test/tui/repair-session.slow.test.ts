import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { callOperation } from '../../src/core/operations/call-operation.ts';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { it } from '../extend.ts';
import { openChangingShop } from '../sandbox/changing-shop.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { openDashboardIn } from './terminal.ts';

/** An editor that puts the shop's new names in place of the old ones, and is done. */
function mendingEditor(folder: string): string {
  const file = join(folder, 'editor.sh');
  writeFileSync(
    file,
    '#!/bin/sh\nsed -i -e s/article.product_pod/article.card/ -e "s/.product_price .price_color/.cost .amount/" "$1"\n',
  );
  chmodSync(file, 0o755);
  return file;
}

it('fixes a job whose site has changed by keys alone: finds it among others, reads why, edits, tests on the kept page, saves, runs again', async ({
  folder,
}) => {
  const shop = await openChangingShop();
  const home = join(folder, 'home');
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  await workspace.configs.write('shop', bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2'));
  const schedule = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
  await workspace.jobs.create({ id: 'books', fields: { config_name: 'shop', schedule } }, 'cli');
  for (const id of ['prices', 'stock', 'authors'])
    await workspace.jobs.create({ id, fields: { config_name: 'shop', schedule } }, 'cli');
  const run = async () => {
    const answer = await callOperation(workspace, 'run_job', { job_id: 'books', wait_seconds: 45 });
    return answer.run;
  };
  expect(await run()).toMatchObject({ status: 'succeeded', items: 40 });
  await shop.change((html) =>
    html
      .replaceAll('product_pod', 'card')
      .replaceAll('product_price', 'cost')
      .replaceAll('price_color', 'amount'),
  );
  expect(await run()).toMatchObject({ status: 'failed' });

  const terminal = openDashboardIn(home, {
    columns: 150,
    rows: 40,
    env: { EDITOR: mendingEditor(folder), VISUAL: undefined },
  });
  const picture = async (name: string) => {
    if (process.env['TUI_PICTURES']) await terminal.picture(`/tmp/tui-configs-${name}.png`);
  };
  await terminal.waitFor(/failed +books/);
  terminal.send('/state:failed\r');
  await terminal.waitFor((screen) => screen.includes('books') && /Jobs 1\/1 /.test(screen));
  terminal.send('R');
  const found = await terminal.waitFor(/price +0 +40/);
  await picture('1');
  expect(found).toContain('broken');
  terminal.send('e');
  const edited = await terminal.waitFor(/20 items from 1 page/);
  await picture('2');
  expect(edited).toMatch(/- +price: .product_price .price_color/);
  await terminal.waitFor('valid');
  terminal.send('\u0013');
  await terminal.waitFor('shop is saved.');
  terminal.send('r');
  await terminal.waitFor(/ok, 40 items from 2 pages/);
  await picture('3');
  expect(workspace.configs.read('shop').yaml).toContain('article.card');
  terminal.send('\u001b');
  await terminal.waitFor((screen) => !screen.includes('Configuration shop'));
  terminal.send('\u001b');
  await terminal.waitFor(/ok +books/);
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});
