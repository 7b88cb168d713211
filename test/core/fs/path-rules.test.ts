import { describe, expect, it } from 'vitest';
import { foreignPathProblem, isDeviceName, pathNames } from '../../../src/core/fs/path-rules.ts';

describe('on Windows, an output path', () => {
  it.each(['C:\\data\\x.csv', 'c:/data/x.csv', '\\\\server\\share\\x.csv', 'a\\b.csv', 'a/b {date}.csv'])(
    '%s is taken',
    (path) => {
      expect(foreignPathProblem(path, 'win32')).toBeUndefined();
    },
  );

  it.each([
    ['ab:c.csv', ':'],
    ['C:\\data\\x.csv:stream', ':'],
    ['a?.csv', '?'],
    ['a*.csv', '*'],
    ['a|b.csv', '|'],
    ['<x>.csv', '<'],
    ['"x".csv', '"'],
  ])('%s is refused, as a name cannot hold it', (path, letter) => {
    expect(foreignPathProblem(path, 'win32')?.reason).toContain(`holds ${letter}`);
  });

  it('is refused when it depends on the current folder of a drive', () => {
    expect(foreignPathProblem('a:b.csv', 'win32')?.reason).toContain('the current folder of the drive a:');
  });

  it('has names between both slashes', () => {
    expect(pathNames('a\\b/c.csv', 'win32')).toEqual(['a', 'b', 'c.csv']);
  });
});

describe.each(['linux', 'darwin'])('on %s, an output path', (platform) => {
  it.each(['/data/x.csv', 'a/b.csv', 'ab:c.csv', 'what?.csv'])('%s is taken', (path) => {
    expect(foreignPathProblem(path, platform)).toBeUndefined();
  });

  it.each([
    ['C:\\data\\x.csv', /a path of Windows/],
    ['c:x.csv', /a path of Windows/],
    ['\\\\server\\share\\x.csv', /a path of Windows/],
    ['a\\b.csv', /a backslash/],
  ])('%s is refused', (path, reason) => {
    expect(foreignPathProblem(path, platform)?.reason).toMatch(reason);
  });

  it('has names between slashes alone', () => {
    expect(pathNames('a\\b/c.csv', platform)).toEqual(['a\\b', 'c.csv']);
  });
});

it.each(['CON', 'nul.csv', 'Com1.tar.gz', 'lpt9 .csv', 'aux:x'])('%s is a device on Windows', (name) => {
  expect(isDeviceName(name)).toBe(true);
});

it.each(['console', 'nullable.csv', 'com10', 'x.con'])('%s is none', (name) => {
  expect(isDeviceName(name)).toBe(false);
});
