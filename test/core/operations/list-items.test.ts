import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { OperationInput } from '../../../src/core/operations/call-operation.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { addRun } from './add-run.ts';
import { it, type OpenHome, refusal } from './open-home.ts';

const BOOKS = [
  { title: 'The Book', price: '£51.77', rating: 3, tags: ['old', 'red'] },
  { title: 'a tale', price: 9, rating: null, tags: [] },
  { title: 'Zebra', price: '£100.00', rating: 5 },
  { title: 'Nine', price: '', rating: 1, tags: ['Red'] },
  { title: 'Priced', price: { amount: 20.5, currency: 'GBP' }, rating: '4' },
];

type Params = Omit<OperationInput<'list_items'>, 'run_id'>;

async function titles(call: OpenHome['call'], params: Params) {
  const { items } = await call('list_items', { run_id: 'r', ...params });
  return items.map(({ title }) => title);
}

it('gives the items of a run in their order, page by page', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  const first = await call('list_items', { run_id: 'r', limit: 2 });
  expect(first).toEqual({
    run_id: 'r',
    items: BOOKS.slice(0, 2),
    total: 5,
    all: 5,
    fields: ['title', 'price', 'rating', 'tags'],
    next_cursor: expect.any(String),
  });
  const second = await call('list_items', { run_id: 'r', limit: 3, cursor: first.next_cursor });
  expect(second.items).toEqual(BOOKS.slice(2));
  expect(second).not.toHaveProperty('next_cursor');
});

it('gives the rows that break a rule, by a condition on the rules', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  const broken = { field: '_broken', op: 'filled' } as const;
  expect(await call('list_items', { run_id: 'r', where: [broken] })).toMatchObject({
    items: [],
    all: 0,
    hint: 'No row of this run breaks a rule of expect.fields.',
  });
  const rows = ['price is below min 1', 'title does not match pattern "^A"'].map((rule, at) => ({
    _row: at + 7,
    _broken: [rule],
    ...BOOKS[at],
  }));
  writeFileSync(
    runFiles(workspace.paths, 'mine', 'r').broken,
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
  const all = await call('list_items', { run_id: 'r', where: [broken], limit: 1 });
  expect(all).toMatchObject({ items: rows.slice(0, 1), total: 2, all: 2 });
  const rest = await call('list_items', { run_id: 'r', where: [broken], limit: 1, cursor: all.next_cursor });
  expect(rest.items).toEqual(rows.slice(1));
  const of = { field: '_broken', op: 'contains', value: 'price' } as const;
  expect(await call('list_items', { run_id: 'r', where: [of] })).toMatchObject({
    items: rows.slice(0, 1),
    all: 2,
  });
});

it('says that further broken rows were not kept', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  writeFileSync(
    runFiles(workspace.paths, 'mine', 'r').broken,
    '{"_row":1,"_broken":["a is below min 1"],"a":0}\n'.repeat(1_000),
  );
  expect(
    await call('list_items', { run_id: 'r', where: [{ field: '_broken', op: 'filled' }] }),
  ).toMatchObject({
    total: 1_000,
    hint: 'At most 1,000 broken rows of a run are kept; its checks count all.',
  });
});

describe('filters', () => {
  it.for<[Params['where'], string[]]>([
    [[{ field: 'price', op: 'gt', value: 20 }], ['The Book', 'Zebra', 'Priced']],
    [[{ field: 'price', op: 'le', value: '£51.77' }], ['The Book', 'a tale', 'Priced']],
    [[{ field: 'price', op: 'eq', value: '51.77' }], ['The Book']],
    [[{ field: 'price', op: 'empty' }], ['Nine']],
    [[{ field: 'rating', op: 'filled' }], ['The Book', 'Zebra', 'Nine', 'Priced']],
    [[{ field: 'rating', op: 'ne', value: '3' }], ['a tale', 'Zebra', 'Nine', 'Priced']],
    [[{ field: 'title', op: 'contains', value: 'TALE' }], ['a tale']],
    [[{ field: 'title', op: 'ge', value: 'The Book' }], ['The Book', 'a tale', 'Zebra']],
    [[{ field: 'tags', op: 'eq', value: 'red' }], ['The Book']],
    [[{ field: 'tags', op: 'contains', value: 'red' }], ['The Book', 'Nine']],
    [
      [
        { field: 'rating', op: 'ge', value: 3 },
        { field: 'price', op: 'lt', value: 60 },
      ],
      ['The Book', 'Priced'],
    ],
  ])('%j', async ([where, expected], { workspace, call }) => {
    addRun({ workspace }, 'r', { items: BOOKS });
    expect(await titles(call, { where })).toEqual(expected);
  });
});

it('sorts numbers as numbers, texts without regard to capitals, and empty values last', async ({
  workspace,
  call,
}) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  expect(await titles(call, { sort: 'price' })).toEqual(['a tale', 'Priced', 'The Book', 'Zebra', 'Nine']);
  expect(await titles(call, { sort: '-price' })).toEqual(['Zebra', 'The Book', 'Priced', 'a tale', 'Nine']);
  expect(await titles(call, { sort: 'title' })).toEqual(['a tale', 'Nine', 'Priced', 'The Book', 'Zebra']);
});

it('tells figures of fields, of the items that match', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  const where: Params['where'] = [{ field: 'price', op: 'filled' }];
  const { stats, items, total } = await call('list_items', {
    run_id: 'r',
    where,
    fields: ['price', 'title'],
    limit: 0,
    stats: true,
  });
  expect([items, total]).toEqual([[], 4]);
  expect(stats).toEqual([
    {
      field: 'price',
      filled: 4,
      distinct: 4,
      numbers: 4,
      min: 9,
      max: 100,
      average: 45.3175,
      median: 36.135,
    },
    {
      field: 'title',
      filled: 4,
      distinct: 4,
      min: 'Priced',
      max: 'a tale',
      examples: ['The Book', 'a tale', 'Zebra'],
    },
  ]);
});

it('tells which values there are when nothing matches', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { items: BOOKS });
  const answer = await call('list_items', { run_id: 'r', where: [{ field: 'price', op: 'gt', value: 500 }] });
  expect(answer).toMatchObject({ items: [], total: 0, all: 5 });
  expect(answer.hint).toContain('None of 5 items matches.');
  expect(answer.stats).toMatchObject([{ field: 'price', min: 9, max: 100 }]);
});

it('takes field names as they are', async ({ workspace, call }) => {
  const item = JSON.parse('{"__proto__": 1, "a.b": 2, "it\'s \\"x\\"": 3, "toString": 4}');
  addRun({ workspace }, 'r', { items: [item, { other: 1 }] });
  for (const [field, value] of Object.entries(item)) {
    const { items } = await call('list_items', {
      run_id: 'r',
      fields: [field],
      where: [{ field, op: 'eq', value: Number(value) }],
      sort: field.includes(',') ? '' : `-${field}`,
    });
    expect(items.map((one) => Object.entries(one))).toEqual([[[field, value]]]);
  }
});

it('cuts long texts with a mark', async ({ workspace, call }) => {
  const long = 'x'.repeat(2_000_000);
  addRun({ workspace }, 'r', {
    items: [
      { html: long, n: 1 },
      { html: long, n: 2 },
    ],
  });
  const first = await call('list_items', { run_id: 'r', sort: '-html' });
  expect(first.items).toEqual([
    { html: expect.stringMatching(/^x{999990}x*… \(2000000 characters\)$/), n: 1 },
  ]);
  const second = await call('list_items', { run_id: 'r', sort: '-html', cursor: first.next_cursor ?? '' });
  expect(second.items.map(({ n }) => n)).toEqual([2]);
});

it('shows the items of a running run so far, and goes on when there are more', async ({
  workspace,
  call,
}) => {
  addRun({ workspace }, 'r', { items: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  const { items } = runFiles(workspace.paths, 'mine', 'r');
  appendFileSync(items, '{"n": 4, "half');
  const first = await call('list_items', { run_id: 'r', limit: 2 });
  expect(first).toMatchObject({ items: [{ n: 1 }, { n: 2 }], total: 3 });
  appendFileSync(items, 'way": 1}\n{"n": 5}\n');
  const cursor = first.next_cursor ?? '';
  expect((await call('list_items', { run_id: 'r', cursor })).items).toEqual([
    { n: 3 },
    { n: 4, halfway: 1 },
    { n: 5 },
  ]);
});

describe('refuses', () => {
  it('a field that no item has, with those that there are', async ({ workspace, call }) => {
    addRun({ workspace }, 'r', { items: BOOKS });
    const unknown = { field: 'prise', op: 'empty' } as const;
    for (const [field, params] of Object.entries({
      where: { where: [unknown] },
      sort: { sort: '-prise' },
      fields: { fields: ['title', 'prise'] },
    })) {
      expect(await refusal(call('list_items', { run_id: 'r', ...params }))).toMatchObject({
        code: 'invalid_params',
        field,
        message: `${field}: no item has the field "prise"`,
        hint: 'Did you mean price? Fields that items have: title, price, rating, tags.',
      });
    }
  });

  it('a comparison without a value', async ({ workspace, call }) => {
    addRun({ workspace }, 'r', { items: BOOKS });
    const where = [{ field: 'price', op: 'gt' as const }];
    expect(await refusal(call('list_items', { run_id: 'r', where }))).toMatchObject({
      code: 'invalid_params',
      field: 'where',
      message: 'where: gt on "price" needs a value',
    });
  });

  it('cursors that do not continue the call', async ({ workspace, call }) => {
    addRun({ workspace }, 'r', { items: BOOKS });
    addRun({ workspace }, 's', { items: BOOKS });
    const { next_cursor: cursor = '' } = await call('list_items', { run_id: 'r', limit: 1, sort: 'price' });
    for (const params of [
      { run_id: 's', sort: 'price' },
      { run_id: 'r', sort: '-price' },
      { run_id: 'r', sort: 'price', where: [{ field: 'price', op: 'filled' as const }] },
    ]) {
      expect(await refusal(call('list_items', { ...params, cursor }))).toMatchObject({
        code: 'invalid_params',
        field: 'cursor',
        message: 'cursor: it continues another call',
      });
    }
    const [binding] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const forged = [
      'x',
      '',
      [binding],
      [binding, 0, 0, -1, 5, 5, 4, 1],
      [binding, 0, 0, 2 ** 53 - 1, 5, 5, 4, 1],
      [binding, 0, 1e9, 2, 5, 5, 4, 1],
      [binding, 0, 3, 5, 5, 5, 4, 0],
      { length: 4 },
    ].map((one) => (typeof one === 'string' ? one : Buffer.from(JSON.stringify(one)).toString('base64url')));
    for (const other of forged)
      expect(await refusal(call('list_items', { run_id: 'r', sort: 'price', cursor: other }))).toMatchObject({
        code: 'invalid_params',
        field: 'cursor',
      });
    writeFileSync(runFiles(workspace.paths, 'mine', 'r').items, '');
    expect(await refusal(call('list_items', { run_id: 'r', sort: 'price', cursor }))).toMatchObject({
      code: 'invalid_params',
      field: 'cursor',
    });
  });

  it('runs whose items are gone or that never started', async ({ workspace, call }) => {
    addRun({ workspace }, 'r', { items: BOOKS });
    rmSync(runFiles(workspace.paths, 'mine', 'r').folder, { recursive: true });
    expect(await refusal(call('list_items', { run_id: 'r' }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('the items of run r are gone (5)'),
    });
    addRun({ workspace }, 'waits', { status: 'queued', job: 'other' });
    expect(await refusal(call('list_items', { run_id: 'waits' }))).toMatchObject({
      code: 'conflict',
      message: 'run waits has not started (queued): it has no items yet',
    });
    addRun({ workspace }, 'none', { items: null });
    workspace.db.run("UPDATE runs SET items = 0 WHERE run_id = 'none'");
    expect(await call('list_items', { run_id: 'none', sort: 'price' })).toMatchObject({
      items: [],
      total: 0,
    });
    expect(await refusal(call('list_items', { run_id: 'nowhere' }))).toMatchObject({ code: 'run_not_found' });
  });
});

/** What a page must hold, written down once more: all in memory, with the plainest means. */
function inMemory(rows: Row[], { field, op, value, sort }: Search): number[] {
  const number = (one: unknown) => (typeof one === 'number' ? one : Number(String(one).replace('£', '')));
  const isEmpty = (one: unknown) => one === undefined || one === null || one === '';
  const kept = rows.filter((row) => {
    const found = row[field];
    if (op === 'empty') return isEmpty(found);
    if (op === 'filled') return !isEmpty(found);
    if (op === 'ne') return isEmpty(found) || number(found) !== value;
    if (isEmpty(found)) return false;
    if (op === 'contains') return String(found).includes(String(value));
    const [a, b] = [number(found), value];
    return { eq: a === b, lt: a < b, le: a <= b, gt: a > b, ge: a >= b }[op];
  });
  const orders = sort.map((name) => ({ name: name.replace('-', ''), sign: name.startsWith('-') ? -1 : 1 }));
  kept.sort((one, other) => {
    for (const { name, sign } of orders) {
      const [a, b] = [one[name], other[name]];
      if (isEmpty(a) !== isEmpty(b)) return isEmpty(a) ? 1 : -1;
      if (!isEmpty(a) && number(a) !== number(b)) return sign * (number(a) - number(b));
    }
    return one.n - other.n;
  });
  return kept.map(({ n }) => n);
}

interface Row {
  n: number;
  [field: string]: unknown;
}

interface Search {
  field: string;
  op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'contains' | 'empty' | 'filled';
  value: number;
  sort: string[];
}

const cell = fc.oneof(
  fc.integer({ min: 0, max: 6 }),
  fc.integer({ min: 0, max: 6 }).map((n) => `£${n}.50`),
  fc.constantFrom('', null, undefined),
);
const rowsOf = fc
  .array(fc.record({ a: cell, b: cell }), { minLength: 1, maxLength: 40 })
  .map((rows) => rows.map((row, n): Row => ({ ...row, n, ...(n === 0 && { a: 1, b: 1 }) })));
const search = fc.record<Search>({
  field: fc.constantFrom('a', 'b'),
  op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'empty', 'filled'),
  value: fc.constantFrom(0, 1, 2.5, 3, 6.5),
  sort: fc.constantFrom([], ['a'], ['-a'], ['b', '-a'], ['-b', 'a']),
});

it('pages hold exactly what a filter and a sort in memory give', async ({ workspace, call }) => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(rowsOf, search, fc.integer({ min: 1, max: 7 }), async (rows, wanted, limit) => {
      runs += 1;
      const run_id = `r${runs}`;
      addRun({ workspace }, run_id, { items: rows });
      const { field, op, value, sort } = wanted;
      const where = [{ field, op, ...(op !== 'empty' && op !== 'filled' && { value }) }];
      const expected = inMemory(JSON.parse(JSON.stringify(rows)), wanted);
      const found: unknown[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await call('list_items', {
          run_id,
          where,
          sort: sort.join(','),
          limit,
          ...(cursor !== undefined && { cursor }),
        });
        expect(page.total).toBe(expected.length);
        found.push(...page.items.map(({ n }) => n));
        cursor = page.next_cursor;
        if (cursor === undefined) break;
        expect(page.items.length).toBe(limit);
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
