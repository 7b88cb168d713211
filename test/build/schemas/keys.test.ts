import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import {
  KEY_ALIASES,
  KEY_NAMES,
  MODIFIERS,
  parseKeyFile,
  RESERVED_KEYS,
} from '../../../src/tui/app/key-file.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { propertyRuns } from '../../property-runs.ts';
import { compileSchema } from './editor-ajv.ts';

const schemaAccepts = compileSchema('keys');

function programAccepts(keys: Record<string, unknown>): boolean {
  return parseKeyFile(stringify(keys), ACTIONS).problems.length === 0;
}

const anyCase = (word: fc.Arbitrary<string>) =>
  fc.tuple(word, fc.boolean()).map(([each, isUpper]) => (isUpper ? each.toUpperCase() : each));
const base = fc.oneof(
  anyCase(fc.constantFrom(...KEY_NAMES, ...Object.keys(KEY_ALIASES))),
  fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
  fc.constantFrom('crtl', 'f13', '+', '-', '😀', ''),
);
const modifiers = fc.array(anyCase(fc.constantFrom(...MODIFIERS, 'meta')), { maxLength: 2 });
const single = fc
  .tuple(modifiers, fc.constantFrom('+', '-'), base)
  .map(([before, joint, last]) => [...before, last].join(joint));
const chord = fc.array(single, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
const binding = fc.oneof(
  chord,
  fc.constantFrom(...Object.keys(RESERVED_KEYS)),
  fc.array(chord, { maxLength: 3 }),
  fc.constantFrom<unknown>('disabled', null, true, 0, 9, 10, 1.5, [], [['q']], {}, ['disabled'], [5]),
);

it('the schema of keys accepts every key that the dashboard accepts', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom('jobs.run', 'help.open'), binding, (id, keys) => {
      if (!programAccepts({ [id]: keys })) return;
      accepted += 1;
      expect(schemaAccepts({ [id]: keys }), JSON.stringify({ [id]: keys })).toBe(true);
    }),
    { numRuns: propertyRuns(2_000) },
  );
  expect(accepted).toBeGreaterThan(propertyRuns(200));
});

it('the schema of keys accepts each action with its usual keys, and the documented example', () => {
  for (const { id, keys } of ACTIONS)
    if (keys.length > 0) expect(schemaAccepts({ [id]: [...keys] }), `${id}: ${keys.join(', ')}`).toBe(true);
  expect(schemaAccepts(parse(codeBlocks('docs/reference/dashboard.md', 'yaml')[0] ?? ''))).toBe(true);
});

it.each<[what: string, keys: Record<string, unknown>]>([
  ['a misspelt action', { 'timeline.opne': 'x' }],
  ['a misspelt modifier', { 'jobs.delete': 'crtl+d' }],
  ['a key that there is not', { 'jobs.delete': 'f13' }],
  ['a key that always quits', { 'help.open': 'ctrl+c' }],
  ['such a key in a chord', { 'help.open': ['g Ctrl-C'] }],
  ['no key', { 'help.open': null }],
  ['true, which is no key', { 'help.open': true }],
  ['a list within a list', { 'program.quit': [['q']] }],
  ['a number of two digits', { 'help.open': 12 }],
])('the schema of keys refuses %s, as the dashboard does', (_what, keys) => {
  expect(programAccepts(keys)).toBe(false);
  expect(schemaAccepts(keys)).toBe(false);
});
