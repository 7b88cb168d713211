import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FoundList,
  findJsonList,
  type ListPart,
  type ListPlace,
  NoList,
  splitFoundList,
  splitJsonList,
} from '../../../src/scrape/crawl/split-json-list.ts';

const PLACE: ListPlace = { steps: [], isLines: false, partBytes: 20, maxEntryBytes: 1_000 };

interface ParsedPart extends Pick<ListPart, 'before' | 'excerpt'> {
  json: unknown;
}

async function* arrive(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function parseParts(parts: AsyncIterable<ListPart>): Promise<ParsedPart[]> {
  const parsed: ParsedPart[] = [];
  for await (const { json, ...part } of parts)
    parsed.push({ ...part, json: JSON.parse(json.toString('utf8')) });
  return parsed;
}

/** Splits a text that arrives in pieces of the given sizes. */
function split(text: string | Buffer, place: Partial<ListPlace> = {}, sizes: readonly number[] = [7]) {
  return parseParts(splitJsonList(arrive(Buffer.from(text), sizes), { ...PLACE, ...place }));
}

/** Reads a text to its end, and splits the list that counts. */
async function splitWhole(
  text: string | Buffer,
  some: Partial<ListPlace> = {},
  sizes: readonly number[] = [7],
) {
  const bytes = Buffer.from(text);
  const place = { ...PLACE, ...some };
  let list: FoundList | undefined;
  const passed: Buffer[] = [];
  for await (const piece of findJsonList(arrive(bytes, sizes), place, (found) => {
    list = found;
  }))
    passed.push(piece);
  expect(Buffer.concat(passed).equals(bytes)).toBe(true);
  if (list === undefined) throw new Error('no list was found, and no error said so');
  return parseParts(splitFoundList((start) => arrive(bytes.subarray(start), sizes), place, list));
}

async function parseTexts(text: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { json } of splitJsonList(arrive(Buffer.from(text), [7]), PLACE))
    texts.push(json.toString());
  return texts;
}

const plain = (parts: readonly ParsedPart[]) => parts.map(({ json, before }) => ({ json, before }));

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
          expect(await splitWhole(text, { steps: way, maxEntryBytes: 100_000 }, pieces)).toEqual(parts);
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
        fc.array(fc.record({ value: fc.jsonValue() }), { minLength: 1 }),
        sizes(),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n'),
        fc.boolean(),
        async (entries, pieces, end, isOpen) => {
          const lines = entries.map((entry) => JSON.stringify(entry)).join(end);
          const parts = await split(isOpen ? lines : `${lines}${end}`, { maxEntryBytes: 100_000 }, pieces);
          expect(parts.flatMap(({ json }) => json)).toEqual(JSON.parse(JSON.stringify(entries)));
          expect(await splitWhole(lines, { maxEntryBytes: 100_000 }, pieces)).toEqual(
            await split(lines, { maxEntryBytes: 100_000 }, pieces),
          );
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
    expect(plain(await splitWhole('\uFEFF[1]'))).toEqual([{ json: [1], before: 0 }]);
    expect(plain(await splitWhole('\uFEFF{"a":1}\n{"a":2}'))).toEqual([
      { json: [{ a: 1 }, { a: 2 }], before: 0 },
    ]);
    expect(plain(await splitWhole(")]}',\n[1]"))).toEqual([{ json: [1], before: 0 }]);
    expect(plain(await splitWhole('callback([1]);'))).toEqual([{ json: [1], before: 0 }]);
  });

  it('says what there is where there is no such list', async () => {
    const frameOf = async (text: string, steps: ListPlace['steps']) => {
      const error: unknown = await split(text, { steps }).catch((thrown: unknown) => thrown);
      await expect(splitWhole(text, { steps })).rejects.toThrow(NoList);
      return error instanceof NoList ? error.frame : error;
    };
    expect(await frameOf('{"rows":null,"other":[1]}', ['rows'])).toEqual({ rows: null, other: [1] });
    // Only the first entry of a list, and how many there are.
    expect(await frameOf('[{"rows":[1]}]', ['rows'])).toEqual([{ rows: [1] }]);
    expect(await frameOf('{"a":[[1,2],{"b":[3]},4],"b":[]}', ['rows'])).toEqual({
      a: [[1, null], null, null],
      b: [],
    });
    expect(await frameOf('"text [1]"', [])).toBe('text [1]');
  });

  it('takes the last of equal names, as small JSON does', async () => {
    const of = async (text: string) =>
      plain(await splitWhole(text, { steps: ['data', 'rows'] })).map(({ json }) => json);
    expect(await of('{"data":{"rows":[1],"rows":[2]}}')).toEqual([{ data: { rows: [2] } }]);
    expect(await of('{"data":{"rows":[1]},"data":{"rows":[2]}}')).toEqual([{ data: { rows: [2] } }]);
    await expect(of('{"data":{"rows":[1]},"data":{}}')).rejects.toThrow(NoList);
    await expect(of('{"data":{"rows":[1],"rows":null}}')).rejects.toThrow(NoList);
  });

  it.each([
    ['{"rows":[1]} x', 'line 1, column 14 on: "x"'],
    ['{"rows":[1,\n2]}\n{"rows":[3]}', 'line 3, column 1 on: "{"'],
    ['{"rows":[1,\n"ü"] nix}', 'line 2, column 6 on: "nix"'],
    ['{"rows":[1,2]]', 'line 1, column 14 on: "]"'],
    ['{"first":[1,\n2],\n "n":NaN,"rows":[1]}', 'line 3, column 6 on: "NaN"'],
    ['nix {"rows":[1]}', 'line 1, column 1 on: "nix"'],
    ['{"rows":[1]', 'ends before it is complete'],
    ['{"tags":[1, nix],"rows":[1]}', 'line 1, column 13 on: "nix"'],
    ['{"tags":["a",\n"ü" "c"],"rows":[1]}', 'line 2, column 5 on: "\\""'],
    ['{"tags":[1,{"a":2]],"rows":[1]}', 'line 1, column 18 on: "]"'],
    ['{"tags":[1,2},"rows":[1]}', 'line 1, column 13 on: "}"'],
    ['{"tags":[1,],"rows":[1]}', 'line 1, column 12 on: "]"'],
    ['{"tags":[1,"a\n"],"rows":[1]}', 'line 1, column 14 on: the line ends there'],
    ['{"rows":[1],"tags":[1,"\\x"]}', 'line 1, column 25 on: "x"'],
    ['{"rows":[1],"tags":[1,01]}', 'line 1, column 23 on: "01"'],
    ['{"rows":[1],"tags":[1,{"a" 1}]}', 'line 1, column 28 on: "1"'],
  ])('refuses what is not JSON around the list: %j', async (text, message) => {
    await expect(splitWhole(text, { steps: ['rows'] })).rejects.toThrow(message);
  });

  it('refuses a comma after the last entry also where a part ends', async () => {
    const place = { steps: ['rows'], partBytes: 1 };
    await expect(splitWhole('{"rows":[1,2,]}', place)).rejects.toThrow('line 1, column 14 on: "]"');
    await expect(splitWhole('{"rows":[1, 2,\n ]}', place)).rejects.toThrow('line 2, column 2 on: "]"');
  });

  it('counts the lines of JSON Lines that have no such list in common', async () => {
    const lines = '{"rows":[1,2],"a":[3,4]}\n\n{"b":1}\r\n {"c":1}\n \n';
    for (const isLines of [false, true])
      await expect(splitWhole(lines, { steps: ['data'], isLines })).rejects.toMatchObject({
        frame: [{ rows: [1, null], a: [3, null] }, null, null],
      });
    await expect(splitWhole(lines, { steps: ['rows'] })).rejects.toMatchObject({
      frame: [{ rows: [], a: [3, null] }, null, null],
    });
  });

  it('checks also what is around the list and too large to be parsed', async () => {
    const members = Array.from(
      { length: 100_000 },
      (_, id) => `"${'name '.repeat(20)}${id}":{"n":${id}}`,
    ).join(',\n');
    const text = `{"all":{${members}},\n"tags":[1,2],"rows":[1]}`;
    const place = { steps: ['rows'] };
    expect(plain(await split(text, place, [65_536]))).toEqual([{ json: { rows: [1] }, before: 0 }]);
    await expect(splitWhole(text.replace('"tags":[1,2]', '"tags":[1,2],'), place, [65_536])).rejects.toThrow(
      'line 100001, column 14 on: ","',
    );
    await expect(splitWhole(text.replace('"n":5}', '"n":5]'), place, [65_536])).rejects.toThrow(
      'line 6, column 111 on: "]"',
    );
  });

  it('knows where each part is in the answer', async () => {
    const placesOf = async (text: string, place: Partial<ListPlace> = {}) =>
      (await splitWhole(text, { partBytes: 1, ...place })).map(({ excerpt }) => excerpt);
    expect(await placesOf('{"ü":1,"rows":[1,\n 2]}', { steps: ['rows'] })).toEqual([
      { part: { line: 1, column: 10 }, text: { line: 1, column: 16 } },
      { part: { line: 1, column: 10 }, text: { line: 1, column: 18 } },
    ]);
    expect(await placesOf('{"a":1}\n\n{"a":2}\n')).toEqual([
      { part: { line: 1, column: 2 }, text: { line: 1, column: 1 } },
      { part: { line: 1, column: 2 }, text: { line: 3, column: 1 } },
    ]);
    // Lines stay lines.
    const [part] = await parseTexts('{"a":1}\n\n{"a":2}\n');
    expect(part).toBe('[{"a":1},\n\n{"a":2}]');
  });

  it('says where an answer ends too early', async () => {
    await expect(split('{"rows":[1,2', { steps: ['rows'] })).rejects.toThrow(
      'ends within its list, after 1 entry',
    );
    await expect(splitWhole('{"rows":[1,2', { steps: ['rows'] })).rejects.toThrow(
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
