import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Mutation {
  name: string;
  edits: { file: string; find: string; replace: string }[];
  test: { file: string; title: string };
}

// A plain module, for the program that takes the guards out runs without a build.
const { MUTATIONS }: { MUTATIONS: readonly Mutation[] } = await import(
  new URL('mutations.mjs', import.meta.url).href
);

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

describe.each(MUTATIONS.map((guard) => [guard.name, guard] as const))(
  'the guard “%s” of test/mutations/mutations.mjs',
  (_, guard) => {
    it('stands in the code exactly once, as the list says', () => {
      for (const { file, find, replace } of guard.edits) {
        expect(readFileSync(path(file), 'utf8').split(find).length - 1, `"${find}" in ${file}`).toBe(1);
        expect(replace).not.toBe(find);
      }
    });

    it('has the test that the list names', () => {
      const { file, title } = guard.test;
      const text = existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '';
      expect(text.includes(`'${title}'`), `"${title}" in ${file}`).toBe(true);
    });
  },
);

it('no two guards have one name, and there are enough of them', () => {
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(20);
});
