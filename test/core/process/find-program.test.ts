import { describe, expect, it } from 'vitest';
import { findProgramProblem, programEndings, searchPath } from '../../../src/core/process/find-program.ts';

/** A disk on which only these files exist; Windows finds them under any spelling. */
function disk(files: readonly string[]) {
  const spelling = (file: string) => file.toLowerCase().replaceAll('\\', '/');
  const known = files.map(spelling);
  return (file: string) => (known.includes(spelling(file)) ? undefined : `${file} does not exist`);
}

describe('on Windows, a program', () => {
  const files = ['c:\\tools\\mail.cmd', 'c:\\home\\own.exe', 'c:\\home\\bin\\step.bat', 'd:\\x\\run.exe'];
  const search = (program: string) =>
    findProgramProblem(
      program,
      { folder: 'C:\\home', path: 'C:\\none;C:\\tools', platform: 'win32', endings: '.EXE;.CMD;.BAT' },
      disk(files),
    );

  it.each(['mail', 'MAIL', 'mail.cmd', 'own', 'bin\\step', 'bin/step.bat', 'D:\\x\\run', 'd:/x/run.exe'])(
    '%s is found, with or without its ending',
    (program) => {
      expect(search(program)).toBeUndefined();
    },
  );

  it.each([
    ['mail.exe', /mail\.exe is not on the PATH/],
    ['step', /step is not on the PATH/],
    ['bin\\gone', /C:\\home\\bin\\gone does not exist/],
    ['D:\\x\\other.exe', /D:\\x\\other\.exe does not exist/],
  ])('%s is not', (program, problem) => {
    expect(search(program)).toMatch(problem);
  });
});

describe.each(['linux', 'darwin'])('on %s, a program', (platform) => {
  const search = (program: string) =>
    findProgramProblem(
      program,
      { folder: '/home/me', path: '/bin:/opt/tools', platform },
      disk(['/opt/tools/mail', '/home/me/own', '/home/me/mail.cmd']),
    );

  it('is found in the PATH, and by its path from the home', () => {
    expect(search('mail')).toBeUndefined();
    expect(search('./own')).toBeUndefined();
    expect(search('/opt/tools/mail')).toBeUndefined();
  });

  it('has no endings of its own, and is not searched in the home', () => {
    expect(search('own')).toMatch(/own is not on the PATH/);
    expect(search('/opt/tools/mail.exe')).toBe('/opt/tools/mail.exe does not exist');
  });
});

it('finds the program that runs this test, by its path and in a PATH', () => {
  expect(findProgramProblem(process.execPath, { folder: '.' })).toBeUndefined();
  expect(findProgramProblem('quickscrape-no-such-program', { folder: '.' })).toMatch(/is not on the PATH/);
});

it('reads the PATH under each spelling of its name', () => {
  expect(searchPath({ Path: 'C:\\a' })).toBe('C:\\a');
  expect(searchPath({ PATH: '/bin' })).toBe('/bin');
  expect(searchPath({})).toBe('');
});

it('a program has endings on Windows alone', () => {
  expect(programEndings({ PATHEXT: '.EXE;.CMD' }, 'win32')).toEqual(['.EXE', '.CMD']);
  expect(programEndings({}, 'win32')).toContain('.EXE');
  expect(programEndings({ PATHEXT: '.EXE' }, 'darwin')).toEqual([]);
});
