import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it.skipIf(lacks('shell')).for([
  ['Ctrl-C', 130],
  ['SIGTERM', 143],
] as const)(
  'keeps a text that was edited and not saved after %s, and says where',
  async ([how, exitCode], { folder }) => {
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\necho "# mine" >> "$1"\n');
    chmodSync(editor, 0o755);
    const terminal = openDashboardIn(await homeWithJobs(1), {
      env: { EDITOR: editor, VISUAL: undefined, TMPDIR: folder },
    });
    await terminal.waitFor('job-0000');
    terminal.send('c');
    await terminal.waitFor(/▌ . shop/);
    terminal.send('e');
    await terminal.waitFor('edited, not saved');
    if (how === 'Ctrl-C') terminal.send('\u0003');
    else process.kill(terminal.pid, how);
    expect((await terminal.exited).exitCode).toBe(exitCode);
    const said = await terminal.text();
    const [, kept] = /kept in (\S+)/.exec(said.replaceAll('\n', '')) ?? [];
    expect(readFileSync(join(kept ?? '', 'shop.yaml'), 'utf8')).toMatch(/# mine\n$/);
  },
);
