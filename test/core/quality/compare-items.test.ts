import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type ChangeRules, EVERY_CHANGE } from '../../../src/core/model/change-rules.ts';
import { compareItems } from '../../../src/core/quality/compare-items.ts';
import { canonicalJson } from '../../../src/core/quality/comparison-key.ts';
import { countedChanges } from '../../../src/core/quality/counted-changes.ts';
import { ItemFile } from '../../../src/core/runs/item-file.ts';
import { isFilled } from '../../../src/core/runs/item-values.ts';
import type { Item } from '../../../src/core/runs/run-files.ts';
import { propertyRuns } from '../../property-runs.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

/** Few values, alike on purpose: so keys repeat, items are equal, and types matter. */
const value = fc.constantFrom<unknown>(
  0,
  1,
  '1',
  '',
  null,
  true,
  [1],
  ['1'],
  [],
  'é\u2028',
  { x: 1, y: [2] },
  { x: 1 },
);
const item = fc.record({ id: value, name: value, price: value }, { requiredKeys: [], noNullPrototype: true });
const items = fc.array(item, { maxLength: 12 });
const key = fc.constantFrom('id', 'name', undefined);

async function opened(folder: string, name: string, text: string): Promise<ItemFile> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const file = await ItemFile.open(path);
  if (!file) throw new Error('it was written just now');
  return file;
}

async function compare(
  folder: string,
  texts: [string, string],
  {
    key: by,
    rules = {},
    ...options
  }: { key?: string | undefined; rules?: Partial<ChangeRules>; limit: number; signal?: AbortSignal },
) {
  const key = by === undefined ? [] : [by];
  const counted = countedChanges({ ...EVERY_CHANGE, ...rules }, key, []);
  const before = await opened(folder, 'before.jsonl', texts[0]);
  const after = await opened(folder, 'after.jsonl', texts[1]);
  try {
    return await compareItems(before, after, { ...options, key, counted });
  } finally {
    await before.close();
    await after.close();
  }
}

/** An item's line, its fields in the opposite order at every level. */
function backwards(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(backwards);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(
    Object.entries(item)
      .reverse()
      .map(([name, inner]) => [name, backwards(inner)]),
  );
}

const lines = (all: readonly unknown[]) => all.map((each) => `${JSON.stringify(each)}\n`).join('');

/** The same comparison as anybody would write it who has all items at hand. */
function model(before: readonly Item[], after: readonly Item[], by: string | undefined) {
  const waiting = [...before];
  const changed: { before: Item; after: Item }[] = [];
  const added: Item[] = [];
  const isSame = (a: Item, b: Item) =>
    by === undefined ? isDeepStrictEqual(a, b) : isFilled(a[by]) && isDeepStrictEqual(a[by], b[by]);
  const left = after.filter((now) => {
    const at = waiting.findIndex((was) => isDeepStrictEqual(was, now));
    if (at >= 0) waiting.splice(at, 1);
    return at < 0;
  });
  for (const now of left) {
    const at = waiting.findIndex((was) => isSame(was, now));
    const [was] = at < 0 ? [] : waiting.splice(at, 1);
    if (!was) added.push(now);
    else changed.push({ before: was, after: now });
  }
  return { added, changed, removed: waiting, unchanged: after.length - left.length };
}

it('finds what a comparison of all items with all items finds', async () => {
  const folder = tempFolderInMemory();
  const check = fc.asyncProperty(items, items, key, async (before, after, by) => {
    const expected = model(before, after, by);
    const found = await compare(folder, [lines(before), lines(after.map(backwards))], {
      key: by,
      limit: 100,
    });
    const { changed, added, removed, unchanged } = found;
    expect({ changed, added, removed, unchanged }).toEqual({
      changed: expected.changed.length,
      added: expected.added.length,
      removed: expected.removed.length,
      unchanged: expected.unchanged,
    });
    const keyOf = (each: Item) => (by !== undefined && Object.hasOwn(each, by) ? each[by] : null);
    expect(found.examples.map(({ fields, ...example }) => example)).toEqual([
      ...expected.changed.map((pair) => ({ kind: 'changed', key: keyOf(pair.after), ...pair })),
      ...expected.added.map((each) => ({ kind: 'added', key: keyOf(each), after: each })),
      ...expected.removed.map((each) => ({ kind: 'removed', key: keyOf(each), before: each })),
    ]);
    for (const { kind, fields = [], before: was = {}, after: now = {} } of found.examples) {
      const names = kind === 'changed' ? ['id', 'name', 'price'] : [];
      expect(new Set(fields)).toEqual(
        new Set(
          names.filter(
            (name) =>
              Object.hasOwn(was, name) !== Object.hasOwn(now, name) ||
              !isDeepStrictEqual(was[name], now[name]),
          ),
        ),
      );
    }
    if (by === undefined) expect(changed).toBe(0);
    expect(found.keyFound).toBe(
      by === undefined || [...before, ...after].some((each) => Object.hasOwn(each, by)),
    );
  });
  await fc.assert(check, { numRuns: propertyRuns(300) });
});

/** What becomes of the items before when the differences are applied to them. */
function applied(before: readonly Item[], { examples }: Awaited<ReturnType<typeof compare>>): Item[] {
  const now = [...before];
  for (const { before: was, after } of examples) {
    const at = was ? now.findIndex((each) => isDeepStrictEqual(each, was)) : now.length;
    now.splice(at, was ? 1 : 0, ...(after ? [after] : []));
  }
  return now;
}

it('the differences, applied to the items before, give those after; in whatever order they stand there are none', async () => {
  const folder = tempFolderInMemory();
  const sorted = (all: readonly Item[]) => all.map((each) => canonicalJson(each)).sort();
  const shuffled = items.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  const check = fc.asyncProperty(shuffled, items, key, async ([before, mixed], after, by) => {
    const found = await compare(folder, [lines(before), lines(after)], { key: by, limit: 100 });
    expect(sorted(applied(before, found))).toEqual(sorted(after));
    const none = await compare(folder, [lines(before), lines(mixed)], { key: by, limit: 100 });
    expect(none).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: before.length, examples: [] });
  });
  await fc.assert(check, { numRuns: propertyRuns(300) });
});

it('a cancelled comparison ends at once', async () => {
  const text = lines([{ id: 1 }]);
  const called = compare(tempFolderInMemory(), [text, text], {
    ...{ key: 'id', limit: 1, signal: AbortSignal.abort(new Error('called off')) },
  });
  await expect(called).rejects.toThrow('called off');
});

it('examples are shared among the kinds, as far as the limit goes', async () => {
  const range = (from: number, to: number, price: number) =>
    Array.from({ length: to - from }, (_, index) => ({ id: from + index, price }));
  const before = lines([...range(0, 50, 1), ...range(500, 502, 1)]);
  const after = lines([...range(0, 50, 2), ...range(100, 200, 1)]);
  const kinds = async (limit: number) => {
    const { examples } = await compare(tempFolderInMemory(), [before, after], { key: 'id', limit });
    return examples.map(({ kind, key }) => `${kind} ${key}`);
  };
  expect(await kinds(0)).toEqual([]);
  expect(await kinds(2)).toEqual(['changed 0', 'added 100']);
  expect(await kinds(8)).toEqual([
    'changed 0',
    'changed 1',
    'changed 2',
    'added 100',
    'added 101',
    'added 102',
    'removed 500',
    'removed 501',
  ]);
});

it('lines that are not items are skipped, and later ones are read from the right place', async () => {
  const before = '{"id":1,"t":"ä"}\n\nnonsense\n[1]\nnull\n{"id":2,"t":"日本"}\n{"id":3,"t":"cut';
  const after = '{"id":1,"t":"a"}\n{"id":2,"t":"japan"}';
  const { examples, ...counts } = await compare(tempFolderInMemory(), [before, after], {
    key: 'id',
    limit: 9,
  });
  expect(counts).toMatchObject({ changed: 2, added: 0, removed: 0, unchanged: 0 });
  expect(examples.map((example) => [example.before?.['t'], example.after?.['t']])).toEqual([
    ['ä', 'a'],
    ['日本', 'japan'],
  ]);
});

it('items by the ten thousand, with lines across the pieces in which a file is read', async () => {
  const text = 'x'.repeat(90);
  const many = Array.from({ length: 20_000 }, (_, id) => ({
    id,
    text: id % 7 === 0 ? text.repeat(1 + (id % 5)) : text,
  }));
  const later = many
    .filter(({ id }) => id % 100 !== 0)
    .map((each) => (each.id % 1000 === 1 ? { ...each, text: '' } : each));
  const huge = { id: 'huge', text: 'y'.repeat(900_000) };
  const texts: [string, string] = [
    lines([...many, huge]),
    lines([{ ...huge, text: '' }, ...later.reverse()]),
  ];
  const { examples, ...counts } = await compare(tempFolderInMemory(), texts, { key: 'id', limit: 100 });
  expect(counts).toMatchObject({ added: 0, removed: 200, changed: 21, unchanged: 19_780 });
  expect(examples.find(({ key: of }) => of === 'huge')?.before).toEqual(huge);
  expect(examples.find(({ key: of }) => of === 100)?.before).toEqual(many[100]);
});

it('a file that was removed after it was opened can still be compared', async () => {
  const folder = tempFolderInMemory();
  const file = await opened(folder, 'gone.jsonl', lines([{ id: 1 }]));
  onTestFinished(() => file.close());
  rmSync(join(folder, 'gone.jsonl'));
  const none = await opened(folder, 'none.jsonl', '');
  onTestFinished(() => none.close());
  expect(
    await compareItems(file, none, { key: [], counted: countedChanges(EVERY_CHANGE, [], []), limit: 1 }),
  ).toMatchObject({
    removed: 1,
    examples: [{ before: { id: 1 } }],
  });
});
