import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { PROGRAM, quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn, TestTerminal } from './terminal.ts';

/** The first line of the screen that has a text. */
async function rowOf(terminal: TestTerminal, text: string): Promise<number> {
  return (await terminal.lines()).findIndex((line) => line.includes(text));
}

describe('the dashboard', () => {
  it('is what quickscrape alone opens on a terminal, in the home of the environment too', async () => {
    const home = await homeWithJobs(1);
    const terminal = new TestTerminal(process.execPath, [PROGRAM], { env: { QUICKSCRAPE_HOME: home } });
    await terminal.waitFor('job-0000');
    const other = new TestTerminal(process.execPath, [PROGRAM, '--home', home, '--no-color']);
    await other.waitFor('job-0000');
  });

  it('is drawn with CI set, styles and all', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1), { env: { CI: 'true' } });
    await terminal.waitFor('job-0000');
    expect(await terminal.cell(5, await rowOf(terminal, 'job-0000'))).toMatchObject({ inverse: true });
    expect(await terminal.cell(0, 29)).toMatchObject({ foreground: 6, bold: true });
  });

  it.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }],
    ['FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }],
    ['--no-color', { args: ['--no-color'] }],
  ])('has no colour with %s, but still shows the selection', async (_, options) => {
    const terminal = openDashboardIn(await homeWithJobs(2), options);
    await terminal.waitFor('job-0001');
    terminal.send('j');
    await terminal.waitFor(/^▌.*job-0001/m);
    expect(await terminal.cell(5, await rowOf(terminal, 'job-0001'))).toMatchObject({ inverse: true });
    expect(terminal.raw).not.toMatch(COLOUR);
  });

  it('draws nothing of its own beyond ASCII on the Linux console', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1), { env: { TERM: 'linux' } });
    await terminal.waitFor(/^> .*job-0000/m);
    terminal.send('?');
    const screen = await terminal.waitFor('Keys');
    expect(screen).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('paints no background, so that it can be read on a light one', async () => {
    const terminal = openDashboardIn(await homeWithJobs(3));
    await terminal.waitFor('job-0002');
    terminal.send(':');
    await terminal.waitFor('Actions');
    expect(terminal.raw).not.toMatch(BACKGROUND);
  });

  it('takes colours that suit the background that the terminal names, and none of its own before', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1), { env: { TERM: 'xterm-256color' } });
    await terminal.waitFor('job-0000');
    expect(terminal.raw).toContain('\u001b]11;?\u0007');
    expect(await terminal.cell(0, 29)).toMatchObject({ foreground: 6 });
    terminal.send('\u001b]11;rgb:ffff/ffff/ffff\u001b\\?');
    await terminal.waitFor('Keys');
    terminal.send('\u001b');
    await terminal.waitFor((screen) => !screen.includes('Keys'));
    expect(await terminal.cell(0, 29)).toMatchObject({ foreground: 24 });
  });

  it('asks a terminal with few colours for nothing', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1), { env: { TERM: 'xterm', COLORTERM: '' } });
    await terminal.waitFor('job-0000');
    expect(terminal.raw).not.toContain(']11;');
  });

  it('follows the size of the terminal, down to one pane and to one line, without ever clearing the screen', async () => {
    const terminal = openDashboardIn(await homeWithJobs(60), { columns: 170, rows: 40 });
    await terminal.waitFor((screen) => screen.includes('│') && screen.includes('every day at 09:00'));
    for (const [columns, rows] of [
      [100, 30],
      [200, 50],
      [60, 12],
      [90, 24],
      [60, 12],
    ] as const)
      terminal.resize(columns, rows);
    await terminal.waitFor((screen) => screen.includes('q quit') && !screen.includes('every day at 09:00'));
    terminal.send('\t');
    await terminal.waitFor((screen) => screen.includes('every day at 09:00') && !screen.includes('job-0001'));
    terminal.resize(40, 10);
    await terminal.waitFor((screen) => screen.split('\n')[9]?.includes('q quit') === true);
    terminal.resize(30, 5);
    await terminal.waitFor('Too small');
    terminal.resize(80, 24);
    await terminal.waitFor((screen) => screen.includes('job-0001') && screen.includes('every day at 09:00'));
    expect(terminal.raw).not.toMatch(CLEARED);
  });

  it('lets no escape of a job’s texts through', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\u001b[31mred\u009b5A\u0007\b\r\u202eback';
    const home = await homeWithJobs(2, () => ({ description: evil, tags: ['tag'] }));
    mkdirSync(join(home, 'jobs'), { recursive: true });
    writeFileSync(join(home, 'jobs', 'broken.json'), `{"config_name": "${evil}"`);
    const terminal = openDashboardIn(home, { columns: 140 });
    await terminal.waitFor('broken');
    terminal.send('j');
    const screen = await terminal.waitFor('red');
    expect(screen).toContain('�[2J�]0;owned��[31mred�5A');
    for (const sequence of ['\u001b[2J', '\u001b]0;', '\u001b[31mred', '\u009b', '\u202e'])
      expect(terminal.raw).not.toContain(sequence);
    terminal.send('j');
    await terminal.waitFor(/^▌.*job-0001/m);
  });

  it('shows others’ changes without a key press', async () => {
    const home = await homeWithJobs(2);
    const terminal = openDashboardIn(home);
    await terminal.waitFor('job-0001');
    const workspace = openWorkspace({ home, actor: 'mcp' });
    try {
      await workspace.jobs.create(
        { id: 'by-an-agent', fields: { config_name: 'shop', schedule: { type: 'hourly', minute: 5 } } },
        'mcp',
      );
      await terminal.waitFor('by-an-agent');
      await workspace.jobs.update('job-0001', { enabled: false }, { by: 'mcp' });
      await terminal.waitFor(/disabled.*job-0001|job-0001.*disabled/);
    } finally {
      workspace.close();
    }
  });

  it('keeps its last state while its home is away, and goes on when it is back', async () => {
    const home = await homeWithJobs(2);
    const terminal = openDashboardIn(home);
    await terminal.waitFor('job-0001');
    renameSync(home, `${home}-away`);
    await terminal.waitFor(
      (screen) =>
        screen.includes('Not up to date') && screen.includes('as of') && screen.includes('job-0001'),
    );
    renameSync(`${home}-away`, home);
    await terminal.waitFor((screen) => !screen.includes('as of') && screen.includes('job-0001'));
    terminal.send('a');
    await terminal.waitFor('job-0000 was disabled');
  });

  it('hears each key while another program keeps the database locked, also after a change', async () => {
    const home = await homeWithJobs(2);
    const terminal = openDashboardIn(home);
    await terminal.waitFor('job-0001');
    const other = new Libsql(join(home, 'quickscrape.db'));
    onTestFinished(() => {
      other.close();
    });
    other.exec('BEGIN IMMEDIATE');
    const file = join(home, 'jobs', 'job-0000.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '23:45'));
    await terminal.waitFor('23:45');
    for (let time = 0; time < 4; time += 1) {
      terminal.send(':');
      await terminal.waitFor('Actions');
      terminal.send('\u001b');
      await terminal.waitFor((screen) => !screen.includes('Actions'));
    }
  });

  it('runs nothing with --read-only, and says why', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1), { args: ['--read-only'] });
    await terminal.waitFor('job-0000');
    terminal.send('r');
    await terminal.waitFor('Run the job now: The dashboard was opened with --read-only.');
  });

  it('reports a missing terminal, and what to use instead', async () => {
    const { code, stdout, stderr } = await quickscrape(['tui'], { home: tempFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('the dashboard needs a terminal');
    expect(stderr).toContain('quickscrape job list');
  });

  it('reports a terminal that cannot show a screen', async () => {
    const terminal = openDashboardIn(tempFolder(), { env: { TERM: 'dumb' } });
    expect((await terminal.exited).exitCode).toBe(2);
    await terminal.waitFor('TERM=dumb');
    const alone = new TestTerminal(process.execPath, [PROGRAM], { env: { TERM: 'dumb' } });
    await alone.waitFor('First steps:');
    expect(alone.raw).toMatch(/^The dashboard needs a terminal: TERM=dumb can show no screen\.\s+Usage/);
    expect(terminal.raw).not.toContain('\u001b[?1049h');
  });
});

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const COLOUR = /\u001b\[[\d;]*\b(3\d|4\d|9\d)m/;
const BACKGROUND = /\u001b\[(?:\d+;)*(?:4[0-8]|10\d)m/;
const CLEARED = /\u001b\[[23]?J/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the same
