import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { hasFileModes, makePrivate, openMode, permissionBits } from '../../../src/core/fs/file-modes.ts';
import { it } from '../../extend.ts';

it('says which mode opens a file to others, and nothing on Windows, where modes mean nothing', ({
  folder,
}) => {
  const file = join(folder, 'secrets.env');
  writeFileSync(file, 'A=1\n');
  chmodSync(file, 0o644);
  expect(openMode(file, 'win32')).toBeUndefined();
  expect(permissionBits(file, 'win32')).toBeUndefined();
  expect(permissionBits(join(folder, 'missing'), 'linux')).toBeUndefined();
  expect(openMode(file)).toBe(hasFileModes() ? '0644' : undefined);
});

it('makes an open file private, where files have modes', ({ folder }) => {
  const file = join(folder, 'run.log');
  writeFileSync(file, '');
  chmodSync(file, 0o666);
  const fd = openSync(file, 'r+');
  makePrivate(fd);
  closeSync(fd);
  expect(permissionBits(file)).toBe(hasFileModes() ? 0o600 : undefined);
});
