import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../build/command-tree.ts';
import { buildProgram } from '../../src/cli/program.ts';

const paths = (program: Command) => allCommands(program).map(({ path }) => path);
const WHOLE = paths(buildProgram());

describe('the tree of commands', () => {
  it('has one branch where a command line names one, wherever its flags are', () => {
    for (const line of [
      ['job', 'list'],
      ['--home', 'list', 'job', '--format', 'json', 'list', '--limit', '3'],
      ['--json', 'job', '--home=x', 'list'],
    ])
      expect(paths(buildProgram(line))).toEqual(['job', 'job list']);
    expect(paths(buildProgram(['list', '--json']))).toEqual(['list']);
  });

  it('has each command that a line names as the whole tree has it', () => {
    for (const { path, command } of allCommands(buildProgram())) {
      const same = allCommands(buildProgram(path.split(' '))).find((each) => each.path === path);
      expect(same?.command.helpInformation(), path).toBe(command.helpInformation());
    }
  });

  it('has all of a group that is named alone, or with a word that it does not know', () => {
    const group = WHOLE.filter((path) => path === 'job' || path.startsWith('job '));
    for (const line of [['job'], ['job', '--help'], ['job', 'help', 'list'], ['job', 'lits']])
      expect(paths(buildProgram(line))).toEqual(group);
  });

  it('is whole where help, completion or a slip may need it', () => {
    for (const line of [[], ['--help'], ['help', 'job'], ['jbo', 'list'], ['complete', '--', 'job', 'l']])
      expect(paths(buildProgram(line))).toEqual(WHOLE);
  });
});
