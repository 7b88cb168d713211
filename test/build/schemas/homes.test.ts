import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { readHomesFile } from '../../../src/core/fs/homes-file.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { it } from '../../extend.ts';
import { compileSchema } from './editor-ajv.ts';

const schemaAccepts = compileSchema('homes');

function programAccepts(folder: string, file: unknown): boolean {
  const path = join(folder, 'homes.yaml');
  writeFileSync(path, JSON.stringify(file));
  return readHomesFile(path).problems.length === 0;
}

it('the schema of homes accepts the documented example', () => {
  const text = codeBlocks('docs/how-to/homes.md', 'yaml').find((block) => block.includes('ssh://'));
  expect(schemaAccepts(parse(text ?? ''))).toBe(true);
});

it.for<[what: string, file: Record<string, unknown>, isRight: boolean]>([
  ['a folder', { a: '/srv/x' }, true],
  ['one of the user', { a: '~/x', b: '~' }, true],
  ['another machine', { a: 'ssh://paris/x', b: 'ssh://me@paris.example:22', c: 'ssh://[::1]/x' }, true],
  ['a place with a program', { a: { at: 'ssh://paris/x', program: '~/bin/quickscrape' } }, true],
  ['none', {}, true],
  ['a bad name', { 'My home': '~/x' }, false],
  ['a relative folder', { a: 'x' }, false],
  ['an address with a password', { a: 'ssh://me:secret@paris/x' }, false],
  ['an option in place of a host', { a: 'ssh://-oX/x' }, false],
  ['a program with blanks', { a: { at: 'ssh://paris/x', program: 'a b' } }, false],
  ['an unknown key', { a: { at: '~/x', user: 'me' } }, false],
  ['no place', { a: {} }, false],
  ['a number', { a: 3 }, false],
])('schema and program agree on %s', ([, file, isRight], { folder }) => {
  expect([schemaAccepts(file), programAccepts(folder, file)]).toEqual([isRight, isRight]);
});
