import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../http/with-site.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, read, files } = withExport();

async function append(name: string, before: string, items: unknown[], delimiter = ','): Promise<string> {
  writeFileSync(path(name), before);
  stage(items);
  await write(name, { append: true, delimiter });
  return read(name);
}

describe('appending to csv', () => {
  it('keeps existing rows and their order of columns', async () => {
    expect(await append('out.csv', 'b,a\n1,2\n', [{ a: 3, b: 4 }])).toBe('b,a\n1,2\n4,3\n');
  });

  it('completes a last line that lacks its end, and keeps to the delimiter', async () => {
    expect(await append('out.csv', 'a;b\n1;2', [{ a: 'x;y', b: 4 }], ';')).toBe('a;b\n1;2\n"x;y";4\n');
  });

  it('reads a header with quotes, CRLF and a byte order mark', async () => {
    expect(await append('out.csv', '\uFEFF"a","b ""c"""\r\n1,2\r\n', [{ a: 3, 'b "c"': 4 }])).toBe(
      '\uFEFF"a","b ""c"""\r\n1,2\r\n3,4\n',
    );
  });

  it('refuses columns that the file lacks, names them, and leaves the file', async () => {
    const failure = await failureOf(append('out.csv', 'a\n1\n', [{ a: 1, b: 2, c: 3 }]));
    expect(failure).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('it has no column "b", "c" (it has: a)'),
    });
    expect(read('out.csv')).toBe('a\n1\n');
  });

  it('leaves cells empty for columns that the rows lack, with a warning', async () => {
    expect(await append('out.csv', 'a,b\n1,2\n', [{ b: 3 }])).toBe('a,b\n1,2\n,3\n');
    expect(await write('out.csv', { append: true })).toEqual([
      expect.stringMatching(/columns that.*lack.*: a$/),
    ]);
  });

  it('knows a column whose name was escaped', async () => {
    stage([{ '=a': 1 }]);
    await write('out.csv');
    await write('out.csv', { append: true });
    expect(read('out.csv')).toBe("'=a\n1\n1\n");
  });
});

describe('appending to json', () => {
  it.each([
    ['[]', '[\n{"a":9}\n]\n'],
    ['[\n]\n', '[\n{"a":9}\n]\n'],
    ['[\n{"a":1}\n]\n', '[\n{"a":1},\n{"a":9}\n]\n'],
    ['[{"a":"]"}]', '[{"a":"]"},\n{"a":9}\n]\n'],
    ['[{"a":"ü"} ]  \n', '[{"a":"ü"},\n{"a":9}\n]\n'],
  ])('adds to %j', async (before, after) => {
    expect(await append('out.json', before, [{ a: 9 }])).toBe(after);
  });

  it('of nothing keeps the items', async () => {
    expect(JSON.parse(await append('out.json', '[{"a":1}]', []))).toEqual([{ a: 1 }]);
  });

  it.each(['{"a":[1]}', '[1', 'null', 'hello]'])(
    'refuses %s, which is no array, and leaves it',
    async (before) => {
      expect(await failureOf(append('out.json', before, [{ a: 9 }]))).toMatchObject({
        kind: 'output',
        message: expect.stringContaining('not a JSON array'),
      });
      expect(read('out.json')).toBe(before);
    },
  );
});

describe('appending to jsonl', () => {
  it('refuses a file that is something else, and leaves it', async () => {
    expect(await failureOf(append('out.jsonl', 'a,b\n1,2\n', [{ a: 9 }]))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('not a JSON object'),
    });
    expect(read('out.jsonl')).toBe('a,b\n1,2\n');
  });

  it('says when the rows have other fields', async () => {
    await append('out.jsonl', '{"a":1}\n', [{ a: 9, b: 2 }]);
    expect(await write('out.jsonl', { append: true })).toEqual([expect.stringMatching(/no field b/)]);
  });

  it.each([
    ['{"a":1}\n', '{"a":1}\n{"a":9}\n'],
    ['{"a":1}', '{"a":1}\n{"a":9}\n'],
  ])('adds lines to %j', async (before, after) => {
    expect(await append('out.jsonl', before, [{ a: 9 }])).toBe(after);
  });
});

it.each(['out.csv', 'out.json', 'out.jsonl'])(
  'appending to a missing or empty %s starts it',
  async (name) => {
    stage([{ a: 1 }]);
    await write(name);
    const fresh = read(name);
    expect(await append(name, '', [{ a: 1 }])).toBe(fresh);
  },
);

describe('what is compressed', () => {
  const plain = (name: string) => gunzipSync(readFileSync(path(name))).toString();

  it.each([
    ['out.csv.gz', 'a\n1\n', 'a\n1\n1\n'],
    ['out.jsonl.gz', '{"a":1}\n', '{"a":1}\n{"a":1}\n'],
    ['out.json.gz', '[\n{"a":1}\n]\n', '[\n{"a":1},\n{"a":1}\n]\n'],
  ])('by its name, is added to: %s', async (name, first, both) => {
    stage([{ a: 1 }]);
    await write(name);
    expect(plain(name)).toBe(first);
    await write(name, { append: true });
    expect(plain(name)).toBe(both);
  });

  it('gets a line end that it lacks', async () => {
    writeFileSync(path('out.csv.gz'), gzipSync('a\n1'));
    stage([{ a: 2 }]);
    await write('out.csv.gz', { append: true });
    expect(plain('out.csv.gz')).toBe('a\n1\n2\n');
  });

  it.each([
    ['out.csv.gz', Buffer.from('a\n1\n')],
    ['out.json.gz', Buffer.from('[]')],
    ['out.jsonl.gz', gzipSync('{"a":1}\n'.repeat(999)).subarray(0, 40)],
  ])('is refused when it is not, or not whole: %s', async (name, bytes) => {
    writeFileSync(path(name), bytes);
    stage([{ a: 1 }]);
    expect(await failureOf(write(name, { append: true }))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('not a whole gzip file'),
    });
    expect(readFileSync(path(name))).toEqual(bytes);
  });
});

it('several that append at the same time lose no rows of each other', async () => {
  writeFileSync(path('out.jsonl'), '{"a":0}\n');
  stage([{ a: 1 }, { a: 2 }]);
  await Promise.all([1, 2, 3, 4].map(() => write('out.jsonl', { append: true })));
  expect(read('out.jsonl').trimEnd().split('\n')).toHaveLength(1 + 4 * 2);
  expect(files()).toEqual(['items.jsonl', 'out.jsonl']);
});
