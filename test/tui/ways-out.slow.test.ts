import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';
import { bundleFixture } from './bundle-fixture.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn, TestTerminal } from './terminal.ts';

/** The dashboard as the job of an interactive shell. */
async function openFromShell(home: string): Promise<TestTerminal> {
  const terminal = new TestTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
    env: { PS1: 'shell> ' },
  });
  await terminal.waitFor('shell>');
  terminal.send(`${process.execPath} ${PROGRAM} tui --home ${home}\r`);
  await terminal.waitFor('job-0000');
  return terminal;
}

const FAILING = fileURLToPath(new URL('../fixtures/tui/failing-dashboard.tsx', import.meta.url));
const AFTER = '\u001b[?25h\u001b[?1049l';

let failing: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  failing = await bundleFixture(FAILING);
});
afterAll(() => failing.remove());

describe('the terminal is as it was', () => {
  it.each([
    ['q', 'q', 0],
    ['Ctrl-C', '\u0003', 130],
  ])('after %s', async (_, keys, exitCode) => {
    const terminal = openDashboardIn(await homeWithJobs(1));
    await terminal.waitFor('job-0000');
    expect(terminal.onAlternateScreen).toBe(true);
    terminal.send(keys);
    expect((await terminal.exited).exitCode).toBe(exitCode);
    await expectRestored(terminal);
  });

  it.skipIf(lacks('signals')).each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const)('after %s', async (signal, exitCode) => {
    const terminal = openDashboardIn(await homeWithJobs(1));
    await terminal.waitFor('job-0000');
    process.kill(terminal.pid, signal);
    expect((await terminal.exited).exitCode).toBe(exitCode);
    await expectRestored(terminal);
  });

  it.skipIf(lacks('linux'))('and a terminal that is closed is no crash', async () => {
    const code = join(tempFolder(), 'code');
    const command = `trap '' HUP; ${process.execPath} ${PROGRAM} tui --home ${await homeWithJobs(1)}; echo $? > ${code}`;
    const window = new TestTerminal('script', ['-qc', command, '/dev/null'], { env: { SHELL: '/bin/sh' } });
    await window.waitFor('job-0000');
    window.kill('SIGKILL');
    await waitFor('the end of the program', () => existsSync(code) && readFileSync(code, 'utf8') !== '');
    // By the signal of a hangup; an abort, which leaves a core file, is 134.
    expect(readFileSync(code, 'utf8')).toBe('129\n');
  });

  it.each([
    ['a view that throws', 'render'],
    ['an error that nobody caught', 'uncaught'],
    ['an error that quotes a hostile text', 'quoting'],
    ['a rejection that nobody handled', 'rejection'],
    ['process.exit in the middle', 'exit'],
  ])('after %s', async (_, how) => {
    const terminal = new TestTerminal(process.execPath, [failing.file, how]);
    const { exitCode } = await terminal.exited;
    expect(exitCode).toBe(how === 'exit' ? 5 : 1);
    await expectRestored(terminal);
    // Said after the screen was left, so that somebody can read it.
    if (how !== 'exit') expect(terminal.raw.slice(terminal.raw.lastIndexOf(AFTER))).toContain('as asked for');
    for (const foreign of ['\u001b]', '\u009b']) expect(terminal.raw).not.toContain(foreign);
  });

  it('and nothing more is done by keys that were typed after q', async () => {
    const opened = join(tempFolder(), 'opened');
    const env = { VISUAL: undefined, EDITOR: `touch ${opened};` };
    const terminal = openDashboardIn(await homeWithJobs(1), { env });
    await terminal.waitFor('job-0000');
    terminal.send('qE');
    expect((await terminal.exited).exitCode).toBe(0);
    await expectRestored(terminal);
    expect(existsSync(opened)).toBe(false);
  });

  it('after Ctrl-Z, and it is drawn again after fg', async () => {
    const terminal = await openFromShell(await homeWithJobs(1));
    terminal.send('\u001a');
    await terminal.waitFor('Stopped');
    expect(terminal.onAlternateScreen).toBe(false);
    terminal.send('stty -a\r');
    await terminal.waitFor(/ icanon.* echo /s);
    terminal.send('fg\r');
    await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
    terminal.send('q');
    await terminal.waitFor(() => !terminal.onAlternateScreen);
    terminal.send('echo ended $?\r');
    await terminal.waitFor('ended 0');
  });

  it.skipIf(lacks('signals'))(
    'after a stop that the terminal asked for itself, and it is drawn again after fg',
    async () => {
      const terminal = await openFromShell(await homeWithJobs(1));
      signalChildOf(terminal.pid, 'SIGTSTP');
      await terminal.waitFor('Stopped');
      expect(terminal.onAlternateScreen).toBe(false);
      terminal.send('fg\r');
      await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
      // Two in one breath are one.
      const from = terminal.raw.length;
      terminal.send('\u001a\u001a');
      await terminal.waitForBytes('Stopped', from);
      terminal.send('fg\r');
      await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
      terminal.send(':');
      await terminal.waitFor('Actions');
    },
  );

  it('goes on after Ctrl-Z where no shell could bring it back', async () => {
    const terminal = openDashboardIn(await homeWithJobs(1));
    await terminal.waitFor('job-0000');
    const from = terminal.raw.length;
    terminal.send('\u001a');
    await terminal.waitForBytes(AFTER, from);
    await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
  });

  it.skipIf(lacks('signals'))(
    'is taken again, with the keyboard, after the program was stopped',
    async () => {
      const terminal = await openFromShell(await homeWithJobs(1));
      signalChildOf(terminal.pid, 'SIGSTOP');
      await terminal.waitFor('Stopped');
      terminal.send('fg\r');
      await terminal.waitFor((screen) => !screen.includes('Stopped') && screen.includes('job-0000'));
      terminal.send(':');
      await terminal.waitFor('Actions');
    },
  );

  it.skipIf(lacks('shell'))('for a shell, down to the last setting', async () => {
    const home = await homeWithJobs(1);
    const terminal = new TestTerminal('/bin/sh', [
      '-c',
      `before=$(stty -g); "$0" "$1" tui --home "$2"; code=$?; [ "$before" = "$(stty -g)" ] && echo "same, code $code"`,
      process.execPath,
      PROGRAM,
      home,
    ]);
    await terminal.waitFor('job-0000');
    terminal.send('\u0003');
    await terminal.waitFor('same, code 130');
  });
});

async function expectRestored(terminal: TestTerminal): Promise<void> {
  await terminal.lines();
  expect(terminal.onAlternateScreen).toBe(false);
  expect(terminal.raw).toContain(AFTER);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const modes = [...terminal.raw.matchAll(/\u001b\[\?(\d+)([hl])/g)];
  const last = new Map(modes.map(([, mode, how]) => [mode, how]));
  // Line wrapping and the cursor on; alternate screen, paste and mouse reports, synchronized update off.
  expect(Object.fromEntries(last)).toMatchObject({
    ...{ 7: 'h', 25: 'h', 1049: 'l', 2004: 'l', 1002: 'l', 1006: 'l', 2026: 'l' },
  });
}

/** Signals the child of a shell. */
function signalChildOf(shell: number, signal: NodeJS.Signals): void {
  const child = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim();
  process.kill(Number(child), signal);
}

describe('an editor that leaves the terminal in a mess', () => {
  it.skipIf(lacks('shell'))('spoils neither the dashboard nor the shell after it', async () => {
    const editor = join(tempFolder(), 'editor');
    // A full-screen program that was killed: line drawing, red, a scroll region, insert mode, mouse, no cursor.
    const mess = '\\033[?1049h\\033[?1003h\\033[?25l\\033[31m\\033[5;10r\\033[?6h\\033[4h\\033(0';
    writeFileSync(editor, `#!/bin/sh\nstty raw -echo\nprintf '${mess}'\nkill -9 $$\n`, { mode: 0o755 });
    const home = await homeWithJobs(1);
    const terminal = new TestTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
      env: { PS1: 'shell> ', VISUAL: undefined, EDITOR: editor },
    });
    await terminal.waitFor('shell>');
    terminal.send(`${process.execPath} ${PROGRAM} tui --home ${home}\r`);
    const before = await terminal.waitFor('job-0000');
    terminal.send('E');
    await terminal.waitFor('ended with code 137');
    expect((await terminal.lines())[2]).toBe(before.split('\n')[2]);
    terminal.send('q');
    await terminal.waitFor(() => !terminal.onAlternateScreen);
    terminal.send('echo in plain letters\r');
    const screen = await terminal.waitFor(/^in plain letters$/m);
    // Below what the shell had shown, not at the top.
    expect(screen).toMatch(/^shell> \//);
  });
});
