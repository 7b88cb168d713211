import fc from 'fast-check';
import { expect } from 'vitest';
import type { OperationInput, OperationOutput } from '../../../src/core/operations/call-operation.ts';
import { propertyRuns } from '../../property-runs.ts';
import { addRun } from './add-run.ts';
import { it, type OpenHome, refusal } from './open-home.ts';

type Params = Omit<OperationInput<'compare_runs'>, 'run_id'>;
type Example = OperationOutput<'compare_runs'>['examples'][number];

/** The examples of all pages, and the first answer. */
async function allPages(call: OpenHome['call'], params: Params, run_id = 'b') {
  const first = await call('compare_runs', { run_id, ...params });
  const examples: Example[] = [...first.examples];
  for (let cursor = first.next_cursor; cursor !== undefined; ) {
    const page = await call('compare_runs', { run_id, ...params, cursor });
    expect(page.examples.length).toBeGreaterThan(0);
    examples.push(...page.examples);
    cursor = page.next_cursor;
  }
  return { first, examples };
}

it('figures by field say what happened to the prices, and all changes can be read', async ({
  workspace,
  call,
}) => {
  const items = (factor: number) =>
    Array.from({ length: 1_000 }, (_, n) => ({
      id: n,
      price: `£${(n === 500 ? 1000 : 10 * (n % 2 ? factor : 1 / factor)).toFixed(2)}`,
      title: `book ${n}`,
      seen: factor,
    }));
  addRun({ workspace }, 'a', { items: items(1) });
  addRun({ workspace }, 'b', { items: items(1.25) });
  const { first, examples } = await allPages(call, { fields: ['price'], limit: 100 });
  expect(first).toMatchObject({ changed: 999, unchanged: 1, added: 0, removed: 0, key: 'id' });
  expect(first.by_field).toEqual({
    price: {
      changed: 999,
      up: 500,
      down: 499,
      median_percent: 25,
      up_median_percent: 25,
      down_median_percent: -20,
      largest: { key: 1, before: 10, after: 12.5, percent: 25 },
    },
  });
  expect(first.examples[0]).toEqual({
    kind: 'changed',
    key: 0,
    before: { price: '£10.00' },
    after: { price: '£8.00' },
    fields: ['price'],
  });
  expect(new Set(examples.map(({ key }) => key)).size).toBe(999);
  expect((await call('compare_runs', { run_id: 'b', limit: 0 })).by_field).toMatchObject({
    seen: { changed: 1_000, up: 1_000 },
    price: { changed: 999 },
  });
});

it('the largest change of a number comes first, before those from zero and those of texts', async ({
  workspace,
  call,
}) => {
  const run = (values: unknown[]) => ({ items: values.map((price, id) => ({ id, price })) });
  addRun({ workspace }, 'a', run([10, 0, '£100', 'old', { amount: 4 }, 5]));
  addRun({ workspace }, 'b', run([11, 9, '£10', 'new', { amount: 8 }, 5]));
  const { examples, first } = await allPages(call, { sort: 'change', limit: 2 });
  expect(examples.map(({ key }) => key)).toEqual([4, 2, 0, 1, 3]);
  expect(first.by_field['price']).toMatchObject({ changed: 5, up: 3, down: 1, median_percent: 10 });
});

it('kind keeps examples of one kind, while the counts stay', async ({ workspace, call }) => {
  addRun({ workspace }, 'a', { items: [{ id: 1 }, { id: 2 }, { id: 3, x: 1 }] });
  addRun({ workspace }, 'b', { items: [{ id: 3, x: 2 }, { id: 4 }] });
  for (const [kind, keys] of [
    ['added', [4]],
    ['removed', [1, 2]],
    ['changed', [3]],
  ] as const) {
    const { first, examples } = await allPages(call, { kind, limit: 1, key: 'id' });
    expect(first).toMatchObject({ added: 1, removed: 2, changed: 1 });
    expect(examples.map(({ key }) => key)).toEqual(keys);
  }
});

it('refuses fields that no item has, and cursors of other calls', async ({ workspace, call }) => {
  const items = (x: number) => ({
    items: [
      { id: 1, x },
      { id: 2, x },
    ],
  });
  addRun({ workspace }, 'a', items(1));
  addRun({ workspace }, 'b', items(2));
  addRun({ workspace }, 'c', items(3));
  expect(await refusal(call('compare_runs', { run_id: 'b', fields: ['y'] }))).toMatchObject({
    code: 'invalid_params',
    message: 'fields: no item has the field "y"',
    hint: 'Did you mean x? Fields that items have: id, x.',
  });
  const { next_cursor: cursor = '' } = await call('compare_runs', { run_id: 'b', limit: 1 });
  for (const params of [
    { run_id: 'c' },
    { run_id: 'b', fields: ['x'] },
    { run_id: 'b', kind: 'changed' as const },
    { run_id: 'b', whole: true },
    { run_id: 'b', sort: 'change' as const },
  ])
    expect(await refusal(call('compare_runs', { ...params, cursor }))).toMatchObject({
      code: 'invalid_params',
      field: 'cursor',
      message: 'cursor: it continues another call',
    });
});

const item = fc.record({ id: fc.integer({ min: 0, max: 9 }), price: fc.constantFrom(0, 1, '£1', 2, null) });
const items = fc.array(item, { maxLength: 14 });

it('pages have each difference once, in any order, of any kind, also when a smaller page is asked for', async ({
  workspace,
  call,
}) => {
  let runs = 0;
  const query = fc.record<Params>(
    {
      sort: fc.constantFrom('change'),
      kind: fc.constantFrom('added', 'removed', 'changed'),
      fields: fc.constantFrom(['price'], ['id', 'price']),
      whole: fc.constantFrom(true),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      items,
      items,
      query,
      fc.integer({ min: 1, max: 5 }),
      async (before, after, params, limit) => {
        runs += 1;
        // The fields that a call names must exist.
        const known = { id: 50, price: 50 };
        addRun({ workspace }, `a${runs}`, { items: [known, ...before] });
        addRun({ workspace }, `b${runs}`, { items: [known, ...after] });
        const asked = { ...params, ...(params.whole ? {} : { key: 'id' }), with_run_id: `a${runs}` };
        const { first: all } = await allPages(call, { ...asked, limit: 100 }, `b${runs}`);
        const fewer = await call('compare_runs', { run_id: `b${runs}`, ...asked, limit: Math.min(limit, 3) });
        const { first, examples } = await allPages(call, { ...asked, limit }, `b${runs}`);
        expect(examples).toHaveLength(
          params.kind === undefined ? all.added + all.removed + all.changed : all[params.kind],
        );
        const texts = (list: Example[]) => list.map((one) => JSON.stringify(one)).sort();
        expect(texts(examples)).toEqual(texts(all.examples));
        expect(fewer.examples).toEqual(
          (await call('compare_runs', { run_id: `b${runs}`, ...asked, limit: Math.min(limit, 3) })).examples,
        );
        expect({ ...first, examples: [], next_cursor: '' }).toEqual({
          ...all,
          examples: [],
          next_cursor: '',
        });
      },
    ),
    { numRuns: propertyRuns(40) },
  );
});
