import { expect } from 'vitest';
import { callOperation } from '../../src/core/operations/call-operation.ts';
import { it } from '../extend.ts';
import { openChangingShop } from '../sandbox/changing-shop.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { openDashboardIn } from './terminal.ts';

/** What the first words of the footer name: the key to press next. */
function firstKey(screen: string): string {
  return screen.trimEnd().split('\n').at(-1)?.trim().split(/ {2,}/)[0] ?? '';
}

it.for([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 35 },
])(
  'from the first configuration to a repaired selector by keys that the screen names, on $columns×$rows',
  async ({ columns, rows }, { home }) => {
    const shop = await openChangingShop();
    const workspace = openTempWorkspace({ home, actor: 'cli' });
    const terminal = openDashboardIn(home, { columns, rows });
    const text = () => workspace.configs.read('books').yaml;
    const picture = async (name: string) => {
      if (process.env['TUI_PICTURES']) await terminal.picture(`/tmp/tui-repair-${columns}-${name}.png`);
    };

    // The first configuration, from an address, and a job of it.
    expect(await terminal.waitFor('no jobs yet')).toContain('c configs');
    terminal.send('c');
    await terminal.waitFor('n new');
    terminal.send(`n\u0015${shop.url}\t\u0015books\r`);
    await terminal.waitFor(/20 items from 1 page/);
    await terminal.waitFor(/not saved +valid/);
    terminal.send('\u0013');
    await terminal.waitFor('books is saved.');
    await callOperation(workspace, 'create_job', {
      job_id: 'books',
      config_name: 'books',
      schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
      expect: { required_fields: ['title', 'price'] },
    });
    const pages = text().replace(/max_pages: \d+/, 'max_pages: 2');
    await workspace.configs.write('books', `${pages}# A comment that stays.\n`);
    const before = text();
    const run = async () =>
      (await callOperation(workspace, 'run_job', { job_id: 'books', wait_seconds: 45 })).run;
    expect(await run()).toMatchObject({ status: 'succeeded' });

    // The site changes, and the run fails: two selectors are broken.
    await shop.change((html) =>
      html.replaceAll('price_color', 'amount-now').replaceAll('product_pod', 'card'),
    );
    expect(await run()).toMatchObject({ status: 'failed' });
    terminal.send('\u001b');
    await terminal.waitFor((screen) => !screen.includes('Configuration books'));
    terminal.send('\u001b');
    // Where the detail is read, it names the key, too.
    expect(await terminal.waitFor('R shows the broken selector')).toContain('R repair');
    await picture('jobs');
    terminal.send('R');
    const found = await terminal.waitFor('Repair: 2 broken selectors');
    expect(found).toMatch(/\[item\] +article\.product_pod/);
    expect(firstKey(found)).toBe('Enter take it');
    await picture('found');
    terminal.send('\r');
    const second = await terminal.waitFor('Repair: 1 broken selector');
    expect(second).toMatch(/price .*→ .*amount-now 20\/20 "£/s);
    await picture('second');
    terminal.send('\r');
    const all = await terminal.waitFor('Repair: [item], price are replaced');
    expect(all).toContain('Ctrl-S saves it');
    const tried = await terminal.waitFor(/20 items from 1 page, 0 before/);
    await picture('tried');
    expect(tried).toMatch(/none → "/);
    await terminal.waitFor((screen) => firstKey(screen) === 'Ctrl-S save');
    terminal.send('\u0013');
    await terminal.waitFor((screen) => firstKey(screen) === 'r run again');
    // All but the two selectors is as it was.
    const changed = before.split('\n').filter((line) => !text().split('\n').includes(line));
    expect(changed.map((line) => line.trim().replace(/:.*/, ''))).toEqual(['item', 'price']);
    expect(text()).toContain('# A comment that stays.');
    terminal.send('r');
    await terminal.waitFor(/ok, \d+ items from/);
    await picture('ran');
    expect(workspace.runs.newestForJob('books', 1)).toMatchObject([{ status: 'succeeded' }]);
    terminal.send('q');
    expect((await terminal.exited).exitCode).toBe(0);
  },
);
