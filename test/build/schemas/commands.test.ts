import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseCommandFile } from '../../../src/tui/app/command-file.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { compileSchema } from './editor-ajv.ts';

const schemaAccepts = compileSchema('commands');

function programAccepts(file: unknown): boolean {
  return parseCommandFile(stringify(file, { aliasDuplicateObjects: false })).problems.length === 0;
}

const USUAL = { title: 'Show it', scope: 'jobs', argv: ['less', '{job_id}'] };

it('the schema of commands accepts the documented example', () => {
  const text = codeBlocks('docs/reference/dashboard.md', 'yaml').find((block) => block.includes('argv'));
  expect(schemaAccepts(parse(text ?? ''))).toBe(true);
});

it.each<[what: string, file: Record<string, unknown>, isRight: boolean]>([
  ['the least', { a: USUAL }, true],
  ['several views', { a: { ...USUAL, scope: ['jobs', 'runs', 'items'] } }, true],
  [
    'all there is',
    { a: { ...USUAL, key: 'Ctrl-X', footer: 'x', background: true, reads_only: false } },
    true,
  ],
  ['a chord, and a digit', { a: { ...USUAL, key: 'g x' }, b: { ...USUAL, key: 5 } }, true],
  ['numbers among the arguments', { a: { ...USUAL, argv: ['head', '-n', 5] } }, true],
  ['none', {}, true],
  ['a bad name', { 'Show it': USUAL }, false],
  ['no title', { a: { ...USUAL, title: ' ' } }, false],
  ['two lines of a title', { a: { ...USUAL, title: 'a\nb' } }, false],
  ['an unknown view', { a: { ...USUAL, scope: 'log' } }, false],
  ['no view', { a: { ...USUAL, scope: [] } }, false],
  ['no program', { a: { ...USUAL, argv: [] } }, false],
  ['a text for a list', { a: { ...USUAL, argv: 'less' } }, false],
  ['a reserved key', { a: { ...USUAL, key: 'ctrl+c' } }, false],
  ['no such key', { a: { ...USUAL, key: 'f13' } }, false],
  ['an unknown part', { a: { ...USUAL, shell: true } }, false],
  ['a text for a flag', { a: { ...USUAL, background: 'yes' } }, false],
  ['nothing that it needs', { a: {} }, false],
])('schema and dashboard agree on %s', (_, file, isRight) => {
  expect([schemaAccepts(file), programAccepts(file)]).toEqual([isRight, isRight]);
});
