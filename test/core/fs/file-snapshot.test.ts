import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileStamp } from '../../../src/core/fs/file-stamp.ts';
import { FileSnapshot } from '../../../src/core/fs/file-stamp.ts';

/** Files of which each version is a number; looking at those in `broken` fails. */
class Files {
  readonly versions = new Map<string, number>();
  readonly broken = new Set<string>();

  ids(): string[] {
    return [...this.versions.keys()].sort();
  }

  stamp(name: string): FileStamp | undefined {
    if (this.broken.has(name)) throw new Error(`cannot look at ${name}`);
    const version = this.versions.get(name);
    // Two versions differ in any one of the four numbers.
    const numbers = [7, 7, 7, 7].map((number, index) =>
      version !== undefined && index === version % 4 ? 8 + Math.floor(version / 4) + 0.25 : number,
    );
    const [ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = numbers;
    return version === undefined ? undefined : { ino, size, mtimeMs, ctimeMs };
  }
}

const NAMES = ['a', 'b', 'c', 'd', 'e'];

it('reports each changed, new and removed file once', () => {
  const change = fc.record({
    name: fc.constantFrom(...NAMES),
    version: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    look: fc.constantFrom('none', 'all', 'some'),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const files = new Files();
      files.versions.set('a', 1);
      const book = new FileSnapshot(files);
      const told = new Map(files.versions);
      for (const { name, version, look } of changes) {
        if (version === undefined) files.versions.delete(name);
        else files.versions.set(name, version);
        if (look === 'none') continue;
        const asked = look === 'all' ? NAMES : ['a', 'c', name];
        const expected = new Set(asked.filter((each) => told.get(each) !== files.versions.get(each)));
        const found = look === 'all' ? book.compareAll() : book.compare([...new Set(asked)]);
        expect(found.sort()).toEqual([...expected].sort());
        for (const each of asked) {
          const now = files.versions.get(each);
          if (now === undefined) told.delete(each);
          else told.set(each, now);
        }
      }
    }),
  );
});

it('keeps hundreds of files apart while some go and others come', () => {
  const files = new Files();
  const name = (index: number) => `file-${index}`;
  for (let index = 0; index < 300; index += 1) files.versions.set(name(index), index);
  const book = new FileSnapshot(files);
  expect(book.compareAll()).toEqual([]);
  for (let index = 0; index < 300; index += 3) files.versions.delete(name(index));
  for (let index = 300; index < 700; index += 1) files.versions.set(name(index), index);
  expect(book.compareAll()).toHaveLength(100 + 400);
  expect(book.compareAll()).toEqual([]);
  for (let index = 1; index < 300; index += 3) files.versions.set(name(index), index + 1);
  expect(book.compareAll()).toHaveLength(100);
});

it('an unreadable file hides no change of another file', () => {
  const files = new Files();
  for (const name of NAMES) files.versions.set(name, 1);
  const book = new FileSnapshot(files);
  files.versions.set('a', 2);
  files.versions.delete('b');
  files.broken.add('d');
  expect(() => book.compare(NAMES)).toThrow('cannot look at d');
  expect(() => book.compareAll()).toThrow('cannot look at d');
  files.broken.clear();
  expect(book.compareAll().sort()).toEqual(['a', 'b']);
});
