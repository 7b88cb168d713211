import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lacks, needs } from '../../platform.ts';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { homeWithJobs } from '../home-with-jobs.ts';
import { openDashboardIn, TestTerminal } from '../terminal.ts';

/** A shell script, in a file whose name has to be quoted. */
function program(script: string): string {
  needs('shell');
  const file = join(tempFolder(), 'a program');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return `"${file}"`;
}

it('lends the terminal to $EDITOR, whose command may have words and quotes, and takes it back', async () => {
  const home = await homeWithJobs(1);
  const editor = program('shift; printf "asked: "; read -r answer; echo "$answer" > "$1"');
  const terminal = openDashboardIn(home, { env: { EDITOR: `${editor} --wait`, VISUAL: undefined } });
  await terminal.waitFor('job-0000');
  terminal.send(':edit the settings\r');
  await terminal.waitFor('asked:');
  expect(terminal.onAlternateScreen).toBe(false);
  terminal.send('slots: 3\r');
  await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
  expect(readFileSync(join(home, 'settings.yaml'), 'utf8')).toBe('slots: 3\n');
  // The keyboard is ours again, and no key has been lost or is read by somebody else.
  terminal.send(':');
  await terminal.waitFor('Actions');
});

it('says why when the editor cannot be started, and what to do about it', async () => {
  const terminal = openDashboardIn(await homeWithJobs(1), { env: { VISUAL: '/nowhere/editor' } });
  await terminal.waitFor('job-0000');
  terminal.send(':edit the settings\r');
  await terminal.waitFor('/nowhere/editor was not found: name another program in $VISUAL or $EDITOR');
});

it('reports that no file for the editor can be created', async () => {
  const terminal = openDashboardIn(await homeWithJobs(1), { env: { TMPDIR: '/nowhere', VISUAL: 'true' } });
  await terminal.waitFor('job-0000');
  terminal.send('E');
  await terminal.waitFor('no file can be made in /nowhere (ENOENT). Name another folder in $TMPDIR.');
});

it.skipIf(lacks('signals'))(
  'leaves Ctrl-C and Ctrl-\\ to the program that has the terminal, and hears them again afterwards',
  async () => {
    const home = await homeWithJobs(1);
    writeFileSync(join(home, 'scheduler.log'), 'what it did\n');
    const pager = program(`trap 'echo stopped' INT; trap 'echo quitted' QUIT
echo paging; until [ "$line" = end ]; do read -r line; done`);
    const terminal = openDashboardIn(home, { env: { PAGER: pager } });
    await terminal.waitFor('job-0000');
    terminal.send(':scheduler log\r');
    await terminal.waitFor('paging');
    terminal.send('\u0003');
    await terminal.waitFor('stopped');
    terminal.send('\u001c');
    await terminal.waitFor('quitted');
    terminal.send('end\r');
    await terminal.waitFor(() => terminal.onAlternateScreen);
    terminal.send('y');
    await terminal.waitFor('Copied job-0000.');
    process.kill(terminal.pid, 'SIGINT');
    expect((await terminal.exited).exitCode).toBe(130);
  },
);

it('is stopped together with the program that has the terminal', async () => {
  const home = await homeWithJobs(1);
  const terminal = new TestTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
    env: { PS1: 'shell> ', VISUAL: undefined, EDITOR: program('echo editing; read -r line') },
  });
  await terminal.waitFor('shell>');
  terminal.send(`${process.execPath} ${PROGRAM} tui --home ${home}\r`);
  await terminal.waitFor('job-0000');
  terminal.send('E');
  await terminal.waitFor('editing');
  terminal.send('\u001a');
  await terminal.waitFor('Stopped');
  terminal.send('fg\r');
  await terminal.waitFor(/Stopped.*fg/s);
  // Not a carriage return: the shell may still have the terminal, which then makes no line of it for the editor.
  terminal.send('\n');
  await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
});

it('shows a file in $PAGER, also with --read-only, where the editor is not available', async () => {
  const home = await homeWithJobs(1);
  writeFileSync(join(home, 'scheduler.log'), 'what it did\n');
  const terminal = openDashboardIn(home, {
    args: ['--read-only'],
    env: { PAGER: program('cat "$1"; read -r line') },
  });
  await terminal.waitFor('job-0000');
  terminal.send(':edit the settings\r');
  await terminal.waitFor('was opened with --read-only');
  expect(existsSync(join(home, 'settings.yaml'))).toBe(false);
  terminal.send(':scheduler log\r');
  await terminal.waitFor('what it did');
  terminal.send('\r');
  await terminal.waitFor('job-0000');
});

it('copies to the clipboard of the terminal', async () => {
  const terminal = openDashboardIn(await homeWithJobs(1));
  await terminal.waitFor('job-0000');
  terminal.send('y');
  await terminal.waitFor('Copied job-0000.');
  expect(terminal.raw).toContain(`\u001b]52;c;${Buffer.from('job-0000').toString('base64')}\u0007`);
});

it('shows in $PAGER what doctor says', async () => {
  const home = await homeWithJobs(1);
  const pager = program('cat "$1"; printf "seen? "; read -r answer');
  const terminal = openDashboardIn(home, { env: { PAGER: pager } });
  await terminal.waitFor('job-0000');
  terminal.send(':doctor\r');
  expect(await terminal.waitFor('seen?')).toContain('time zones');
  terminal.send('\r');
  await terminal.waitFor((screen) => terminal.onAlternateScreen && screen.includes('job-0000'));
});
