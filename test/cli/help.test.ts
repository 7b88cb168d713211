import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../build/command-tree.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { VERSION } from '../../src/core/lib/program.ts';
import { shopHome } from './shop-home.ts';

const leaves = allCommands(buildProgram()).filter(({ command }) => command.commands.length === 0);

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe.each(leaves)('the help of $path', ({ path, command }) => {
  it('has an example of this command, says what --json prints and shows the global flags', () => {
    const help = helpOf(command);
    expect(help).toContain(`$ quickscrape ${path}`);
    expect(help).toContain('--json prints: ');
    expect(help).toContain('--home <dir>');
  });
});

it('is printed with exit code 0 for --help, for help, and without arguments', async () => {
  const { program } = shopHome({});
  for (const args of [['--help'], ['help'], []]) {
    const said = await program(...args);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('First steps:');
  }
  expect((await program('job', 'create', '--help')).stdout).toContain('--schedule <kind>');
  expect((await program('help', 'job')).stdout).toContain('history');
  const ofRun = await program('--home', 'help', 'help', 'job', 'run');
  expect(ofRun).toEqual(await program('job', 'run', '--help'));
  expect(ofRun).toMatchObject({ code: 0, stdout: expect.stringContaining('quickscrape job run') });
  const { stdout, ...rest } = await program('--version');
  expect(rest).toEqual({ code: 0, stderr: '' });
  // Each build has a version of its own.
  expect(stdout).toMatch(/^[\d.]+\+[\da-f]{8}\n$/);
  expect(stdout.startsWith(`${VERSION}+`)).toBe(true);
});

it('makes no home folder', async () => {
  const { home } = shopHome({});
  const { quickscrape } = await import('../program.ts');
  const { existsSync } = await import('node:fs');
  const absent = `${home}/absent`;
  await quickscrape(['--help'], { home: absent });
  await quickscrape(['completion', 'bash'], { home: absent });
  expect(existsSync(absent)).toBe(false);
});
