import fc from 'fast-check';
import { JSONPathEnvironment } from 'json-p3';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/scrape/lib/page.ts';
import {
  findJsonStop,
  isTooDeep,
  JsonPathError,
  queryJson,
} from '../../../src/scrape/selectors/json-path.ts';

const DATA: JsonValue = {
  results: [
    { name: 'Lamp', price: { value: 5 }, 'list-price': 7, tags: ['a', 'b'] },
    { name: 'Chair', price: null },
  ],
  total: 2,
};
const values = (path: string, root: JsonValue = DATA) => queryJson(path, root);

describe('a JSONPath', () => {
  it.each([
    ['$.total', [2]],
    ['$', [DATA]],
    ['$.results[*].name', ['Lamp', 'Chair']],
    ['$.results[-1].name', ['Chair']],
    ['$.results[0]["list-price"]', [7]],
    ['$.results[?@.price.value > 4].name', ['Lamp']],
    ['$.results[?search(@.name, "^L")].name', ['Lamp']],
    ['$.results[?match(@.name, "L")].name', []],
    ['$..value', [5]],
    ['$.results[0].tags[0,1]', ['a', 'b']],
    ['$.results[9].name', []],
    ['$.nothing.at.all', []],
    ['$.results.length', []],
    ['$.constructor', []],
    ['$.total.toFixed', []],
  ])('%s selects its values', (path, found) => {
    expect(values(path)).toEqual(found);
  });

  it('of names, indexes and all entries finds what the engine finds', () => {
    const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'length', '*', 'x y');
    const step = fc.oneof(
      key.map((name) => `[${JSON.stringify(name)}]`),
      fc.integer({ min: -3, max: 3 }).map((at) => `[${at}]`),
      fc.constant('[*]'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, 1, 'text'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const engine = new JSONPathEnvironment();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), tree, (steps, data) => {
        const path = `$${steps.join('')}`;
        expect(values(path, data as JsonValue)).toEqual(engine.query(path, data as never).values());
      }),
    );
  });

  it.each(['$.list[*]', '$.list[?@ >= 0]'])('%s selects as many entries as there are', (path) => {
    const list = Array.from({ length: 300_000 }, (_, at) => at);
    expect(values(path, { list })).toEqual(list);
    expect(findJsonStop(`${path}.name`, { list }).values).toEqual(list);
  });

  it('is refused with the place where it cannot be read', () => {
    expect(() => queryJson('$.a[', DATA)).toThrow(expect.objectContaining({ offset: 4 }));
    expect(() => queryJson('a', DATA)).toThrow(JsonPathError);
  });

  it('takes linear time for patterns that page data contain', () => {
    const hostile = [{ text: `${'a'.repeat(50_000)}!`, pattern: '(a+)+$', broken: '(' }];
    expect(values('$[?search(@.text, @.pattern)]', hostile)).toEqual([]);
    expect(values('$[?search(@.text, @.broken)]', hostile)).toEqual([]);
    expect(values('$[?match(@.text, "(")]', hostile)).toEqual([]);
  });

  it('does not descend into data of any depth', () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    let failure: unknown;
    try {
      queryJson('$..x', deep);
    } catch (error) {
      failure = error;
    }
    expect(isTooDeep(failure)).toBe(true);
  });
});

it('findJsonStop says how far a path leads', () => {
  expect(findJsonStop('$.result[*].name', DATA)).toMatchObject({ reached: '$', values: [DATA] });
  expect(findJsonStop('$.results[*].nam', DATA)).toMatchObject({ reached: '$.results[*]', next: '.nam' });
});
