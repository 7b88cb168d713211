import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { openShop } from '../sandbox/open-shop.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { openDashboardIn } from './terminal.ts';

it.skipIf(lacks('shell'))(
  'creates a configuration from an address, edits and tests it, merges an agent’s concurrent change, and saves both',
  async ({ folder }) => {
    const shop = await openShop();
    const home = join(folder, 'home');
    const workspace = openTempWorkspace({ home });
    await workspace.configs.write('ready', bookshopConfig(shop.url));
    await workspace.configs.write('wrong', 'url: http://127.0.0.1/\nselectors:\n  title: "h1["\n');
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, `#!/bin/sh\nsed -i 's/^  price:/  cost:/' "$1"\n`);
    chmodSync(editor, 0o755);
    const terminal = openDashboardIn(home, {
      columns: 130,
      rows: 36,
      env: { EDITOR: editor, VISUAL: undefined },
    });
    const picture = async (name: string) => {
      if (process.env['TUI_PICTURES']) await terminal.picture(`/tmp/tui-configs-${name}.png`);
    };
    await terminal.waitFor('no jobs yet');
    terminal.send('c');
    await terminal.waitFor(/wrong +1 issue: line 3/);
    await picture('list');

    terminal.send(`n\u0015${shop.url}`);
    await terminal.waitFor('New configuration');
    await picture('new');
    terminal.send('\t\u0015books\r');
    // What is found on the page is in the draft, and tried at once.
    const proposed = await terminal.waitFor(/20 items from 1 page/);
    await picture('draft');
    expect(proposed).toMatch(/item: article\.product_pod/);
    expect(proposed).toMatch(/price +20 +\.price_color/);
    terminal.send('e');
    await terminal.waitFor((screen) => /cost: \.price_color/.test(screen) && /not saved +valid/.test(screen));
    terminal.send('t');
    await terminal.waitFor(/cost +20 +\.price_color/);
    terminal.send('\u0013');
    await terminal.waitFor('books is saved.');

    // Somebody else changes what is saved while it is edited here.
    const saved = workspace.configs.read('books').yaml;
    writeFileSync(editor, `#!/bin/sh\nsed -i 's/value: 1/value: 2/' "$1"\n`);
    terminal.send('e');
    await terminal.waitFor(/not saved +valid/);
    await workspace.configs.write('books', saved.replace('format: csv', 'format: json'));
    const news = await terminal.waitFor('Changed meanwhile');
    await picture('meanwhile');
    expect(news).toContain('+   format: json');
    terminal.send('\u0013');
    await terminal.waitFor('a merges these changes first');
    terminal.send('a');
    await terminal.waitFor('Both changes are in the text now');
    await terminal.waitFor(/not saved +valid/);
    terminal.send('\u0013');
    await terminal.waitFor('books is saved.');
    expect(workspace.configs.read('books').yaml).toBe(
      saved.replace('value: 1', 'value: 2').replace('format: csv', 'format: json'),
    );

    terminal.send('c');
    await terminal.waitFor(/▌ +books/);
    terminal.send('q');
    expect((await terminal.exited).exitCode).toBe(0);
  },
);
