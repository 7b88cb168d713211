import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ListPlace, splitJsonList } from '../../../src/scrape/crawl/split-json-list.ts';

const PLACE: ListPlace = { steps: [], isLines: false, partBytes: 20, maxEntryBytes: 1_000 };

/** Splits a text that arrives in pieces of the given sizes. */
async function split(text: string | Buffer, place: Partial<ListPlace> = {}, sizes: readonly number[] = [7]) {
  const bytes = Buffer.from(text);
  const body = async function* () {
    for (let at = 0, index = 0; at < bytes.length; index++) {
      const size = sizes[index % sizes.length] ?? 1;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  };
  const parts: { json: unknown; before: number }[] = [];
  for await (const { json, before } of splitJsonList(body(), { ...PLACE, ...place }))
    parts.push({ json: JSON.parse(json.toString('utf8')), before });
  return parts;
}

/** Puts a list where the steps lead, among other members. */
function wrap(list: unknown, steps: readonly (string | number)[], others: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return list;
  const inner = wrap(list, rest, others);
  if (typeof step === 'number') return [...Array.from({ length: step }, () => others), inner, others];
  return { ' before': others, [step]: inner, ' after': others };
}

function unwrap(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce((inner, step) => (inner as Record<string | number, unknown>)[step], value);
}

const steps = () =>
  fc.array(
    fc.oneof(
      fc.string({ minLength: 1 }).filter((name) => !/^( |__proto__$)/.test(name)),
      fc.nat(3),
    ),
    {
      maxLength: 3,
    },
  );
const sizes = () => fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('splitting a list within JSON', () => {
  it('gives all entries in their order, in parts of the same shape, however the answer arrives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        steps(),
        fc.jsonValue(),
        sizes(),
        fc.constantFrom(undefined, 2),
        async (list, way, others, pieces, indent) => {
          const text = JSON.stringify(wrap(list, way, others), null, indent);
          const parts = await split(text, { steps: way, maxEntryBytes: 100_000 }, pieces);
          const entries = parts.map(({ json }) => unwrap(json, way) as unknown[]);
          expect(entries.flat(1)).toEqual(JSON.parse(JSON.stringify(list)));
          expect(parts.length).toBeGreaterThan(0);
          let count = 0;
          for (const [index, { before }] of parts.entries()) {
            expect(before).toBe(count);
            count += entries[index]?.length ?? 0;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives all lines of JSON Lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ value: fc.jsonValue() })),
        sizes(),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n'),
        fc.boolean(),
        async (entries, pieces, end, isOpen) => {
          const lines = entries.map((entry) => JSON.stringify(entry)).join(end);
          const parts = await split(isOpen ? lines : `${lines}${end}`, { maxEntryBytes: 100_000 }, pieces);
          expect(parts.flatMap(({ json }) => json)).toEqual(JSON.parse(JSON.stringify(entries)));
        },
      ),
    );
  });

  it('ends a part with the entry that makes it large enough', async () => {
    const list = Array.from({ length: 9 }, (_, id) => ({ id, text: 'ten bytes.' }));
    const parts = await split(JSON.stringify(list), { partBytes: 50 });
    expect(parts.map(({ json }) => (json as unknown[]).length)).toEqual([2, 2, 2, 2, 1]);
  });

  it('splits the members of an object', async () => {
    const products = { a: { n: 1 }, b: { n: 2 }, '],}': { n: 3 } };
    const parts = await split(JSON.stringify({ products }), { steps: ['products'], partBytes: 1 });
    expect(parts.map(({ json }) => json)).toEqual([
      { products: { a: { n: 1 } } },
      { products: { b: { n: 2 } } },
      { products: { '],}': { n: 3 } } },
    ]);
  });

  it('keeps the digits of large numbers', async () => {
    const body = async function* () {
      yield Buffer.from('{"ids":[12345678901234567890, 1.10]}');
    };
    const texts: string[] = [];
    for await (const { json } of splitJsonList(body(), { ...PLACE, steps: ['ids'], partBytes: 100 }))
      texts.push(json.toString());
    expect(texts).toEqual(['{"ids":[12345678901234567890, 1.10]}']);
  });

  it('ignores a byte order mark, and what guards an answer or calls a function', async () => {
    expect(await split('\uFEFF[1]')).toEqual([{ json: [1], before: 0 }]);
    expect(await split('\uFEFF{"a":1}\n{"a":2}')).toEqual([{ json: [{ a: 1 }, { a: 2 }], before: 0 }]);
    expect(await split(")]}',\n[1]")).toEqual([{ json: [1], before: 0 }]);
    expect(await split('callback([1]);')).toEqual([{ json: [1], before: 0 }]);
  });

  it('gives nothing where there is no such list', async () => {
    expect(await split('{"rows":null,"other":[1]}', { steps: ['rows'] })).toEqual([]);
    expect(await split('[{"rows":[1]}]', { steps: ['rows'] })).toEqual([]);
    expect(await split('"text [1]"')).toEqual([]);
  });

  it('says where an answer ends too early', async () => {
    await expect(split('{"rows":[1,2', { steps: ['rows'] })).rejects.toThrow(
      'ends within its list, after 1 entry',
    );
    await expect(split('{"a":{"b":1', { steps: ['rows'] })).rejects.toThrow('ends before it is complete');
  });

  it('refuses markup, and an entry that is too large', async () => {
    await expect(split('<html>[1]')).rejects.toThrow('begins with "<"');
    const large = JSON.stringify([1, 'x'.repeat(2_000)]);
    await expect(split(large)).rejects.toThrow('has an entry over 1.0 KB, after 1 other');
  });
});
