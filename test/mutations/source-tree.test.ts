import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../temp-folder.ts';

interface Edit {
  symbol: string;
  find: string;
  replace: string;
}
interface Tree {
  edited(edits: readonly Edit[]): Map<string, string>;
}

// A plain module, as the program that makes the mutations runs without a build.
const { SourceTree }: { SourceTree: new (folder: string) => Tree } = await import(
  new URL('source-tree.mjs', import.meta.url).href
);

function treeOf(files: Record<string, string>) {
  const folder = tempFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const tree = new SourceTree(folder);
  return (...edits: [string, string, string][]) => {
    const texts = tree.edited(edits.map(([symbol, find, replace]) => ({ symbol, find, replace })));
    return Object.fromEntries([...texts].map(([file, text]) => [file.slice(folder.length + 1), text]));
  };
}

const LOCK = `export class Lock {
  readonly #file = 'lock';

  take(): void {
    check(this.#file);
  }

  #drop(): void {
    check(this.#file);
  }
}

export const RULES = {
  check: () => check('rule'),
  other: 'rule',
};

function check(file: string): void {
  if (file) return;
}
`;

it('changes a text in a member, a private member, a function or a property only', () => {
  const edit = treeOf({ 'a/lock.ts': LOCK });
  const changed = (...edits: Parameters<typeof edit>) => edit(...edits)['a/lock.ts'];
  const inTake = LOCK.replace('check(this.#file);', 'void 0;');
  expect(changed(['Lock.take', 'check(this.#file)', 'void 0'])).toBe(inTake);
  expect(changed(['Lock.#file', "'lock'", "'key'"])).toBe(LOCK.replace("'lock'", "'key'"));
  expect(changed(['RULES.check', "'rule'", "'law'"])).toBe(LOCK.replace("'rule'", "'law'"));
  expect(changed(['check', 'if (file) return;', ''])).toBe(LOCK.replace('if (file) return;', ''));
  const both = changed(['Lock.take', 'check(this.#file)', 'void 0'], ['Lock.#drop', 'check(this.#file)', '']);
  expect(both).toBe(inTake.replace('check(this.#file)', ''));
});

it('refuses a text that the symbol does not contain exactly once', () => {
  const edit = treeOf({ 'lock.ts': LOCK });
  expect(() => edit(['Lock', 'check(this.#file)', ''])).toThrow(
    'Lock contains "check(this.#file)" 2 times, not once',
  );
  expect(() => edit(['Lock.take', "'lock'", ''])).toThrow(`Lock.take contains "'lock'" 0 times`);
});

it('finds a symbol in any file, and where several files declare it by the text', () => {
  const edit = treeOf({ 'a/one.ts': 'const LIMIT = 1;\n', 'b/other.tsx': 'export const LIMIT = 2;\n' });
  expect(edit(['LIMIT', '2', '3'])).toEqual({ 'b/other.tsx': 'export const LIMIT = 3;\n' });
  expect(() => edit(['LIMIT', 'LIMIT', 'x'])).toThrow('LIMIT contains "LIMIT" 2 times');
  expect(() => edit(['NONE', '1', '2'])).toThrow('NONE contains "1" 0 times');
});
