import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasTitle, Screen } from '../../../../src/tui/runtime/terminal/screen.ts';
import { tempFolder } from '../../../temp-folder.ts';
import { waitFor } from '../../../wait-for.ts';

/** A screen that draws into a file, and what it has written. */
function screenInFile(title: string | undefined, cursor = false) {
  const file = join(tempFolder(), 'terminal');
  const fd = openSync(file, 'a');
  onTestFinished(() => closeSync(fd));
  const out = { fd, columns: 80, rows: 24, write: (bytes: string) => writeSync(fd, bytes) > 0 };
  const screen = new Screen(out as unknown as NodeJS.WriteStream, { mouse: false, title, cursor });
  return { screen, written: () => readFileSync(file, 'utf8') };
}

it('gives the window a title, keeps the one it had, and gives that back each time it is left', () => {
  const { screen, written } = screenInFile('QuickScrape ~/a\u0007\u001b]52;c;x');
  screen.enter();
  screen.leave();
  screen.enter();
  screen.leave();
  screen.leave();
  const sets = written().split('\u001b[22;0t\u001b]2;QuickScrape ~/a');
  expect(sets).toHaveLength(3);
  expect(sets[1]?.slice(0, sets[1].indexOf('\u0007'))).toMatch(/^\P{Cc}*$/u);
  expect(written().split('\u001b[23;0t')).toHaveLength(3);
  expect(written().lastIndexOf('\u001b[23;0t')).toBeGreaterThan(written().lastIndexOf('\u001b[22;0t'));
});

it('puts the terminal’s cursor at the selection, and shows it for screen readers', async () => {
  const { screen, written } = screenInFile(undefined, true);
  screen.enter();
  screen.canvas.write('Jobs\n\u001b[7ma\u001b[27m\nb');
  await waitFor('the cursor', () => written().endsWith('\u001b[2;1H'));
  // The same texts: only the selection has moved.
  screen.canvas.write('Jobs\na\n\u001b[7mb\u001b[27m');
  await waitFor('the cursor', () => written().endsWith('\u001b[3;1H'));
  // A log, in which nothing is selected, is read from its top.
  screen.canvas.write('Log\none\ntwo');
  await waitFor('the cursor', () => written().endsWith('\u001b[2;1H'));
  screen.leave();
  expect(written()).toContain('\u001b[?25h');
  expect(written().indexOf('\u001b[?25h')).toBeLessThan(written().indexOf('Jobs'));
});

it('leaves the title alone where it has none to give', () => {
  const { screen, written } = screenInFile(undefined);
  screen.enter();
  screen.leave();
  expect(written()).not.toMatch(/\]2;|2[23];0t/);
  expect([{ TERM: 'xterm-256color' }, { TERM: 'tmux' }].map(hasTitle)).toEqual([true, true]);
  expect([{}, { TERM: 'dumb' }, { TERM: 'linux' }].map(hasTitle)).toEqual([false, false, false]);
});
