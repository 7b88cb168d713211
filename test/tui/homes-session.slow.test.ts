import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it } from '../extend.ts';
import { PROGRAM } from '../program.ts';
import { itWithSsh, SshServer } from '../ssh-server.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn, TestTerminal } from './terminal.ts';

function writeHomes(config: string, homes: Record<string, string>): void {
  mkdirSync(join(config, 'quickscrape'), { recursive: true });
  writeFileSync(join(config, 'quickscrape', 'homes.yaml'), JSON.stringify(homes));
}

describe('H', () => {
  it('switches between homes, and what was chosen stays', async ({ folder: config, home: empty }) => {
    const [one, two] = [await homeWithJobs(2), await homeWithJobs(5)];
    writeHomes(config, { acme: two, gone: join(empty, 'no-such-home') });
    const dashboard = openDashboardIn(one, {
      env: { XDG_CONFIG_HOME: config },
      args: ['--read-only'],
      columns: 130,
    });
    await dashboard.waitFor('Jobs 1/2');
    dashboard.send('H');
    await dashboard.waitFor('shown now');
    const lines = await dashboard.lines();
    const row = lines.findIndex((each) => each.includes('shown now'));
    const line = lines[row] ?? '';
    // The selected row is one bar, from its name to its end.
    const plain = { inverse: true, dim: false, foreground: undefined, background: undefined };
    for (const column of [line.indexOf('│') + 2, line.indexOf('shown now')])
      expect(await dashboard.cell(column, row)).toMatchObject(plain);
    dashboard.send('\u001b[B\r');
    const second = await dashboard.waitFor('Jobs 1/5');
    expect(second).toMatch(/QuickScrape @acme .*\[read-only\]/);
    // One that cannot be opened leads back.
    dashboard.send('H');
    await dashboard.waitFor('shown now');
    dashboard.send('\u001b[B\r');
    await dashboard.waitFor('there is no home at');
    await dashboard.waitFor('Jobs 1/5');
    await dashboard.waitFor('shown now');
    dashboard.send('\u001b[A\u001b[A\r');
    await dashboard.waitFor('Jobs 1/2');
    dashboard.send('q');
    expect((await dashboard.exited).exitCode).toBe(0);
    expect(dashboard.raw).not.toContain('MaxListeners');
  });

  itWithSsh('opens a home on another machine, and comes back', async () => {
    const server = await SshServer.start();
    const [here, there] = [await homeWithJobs(2), await homeWithJobs(5)];
    const old = server.writeProgram('old', `#!/bin/sh\necho "error: unknown command '$1'" >&2\nexit 2\n`);
    server.writeHomes({
      paris: `ssh://paris${there}`,
      closed: 'ssh://closed/x',
      gone: 'ssh://paris/no-such-home',
      old: { at: `ssh://paris${there}`, program: old },
    });
    const dashboard = openDashboardIn(here, { env: server.env, columns: 130 });
    await dashboard.waitFor('Jobs 1/2');
    dashboard.send('H');
    await dashboard.waitFor('over ssh');
    dashboard.send('\u001b[B\r');
    const remote = await dashboard.waitFor('Jobs 1/5');
    expect(remote).toContain('QuickScrape @paris over ssh');
    dashboard.send('q');
    await dashboard.waitFor('Jobs 1/2');
    dashboard.send('H');
    await dashboard.waitFor('over ssh');
    dashboard.send('\u001b[B\u001b[B\r');
    await dashboard.waitFor('closed cannot be reached');
    await dashboard.waitFor('Jobs 1/2');
    // The program there has written why to the terminal, which it has left.
    dashboard.send('\u001b[B\r');
    await dashboard.waitFor('there is no home at /no-such-home. Make it there');
    dashboard.send('\u001b[B\r');
    await dashboard.waitFor("has another version of QuickScrape Jobs: unknown command 'tui'");
    dashboard.send('\u001b');
    await dashboard.waitFor('q quit');
    dashboard.send('q');
    expect((await dashboard.exited).exitCode).toBe(0);
  });
});

describe('tui --home @name of another machine', () => {
  itWithSsh('connects again when the connection is lost, and says so', async ({ folder }) => {
    const server = await SshServer.start();
    const there = await homeWithJobs(5);
    server.writeHomes({ paris: `ssh://paris${there}` });
    const open = () =>
      new TestTerminal(process.execPath, [PROGRAM, 'tui', '--home', '@paris'], {
        env: { QUICKSCRAPE_HOME: folder, ...server.env },
        columns: 130,
      });
    const dashboard = open();
    await dashboard.waitFor('Jobs 1/5');
    await server.stop();
    await dashboard.waitFor('the connection was lost');
    await dashboard.waitFor('Ctrl-C gives up.');
    // The dashboard there could not leave the screen and the mouse.
    expect(dashboard.onAlternateScreen).toBe(false);
    expect(dashboard.raw.lastIndexOf('\u001b[?1002l')).toBeGreaterThan(
      dashboard.raw.lastIndexOf('\u001b[?1002h'),
    );
    await server.startAgain();
    const again = await dashboard.waitFor('Jobs 1/5');
    expect(again).toContain('@paris over ssh');
    dashboard.send('q');
    expect((await dashboard.exited).exitCode).toBe(0);
    // Without a connection, there is only the reason.
    await server.stop();
    const refused = open();
    expect((await refused.exited).exitCode).toBe(1);
    expect(await refused.text()).toContain('error: @paris: paris cannot be reached');
  });

  itWithSsh('gives up at Ctrl-C', async ({ folder }) => {
    const server = await SshServer.start();
    const there = await homeWithJobs(5);
    server.writeHomes({ paris: `ssh://paris${there}` });
    const dashboard = new TestTerminal(process.execPath, [PROGRAM, 'tui', '--home', '@paris'], {
      env: { QUICKSCRAPE_HOME: folder, ...server.env },
      columns: 130,
    });
    await dashboard.waitFor('Jobs 1/5');
    await server.stop();
    await dashboard.waitFor('Ctrl-C gives up.');
    dashboard.send('\u0003');
    expect((await dashboard.exited).exitCode).toBe(1);
    expect(await dashboard.text()).toContain('error: @paris');
  });
});
