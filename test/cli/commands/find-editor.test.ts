import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import {
  findEditor,
  isOlderVersion,
  parseEditorVersion,
  requireEditor,
} from '../../../src/cli/commands/find-editor.ts';
import { it } from '../../extend.ts';

it('reads the version of each editor', () => {
  expect(parseEditorVersion('NVIM v0.10.4\nBuild type: Release\n')).toBe('0.10.4');
  expect(parseEditorVersion('NVIM v0.11.0-dev-12+gabc\n')).toBe('0.11.0');
  expect(parseEditorVersion('GNU Emacs 30.1\nCopyright 2025\n')).toBe('30.1');
  expect(parseEditorVersion('1.96.2\nfabdb6a30b49f79a7aba0f2ad9df9b399473380f\nx64\n')).toBe('1.96.2');
  expect(parseEditorVersion('not an editor\n1.0')).toBeUndefined();
});

it('compares versions by their numbers', () => {
  expect(isOlderVersion('0.9.5', '0.10')).toBe(true);
  expect(isOlderVersion('0.10.0', '0.10')).toBe(false);
  expect(isOlderVersion('0.10', '0.10')).toBe(false);
  expect(isOlderVersion('27.2', '28.1')).toBe(true);
  expect(isOlderVersion('30.1', '28.1')).toBe(false);
});

it.skipIf(process.platform === 'win32')(
  'takes the first program on the PATH, and the one that is named',
  ({ folder }) => {
    const program = (place: string, name: string, mode = 0o755) => {
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, place, name), '#!/bin/sh\n');
      chmodSync(join(folder, place, name), mode);
      return join(folder, place, name);
    };
    const PATH = ['a', 'b', 'c'].map((name) => join(folder, name)).join(delimiter);
    expect(findEditor('vscode', { PATH })).toBeUndefined();
    expect(findEditor('vscode', {})).toBeUndefined();
    const cursor = program('a', 'cursor');
    expect(findEditor('vscode', { PATH })).toBe(cursor);
    program('a', 'code', 0o644);
    mkdirSync(join(folder, 'b', 'code'), { recursive: true });
    const code = program('c', 'code');
    expect(findEditor('vscode', { PATH })).toBe(code);
    expect(requireEditor('vscode', cursor)).toBe(cursor);
    expect(() => requireEditor('vscode', join(folder, 'nothing'))).toThrow(/nothing is not a program/);
    expect(() => requireEditor('neovim', 'no-such-editor')).toThrow(/no-such-editor is not a program/);
  },
);
