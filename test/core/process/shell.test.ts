import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { defaultPrograms, shellCall, startProblem, startScript } from '../../../src/core/process/shell.ts';
import { it } from '../../extend.ts';

describe('a command of the user', () => {
  it('goes through cmd.exe on Windows, which finds scripts such as code.cmd and keeps the quotes', () => {
    const { file, args, windowsVerbatimArguments } = shellCall(
      'code --wait',
      'C:\\My Home\\a.yaml',
      'win32',
      {
        SystemRoot: 'D:\\Windows',
      },
    );
    expect(file).toBe('D:\\Windows\\System32\\cmd.exe');
    expect(args).toEqual(['/d', '/s', '/c', '"code --wait "C:\\My Home\\a.yaml""']);
    expect(windowsVerbatimArguments).toBe(true);
  });

  it.each(['linux', 'darwin', 'freebsd'])('goes through sh on %s, with the file as one word', (platform) => {
    expect(shellCall('vi', '/home/a b.yaml', platform)).toEqual({
      file: '/bin/sh',
      args: ['-c', 'trap : INT QUIT; vi "$@"', 'vi', '/home/a b.yaml'],
      windowsVerbatimArguments: false,
    });
  });

  it('gets the file under its name on this system, whatever blanks are in it', ({ folder }) => {
    const [script, file] = [join(folder, 'write name.cjs'), join(folder, 'a file.yaml')];
    writeFileSync(script, "require('node:fs').writeFileSync(process.argv[2], 'written')");
    const {
      file: shell,
      args,
      windowsVerbatimArguments,
    } = shellCall(`"${process.execPath}" "${script}"`, file);
    const { status, stderr } = spawnSync(shell, args, { windowsVerbatimArguments, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toBe('written');
  });

  it('that does not exist is told from one that fails, on this system, too', ({ folder }) => {
    const { file: shell, args, windowsVerbatimArguments } = shellCall('quickscrape-no-such-editor', folder);
    const { status } = spawnSync(shell, args, { windowsVerbatimArguments });
    expect(startProblem(status)).toBe('was not found');
    expect(startProblem(1)).toBeUndefined();
    expect(startProblem(126, 'linux')).toBe('cannot be executed');
    expect(startProblem(9009, 'win32')).toBe('was not found');
  });
});

it('the programs for a text where none is named are those of the system', () => {
  expect(defaultPrograms('win32')).toEqual({ editor: 'notepad', pager: 'more' });
  expect(defaultPrograms('darwin')).toEqual({ editor: 'vi', pager: 'less' });
});

it('npx is started through a shell on Windows alone, where it is a script', () => {
  expect(startScript(['npx', 'quickscrape-jobs'], 'win32')).toEqual(['cmd', '/c', 'npx', 'quickscrape-jobs']);
  expect(startScript(['npx', 'quickscrape-jobs'], 'darwin')).toEqual(['npx', 'quickscrape-jobs']);
});
