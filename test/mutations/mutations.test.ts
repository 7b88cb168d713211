import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Edit {
  symbol: string;
  find: string;
  replace: string;
}
interface Mutation {
  name: string;
  edits: Edit[];
  test: { file: string; title: string };
}

// Plain modules, as the program that makes the mutations runs without a build.
const load = (name: string) => import(new URL(name, import.meta.url).href);
const { MUTATIONS }: { MUTATIONS: readonly Mutation[] } = await load('mutations.mjs');
const { SourceTree } = await load('source-tree.mjs');

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const sources = new SourceTree(path('src'));

describe.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
  'the mutation of “%s” in test/mutations',
  (_, { edits, test }) => {
    it('changes a text that its symbol contains exactly once', () => {
      expect(sources.edited(edits).size).toBeGreaterThan(0);
      for (const { find, replace } of edits) expect(replace).not.toBe(find);
    });

    it('names an existing test', () => {
      const { file, title } = test;
      const text = existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '';
      expect(text.includes(`'${title}'`), `"${title}" in ${file}`).toBe(true);
    });
  },
);

it('no two mutations have one name, and there are enough of them', () => {
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(20);
});
