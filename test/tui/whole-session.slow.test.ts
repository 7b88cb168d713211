import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { callOperation } from '../../src/core/operations/call-operation.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { openChangingShop } from '../sandbox/changing-shop.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { openDashboardIn, type TestTerminal } from './terminal.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** An editor that puts the shop's new names in place of the old ones, and is done. */
function mendingEditor(): string {
  const file = join(tempFolder(), 'editor.sh');
  writeFileSync(
    file,
    '#!/bin/sh\nsed -i -e s/article.product_pod/article.card/ -e "s/.product_price .price_color/.cost .amount/" "$1"\n',
  );
  chmodSync(file, 0o755);
  return file;
}

/** A home of four jobs, one of which has failed since the shop changed its pages. */
async function homeWithAFailedJob(): Promise<{ home: string; workspace: Workspace }> {
  const shop = await openChangingShop();
  const home = tempFolder();
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  await workspace.configs.write('shop', bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2'));
  for (const id of ['authors', 'books', 'prices', 'stock'])
    await workspace.jobs.create({ id, fields: { config_name: 'shop', schedule: DAILY } }, 'cli');
  const run = () => callOperation(workspace, 'run_job', { job_id: 'books', wait_seconds: 45 });
  expect((await run()).run).toMatchObject({ status: 'succeeded', items: 40 });
  await shop.change((html) =>
    html
      .replaceAll('product_pod', 'card')
      .replaceAll('product_price', 'cost')
      .replaceAll('price_color', 'amount'),
  );
  expect((await run()).run).toMatchObject({ status: 'failed' });
  return { home, workspace };
}

const KEYS: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001b',
  'Ctrl-S': '\u0013',
  'Ctrl-O': '\u000f',
};

/** Someone who presses only what the screen names. */
class Newcomer {
  keys = 0;
  readonly terminal: TestTerminal;
  constructor(terminal: TestTerminal) {
    this.terminal = terminal;
  }

  /** Waits until the last line offers this, as in `R repair`, and presses its key. */
  async offered(offer: string): Promise<void> {
    await this.terminal.waitFor((screen) => `${screen.split('\n').at(-1)}  `.includes(`${offer}  `));
    this.#press(offer);
  }

  /** Waits until the screen says this anywhere, and presses the key that it begins with. */
  async told(words: string): Promise<void> {
    await this.terminal.waitFor(words);
    this.#press(words);
  }

  type(text: string): void {
    this.keys += text.length;
    this.terminal.send(text);
  }

  async sees(what: Parameters<TestTerminal['waitFor']>[0], picture?: string): Promise<string> {
    const screen = await this.terminal.waitFor(what);
    if (picture && process.env['TUI_PICTURES']) await this.terminal.picture(`/tmp/tui-whole-${picture}.png`);
    return screen;
  }

  #press(words: string): void {
    const [key = ''] = words.split(' ');
    this.keys += 1;
    this.terminal.send(KEYS[key] ?? key);
  }
}

it('is learned from the screen alone: fixes a failed job, creates a new one, sees an agent, undoes a delete, reads tomorrow’s runs', async () => {
  const { home, workspace } = await homeWithAFailedJob();
  const terminal = openDashboardIn(home, {
    columns: 130,
    rows: 34,
    env: { EDITOR: mendingEditor(), VISUAL: undefined },
  });
  const user = new Newcomer(terminal);

  // Which jobs have failed, and why?
  await user.sees(/failed +books/, '1-jobs');
  await user.offered('/ find');
  user.type('state:failed');
  await user.offered('Enter keep');
  await user.sees((screen) => screen.includes('books') && !/(new|ok) +prices/.test(screen));
  await user.offered('Enter runs');
  await user.sees(/failed .* no items on 2 pages/, '2-runs');
  await user.offered('Enter log');
  await user.sees('item "article.product_pod" matches nothing', '3-log');

  // Mend it, look at what it finds now, run it again.
  await user.offered('R repair');
  expect(await user.sees(/price +0 +40/, '4-repair')).toContain('item "article.product_pod" matches');
  await user.offered('e edit');
  await user.sees(/20 items from 1 page/, '5-tested');
  await user.offered('Ctrl-S save');
  await user.offered('r run again');
  await user.sees(/ok, 40 items from 2 pages/, '6-mended');
  await user.offered('Esc back');
  await user.sees('log of');
  await user.offered('Esc back');
  await user.sees(/2 of 3|1 of 3/);
  await user.offered('Esc back');
  await user.offered('Esc show all');
  await user.sees(/ok +books/, '7-back');

  // A job for each weekday, with the form.
  await user.offered('n new');
  await user.sees(/config name +shop/);
  await user.offered('Ctrl-O schedules');
  user.type('weekday at');
  await user.offered('Enter choose');
  const form = await user.sees(/cron expression +0 9 \* \* 1-5/, '8-form');
  expect(form.match(/(Mon|Tue|Wed|Thu|Fri) \d+ \w{3} (\d{4} )?09:00/g)).toHaveLength(5);
  await user.offered('Ctrl-S save');
  await user.offered('Enter save');
  await user.sees(/shop-\w{4} was created/);
  await user.sees(/▌.*new +shop-\w{4}/, '9-created');

  // An agent changes another job meanwhile.
  const agent = openTempWorkspace({ home, actor: 'mcp' });
  await callOperation(agent, 'update_job', { job_id: 'stock', changes: { tags: ['by-agent'] } });
  await user.sees(/stock: edited: tags \(an agent\)/, '10-agent');

  // The new job is deleted, and taken back.
  await user.offered('d delete');
  await user.sees(/Delete 1 job\?/);
  await user.offered('y yes');
  await user.sees((screen) => /shop-\w{4} was deleted/.test(screen) && /Jobs \d\/4/.test(screen));
  expect(workspace.jobs.ids()).toHaveLength(4);
  await user.told('u undoes it');
  await user.sees((screen) => /▌.*new +shop-\w{4}/.test(screen) && /Jobs \d\/5/.test(screen), '11-undone');
  expect(workspace.jobs.ids()).toHaveLength(5);

  // What runs tomorrow?
  await user.offered('T timeline');
  await user.sees(/Timeline, (about )?\d+ hours/);
  await user.offered('> next day');
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toUTCString().slice(5, 11).replace(/^0/, '');
  await user.sees((screen) => screen.includes(tomorrow) && /stock .*◇/.test(screen), '12-tomorrow');
  await user.offered('Esc back');
  await user.sees(/Jobs \d\/5/);
  await user.offered('q quit');
  expect((await terminal.exited).exitCode).toBe(0);
  expect(user.keys).toBeLessThan(60);
});
