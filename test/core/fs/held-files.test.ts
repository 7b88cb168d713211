import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import {
  isHeldForAMoment,
  renameWithRetry,
  syncToDisk,
  writeFileDurably,
} from '../../../src/core/fs/atomic-file.ts';
import { it } from '../../extend.ts';

const held = (code: string) => Object.assign(new Error(code), { code });

/** A rename that fails so many times at first. */
function renameThatFails(times: number, code: string) {
  let calls = 0;
  return {
    calls: () => calls,
    rename: () => {
      calls += 1;
      if (calls <= times) throw held(code);
    },
  };
}

describe('a file that another program has open for a moment', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is replaced on Windows once it is free: %s', async (code) => {
    const { rename, calls } = renameThatFails(3, code);
    await renameWithRetry('a', 'b', rename, 'win32');
    expect(calls()).toBe(4);
  });

  it.each([
    ['EPERM', 'linux'],
    ['EBUSY', 'darwin'],
    ['ENOSPC', 'win32'],
    ['ENOENT', 'win32'],
  ])('is no reason to wait: %s on %s', async (code, platform) => {
    const { rename, calls } = renameThatFails(1, code);
    await expect(renameWithRetry('a', 'b', rename, platform)).rejects.toThrow(code);
    expect(calls()).toBe(1);
    expect(isHeldForAMoment(held(code), platform)).toBe(false);
  });

  it('is an error on Windows when it stays open', async () => {
    const { rename } = renameThatFails(Number.POSITIVE_INFINITY, 'EBUSY');
    await expect(renameWithRetry('a', 'b', rename, 'win32')).rejects.toThrow('EBUSY');
  });
});

it('a file is replaced while others read it, on this system', async ({ folder }) => {
  const file = join(folder, 'job.json');
  writeFileSync(file, 'old');
  const reader = openSync(file, 'r');
  // On Windows, Node's own readers allow the replacement; one that does not is waited for.
  setTimeout(() => closeSync(reader), 200);
  await writeFileDurably(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['job.json']);
});

it('files and folders are brought to the disk on this system', ({ folder }) => {
  const file = join(folder, 'a');
  writeFileSync(file, 'a');
  syncToDisk(file);
  syncToDisk(folder);
  expect(readFileSync(file, 'utf8')).toBe('a');
});
