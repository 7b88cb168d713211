import { afterEach, expect, it, vi } from 'vitest';
import { chooseWatch, MAX_CHOKIDAR_FILES } from '../../../src/core/fs/folder-events.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['an empty folder', 0, 'linux', 'chokidar'],
  ['a hundred files', MAX_CHOKIDAR_FILES, 'linux', 'chokidar'],
  ['hundreds, each copied into after its run', 300, 'linux', 'folder'],
  ['one more', MAX_CHOKIDAR_FILES + 1, 'linux', 'folder'],
  ['a large folder on a Mac', 100_000, 'darwin', 'folder'],
  ['a large folder on Windows', 100_000, 'win32', 'folder'],
  ['a large folder where a watch does not report writes', 100_000, 'freebsd', 'chokidar'],
] as const)('chooses for %s (%i, %s): %s', (_case, files, platform, kind) => {
  expect(chooseWatch(files, platform)).toBe(kind);
});

it('polls through chokidar where it is configured, at any size', () => {
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
  expect(chooseWatch(100_000, 'linux')).toBe('chokidar');
});
