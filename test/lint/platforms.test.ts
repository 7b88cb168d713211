import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

/** What tells systems apart, or exists on some of them only. */
const SYSTEM_WORDS =
  /process\.platform|'(?:win32|darwin)'|process\.gete?[ug]id|['"`]\/proc\/|\/bin\/(?:sh|ps)'|taskkill|PATHEXT/g;

/** Besides the two rooms, a text about a system that is given as an argument. */
const SYSTEM_ROOMS = /^src\/core\/(?:(?:process|fs)\/|database\/native-sqlite\.ts)/;

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function findSystemNames(text: string): string[] {
  return [...withoutComments(text).matchAll(SYSTEM_WORDS)].map(([word]) => word);
}

it('only src/core/process and src/core/fs ask which system it is; other code asks them for what it needs', () => {
  const found = sourceFiles('src')
    .filter((path) => !SYSTEM_ROOMS.test(path))
    .flatMap((path) => findSystemNames(readFileSync(path, 'utf8')).map((word) => `${path}: ${word}`));
  expect(found).toEqual([]);
});

it.each([
  ["if (process.platform === 'win32') return;", ['process.platform', "'win32'"]],
  ['const me = process.getuid?.();', ['process.getuid']],
  ['read(`/proc/${pid}/stat`)', ['`/proc/']],
  ['// process.platform of a comment', []],
])('finds in %j', (text, words) => {
  expect(findSystemNames(text)).toEqual(words);
});
