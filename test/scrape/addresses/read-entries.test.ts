import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEntries } from '../../../src/scrape/addresses/read-entries.ts';
import { tempFolder } from '../../temp-folder.ts';

const USUAL = ['url', 'link', 'address'];

async function read(name: string, content: string | Buffer, field?: string): Promise<string[]> {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  const texts: string[] = [];
  for await (const { text, where } of readEntries(path, { name, field, usual: USUAL }))
    texts.push(`${where.slice(name.length + 2)}: ${text}`);
  return texts;
}

it.each([
  ['a text', 'a.txt', '\uFEFFhttps://e.com/1\r\n\n  # a comment\n  https://e.com/2  '],
  ['a table', 'a.csv', 'name,url\n,https://e.com/1\n,\n"a ""b""\n, c",https://e.com/2\n'],
  [
    'a table with semicolons',
    'a.csv',
    '\uFEFFName;URL\r\nx;https://e.com/1\r\n\r\n\r\ny;"https://e.com/2"\r\n',
  ],
  ['a table with tabs', 'a.tsv', 'link\tx\nhttps://e.com/1\ta\n\t\nhttps://e.com/2\n'],
  ['JSON in lines', 'a.jsonl', '{"url":"https://e.com/1"}\n\n"https://e.com/2"\n{"url":null}\n'],
])('%s has its values', async (_, name, content) => {
  expect((await read(name, content)).map((one) => one.replace(/^line \d+: /, ''))).toEqual([
    'https://e.com/1',
    'https://e.com/2',
  ]);
});

it('says the line of each value', async () => {
  expect(await read('a.txt', 'a\n\nb')).toEqual(['line 1: a', 'line 3: b']);
  expect(await read('a.csv', 'id\n\nb\n"c\nd"\ne')).toEqual(['line 3: b', 'line 5: c\nd', 'line 6: e']);
  expect(await read('a.json', '["a", 7, {"x": "b"}]')).toEqual(['entry 1: a', 'entry 2: 7', 'entry 3: b']);
});

it('takes the column that is named, or the only one, whose commas are part of the values', async () => {
  expect(await read('a.csv', 'id,url\n7,https://e.com/', 'id')).toEqual(['line 2: 7']);
  expect(await read('a.csv', 'page\nhttps://e.com/a,b;c')).toEqual(['line 2: https://e.com/a,b;c']);
  expect(await read('a.jsonl', '{"id": 7, "url": "x"}', 'id')).toEqual(['line 1: 7']);
});

it('reads other encodings than UTF-8 where the file shows them', async () => {
  expect(await read('a.txt', Buffer.from('\uFEFFhttps://e.com/ä', 'utf16le'))).toEqual([
    'line 1: https://e.com/ä',
  ]);
  expect(await read('a.txt', Buffer.from('https://e.com/ä', 'latin1'))).toEqual(['line 1: https://e.com/ä']);
});

it.each([
  ['a.csv', 'id,name\n1,a', 'line 1: there are 2 columns, and none is named url, link, address'],
  [
    'a.csv',
    'https://e.com/1\nhttps://e.com/2',
    'line 1: the table begins with an address, and not with a header',
  ],
  ['a.csv', 'url\n"https://e.com/1\nhttps://e.com/2', 'line 3: a quote is not closed'],
  ['a.csv', 'url,b\nhttps://e.com/1,"a"b\n', 'line 2: a quote stands within a value, or after its end'],
  ['a.jsonl', '{"url":"x"}\nsecret', 'line 2: this is not JSON'],
  ['a.jsonl', '{"url":["x"]}', 'line 1: a text is wanted'],
  ['a.json', '{"urls":["x"]}', 'this is JSON, and not a list'],
  ['a.json', 'secret', 'this is not JSON'],
  ['a.txt', 'x'.repeat(1_100_000), 'line 1: the line has more than a million characters'],
])('%s with %j is an error that shows no value', async (name, content, message) => {
  await expect(read(name, content)).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringMatching(`^${name.replace('.', '\\.')}(?:, |: )${message}$`),
    hint: expect.not.stringContaining('secret'),
  });
});

it('names the columns when one is missing', async () => {
  await expect(read('a.csv', 'id,link\n1,b', 'lnk')).rejects.toMatchObject({
    message: 'a.csv, line 1: there is no column "lnk"',
    hint: 'It has: id, link. Did you mean "link"?',
  });
});

it('reads every table that a program writes', async () => {
  const value = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => text.trim() === text && !text.includes('\r'));
  const delimiter = fc.constantFrom(',', ';', '\t');
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { maxLength: 20 }),
      delimiter,
      fc.boolean(),
      async (values, mark, quoted) => {
        const rows = values.map((text) => ({ name: 'a', url: text, more: '"x"' }));
        const text = stringify(rows, {
          header: true,
          columns: ['name', 'url', 'more'],
          delimiter: mark,
          quoted,
        });
        const found = await read('a.csv', text);
        expect(found.map((one) => one.replace(/^line \d+: /, ''))).toEqual(values);
      },
    ),
    { numRuns: 60 },
  );
});
