import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkAppend } from '../../../src/scrape/output/export-items.ts';
import { failureOf } from '../http/with-site.ts';
import { ask, pythonWithOpenpyxl } from './other-programs.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, files } = withExport();

const add = (items: unknown[], options = {}) => {
  stage(items);
  return write('out.xlsx', { append: true, ...options });
};

const read = () =>
  ask(
    pythonWithOpenpyxl ?? '',
    `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
show = lambda cell: cell.value.isoformat() if cell.is_date else cell.value
print(json.dumps({sheet.title: [sheet.dimensions] + [[show(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}))
`,
    path('out.xlsx'),
  );

/** Refused, and not a byte is another one. */
async function refusedToAdd(items: unknown[], options = {}) {
  const before = readFileSync(path('out.xlsx'));
  const failure = await failureOf(add(items, options));
  expect(readFileSync(path('out.xlsx'))).toEqual(before);
  expect(files()).toEqual(['items.jsonl', 'out.xlsx']);
  return failure;
}

describe.skipIf(pythonWithOpenpyxl === undefined)('a workbook of ours, read by openpyxl', () => {
  it('has the rows of each run below those before, for any content', async () => {
    const odd = ['=1+1', 'a & b <c> "d"', ' spaces ', '世界 🎉', 'two\nlines'];
    await add(
      odd.map((text, n) => ({ 'na<m>e & "text"': text, n })),
      { table: 'a & b' },
    );
    await add([{ n: 5.5, 'na<m>e & "text"': '2026-11-25' }], {
      ...{ table: 'a & b', dates: new Set(['na<m>e & "text"']) },
    });
    expect(await add([{ n: true }, { n: false }], { table: 'a & b' })).toEqual([
      expect.stringContaining('has columns that the rows lack, which stay empty in them: na<m>e & "text"'),
    ]);
    expect(await add([], { table: 'a & b' })).toEqual([]);
    expect(read()).toEqual({
      'a & b': [
        'A1:B9',
        ['na<m>e & "text"', 'n'],
        ...odd.map((text, n) => [text, n]),
        ['2026-11-25T00:00:00', 5.5],
        [null, true],
        [null, false],
      ],
    });
  });

  it('that another program has saved is not changed, with an error before anything is fetched', async () => {
    await add([{ a: 1 }]);
    const save =
      'import openpyxl, sys\nbook = openpyxl.load_workbook(sys.argv[1])\nbook.save(sys.argv[1])\nprint(1)';
    ask(pythonWithOpenpyxl ?? '', save, path('out.xlsx'));
    expect(await refusedToAdd([{ a: 2 }])).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('QuickScrape did not write it, or another program has saved it since'),
      hint: expect.stringContaining('append: false'),
    });
    const place = { file: path('out.xlsx'), format: 'excel', append: true } as const;
    await expect(checkAppend(place)).rejects.toMatchObject({ kind: 'output' });
  });
});

describe('nothing is added to a workbook', () => {
  it('that lacks a column of the rows, or whose sheet is called otherwise', async () => {
    await add([{ a: 1, b: 2 }]);
    expect(await refusedToAdd([{ a: 1, c: 2, d: 3 }])).toMatchObject({
      message: expect.stringMatching(/it has no column "c", "d" \(it has: a, b\)$/),
    });
    expect(await refusedToAdd([{ a: 1 }], { table: 'other' })).toMatchObject({
      message: expect.stringContaining('its sheet is called "items", and not "other"'),
    });
  });

  it('that is invalid, cut short or damaged anywhere', async () => {
    await add(Array.from({ length: 200 }, (_, n) => ({ a: n, b: `text ${n}` })));
    const whole = readFileSync(path('out.xlsx'));
    const broken = [Buffer.from('PK, but no archive'), whole.subarray(0, -1), whole.subarray(0, 2_000)];
    // A byte in each part of the file, in front of which its names and sizes stand as they were.
    for (let at = 40; at < whole.length; at += 131) {
      const copy = Buffer.from(whole);
      copy.writeUInt8(copy.readUInt8(at) ^ 0x55, at);
      broken.push(copy);
    }
    let refused = 0;
    for (const bytes of broken) {
      writeFileSync(path('out.xlsx'), bytes);
      stage([{ a: 1 }]);
      const failure = await write('out.xlsx', { append: true }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) continue;
      refused += 1;
      expect(failure).toMatchObject({ kind: 'output', message: expect.stringContaining('cannot append to') });
      expect(readFileSync(path('out.xlsx'))).toEqual(bytes);
    }
    // Dates and rights of a part are nothing that we look at.
    expect(refused).toBeGreaterThan(broken.length * 0.7);
  });
});

it('one that is missing, or an empty file, is begun', async () => {
  stage([{ a: 1 }]);
  await write('out.xlsx');
  const fresh = readFileSync(path('out.xlsx'));
  writeFileSync(path('out.xlsx'), '');
  await add([{ a: 1 }]);
  expect(readFileSync(path('out.xlsx'))).toEqual(fresh);
});

it('added rows are as if they had been written at once, for any chunks in which they are read', async () => {
  const name = '<_x0041_ & _x005F_>';
  const texts = ['_x0041_', '& two', '<3>', '', 'x'.repeat(500)];
  const rows = Array.from({ length: 5_000 }, (_, n) => ({ n, [name]: texts[n % texts.length] }));
  await add(rows.slice(0, 5));
  await add(rows.slice(5, 4_000));
  await add(rows.slice(4_000));
  const grown = readFileSync(path('out.xlsx'));
  stage(rows);
  await write('out.xlsx');
  expect(grown.equals(readFileSync(path('out.xlsx')))).toBe(true);
});
