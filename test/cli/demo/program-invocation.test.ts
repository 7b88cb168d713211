import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programInvocation } from '../../../src/cli/demo/demo-shop.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

function clone(name = 'quickscrape-jobs'): { folder: string; program: string } {
  const folder = join(tempFolder(), name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const program = join(folder, 'dist', 'cli.js');
  writeFileSync(program, '');
  return { folder, program };
}

describe('the command that a message tells a person to type', () => {
  it('is node and the file, seen from the folder in which they stand', () => {
    const { folder, program } = clone();
    expect(programInvocation({ folder, path: '/usr/bin' }, program)).toBe('node dist/cli.js');
  });

  it('names the whole file where the way to it is longer, in quotes when it needs them', () => {
    const { program } = clone('my clone');
    const far = `/${'deep/'.repeat(program.length)}`;
    expect(programInvocation({ folder: far, path: '' }, program)).toBe(`node '${program}'`);
  });

  it.skipIf(lacks('links'))('is quickscrape when PATH leads to this very program', () => {
    const { folder, program } = clone();
    const bin = tempFolder();
    symlinkSync(program, join(bin, 'quickscrape'));
    expect(programInvocation({ folder, path: ['/usr/bin', bin].join(delimiter) }, program)).toBe(
      'quickscrape',
    );
  });

  it.skipIf(lacks('links'))(
    'is not quickscrape when that is another installation, or is only on the PATH of npm’s scripts',
    () => {
      const { folder, program } = clone();
      const bin = tempFolder();
      symlinkSync(clone().program, join(bin, 'quickscrape'));
      const scripts = join(folder, 'node_modules', '.bin');
      mkdirSync(scripts, { recursive: true });
      symlinkSync(program, join(scripts, 'quickscrape'));
      expect(programInvocation({ folder, path: [bin, scripts].join(delimiter) }, program)).toBe(
        'node dist/cli.js',
      );
    },
  );
});
