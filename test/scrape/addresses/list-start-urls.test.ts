import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { listStartUrls } from '../../../src/scrape/addresses/list-start-urls.ts';
import { completeUrlsFrom, urlsFromInput } from '../../../src/scrape/config/urls-from.ts';
import { tempFolder } from '../../temp-folder.ts';

type Source = Parameters<typeof listStartUrls>[0];

function home(files: Readonly<Record<string, string>>) {
  const root = tempFolder();
  const paths = resolveHome({ home: join(root, 'home') });
  for (const folder of [paths.configs, paths.jobs, paths.output]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.configs, name), text);
  return { root, paths, folders: { folder: paths.configs, paths } };
}

const list = (input: unknown, files: Readonly<Record<string, string>> = {}, place = home(files)) =>
  listStartUrls(completeUrlsFrom(urlsFromInput.parse(input)) as Source, { folders: place.folders });
const template = (address: string, values: object) => ({ template: address, values });

it('lists the addresses of a file, each once, and one of each origin with its password', async () => {
  const text =
    'https://me:word@e.com/1#a\nhttps://e.com/1\nHTTPS://E.com/2\nhttp://10.0.0.7/\nhttps://e.com/1\n';
  expect(await list('ids.txt', { 'ids.txt': text })).toEqual({
    urls: ['https://e.com/1', 'https://e.com/2', 'http://10.0.0.7/'],
    origins: ['https://me:word@e.com/1#a', 'http://10.0.0.7/'],
    warnings: [],
    dropped: { duplicates: 2, empty: 0 },
  });
});

it('counts what it drops: repeated entries, and rows without one', async () => {
  const csv = 'id,name\n7,a\n8,b\n7,c\n,d\n';
  const source = template('https://e.com/{id}', { id: 'ids.csv' });
  expect(await list(source, { 'ids.csv': csv })).toMatchObject({
    urls: ['https://e.com/7', 'https://e.com/8'],
    dropped: { duplicates: 1, empty: 1 },
  });
  const json = '[{"url": "https://e.com/1"}, {"url": null}, {"url": ""}, {"url": "https://e.com/1"}]';
  expect((await list('a.json', { 'a.json': json })).dropped).toEqual({ duplicates: 1, empty: 2 });
});

it.each(['17\n18\n', 'A-17\nA-18\n', '17;Lamp\n18;Chair\n'])(
  'a table without a header loses no value: %j is refused',
  async (csv) => {
    const source = template('https://e.com/{id}', { id: 'ids.csv' });
    await expect(list(source, { 'ids.csv': csv })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^ids\.csv, line 1: (the table seems to begin with a value|there are 2 columns)/,
      ),
    });
  },
);

it.each(['sku\nA-18\n', 'Id2\n17\n', 'id\nlamp\n', 'id\n'])('%j has a header', async (csv) => {
  const source = template('https://e.com/{id}', { id: 'ids.csv' });
  const lines = csv.trim().split('\n').length;
  if (lines === 2) expect((await list(source, { 'ids.csv': csv })).urls).toHaveLength(1);
  else
    await expect(list(source, { 'ids.csv': csv })).rejects.toMatchObject({
      message: 'ids.csv has no values for {id}',
      hint: 'Write them under the header, one a line, such as A-17.',
    });
});

it('takes a column that is named, whatever its name looks like', async () => {
  const source = template('https://e.com/{id}', { id: { file: 'ids.csv', field: '17' } });
  expect((await list(source, { 'ids.csv': '17\n18\n' })).urls).toEqual(['https://e.com/18']);
});

it('warns of a text that begins with the name of its values', async () => {
  const source = template('https://e.com/{id}', { id: 'ids.txt' });
  const { urls, warnings } = await list(source, { 'ids.txt': 'ID\n7\n' });
  expect(urls).toHaveLength(2);
  expect(warnings).toEqual([
    'ids.txt begins with "ID", and a file .txt has no header: this is a value, too. Remove the line, or name the file .csv',
  ]);
});

it('says that parts of addresses belong into a template', async () => {
  await expect(list({ file: 'ids.csv', field: 'id' }, { 'ids.csv': 'id\n7\n' })).rejects.toMatchObject({
    message: 'ids.csv, line 2: a text of 1 character is not a web address',
    hint: expect.stringContaining(
      'urls_from: {template: "https://shop.example/{id}", values: {id: ids.csv}}',
    ),
  });
});

it('leaves out a few entries that are no addresses, and says which', async () => {
  const text =
    'https://e.com/1\nhttps://e.com/2\nwww.e.com/3?key=hunter2\nhttps://e.com/4\nhunter2\nftp://e.com/\nhttps://e.com/5\n';
  const { urls, warnings } = await list('ids.txt', { 'ids.txt': text });
  expect(urls).toHaveLength(4);
  expect(warnings).toEqual([
    '3 entries were left out: ids.txt, line 3: "www.e.com…" is not a web address, ids.txt, line 5: a text of 7 characters is not a web address, ids.txt, line 6: "ftp://e.com…" is no address to fetch: only http:// and https:// addresses can be fetched',
  ]);
});

it.each([
  ['hunter2\nhunter3\n', 'ids.txt, line 1: a text of 7 characters is not a web address (and 1 more)'],
  [
    'https://e.com/\nuser:hunter2@e.com\nx',
    'ids.txt, line 2: a text of 18 characters is no address to fetch: only http:// and https:// addresses can be fetched (and 1 more)',
  ],
  ['\n# nothing\n', 'ids.txt has no addresses'],
  [
    `https://e.com/${'x'.repeat(2100)}`,
    'ids.txt, line 1: an address may have 2,047 characters, and this one has 2,114',
  ],
])('a file of something else is an error, which shows nothing of it', async (text, message) => {
  await expect(list('ids.txt', { 'ids.txt': text })).rejects.toMatchObject({ kind: 'config', message });
});

it('makes all combinations of a template in order, with each value in its place', async () => {
  const values = { city: ['köln', 'a/b?c#d&e'], id: { from: 8, to: 12, step: 2, pad: 3 } };
  expect((await list(template('https://e.com/{city}/p?id={id}', values))).urls).toEqual([
    'https://e.com/k%C3%B6ln/p?id=008',
    'https://e.com/k%C3%B6ln/p?id=010',
    'https://e.com/k%C3%B6ln/p?id=012',
    'https://e.com/a%2Fb%3Fc%23d%26e/p?id=008',
    'https://e.com/a%2Fb%3Fc%23d%26e/p?id=010',
    'https://e.com/a%2Fb%3Fc%23d%26e/p?id=012',
  ]);
});

it('takes the values of a template from a file', async () => {
  const files = { 'ids.csv': 'name,id\na,1\nb,2\nc,1\n' };
  const own = template('https://e.com/{id}-{n}', { id: { file: 'ids.csv' }, n: [0] });
  expect((await list(own, files)).urls).toEqual(['https://e.com/1-0', 'https://e.com/2-0']);
  const named = template('https://e.com/{id}', { id: { file: 'ids.csv', field: 'name' } });
  expect((await list(named, files)).urls).toEqual(['https://e.com/a', 'https://e.com/b', 'https://e.com/c']);
});

it.each([
  [['..'], 'a value of {id} would lead the address out of its folder'],
  [['1', '.'], 'a value of {id} would lead the address out of its folder'],
])('a template does not lead out of its folder with %j', async (id, message) => {
  await expect(list(template('https://e.com/a/{id}/b', { id }))).rejects.toMatchObject({ message });
});

it('a value cannot choose another host', async () => {
  const values = { shop: ['one', 'evil.example/x', 'user@evil.example'] };
  await expect(list(template('https://{shop}.e.com/', values))).rejects.toMatchObject({
    message: 'the template with shop: a text of 31 characters is not a web address (and 1 more)',
  });
});

it('more addresses than a run can fetch are refused before anything is fetched', async () => {
  const numbers = Array.from({ length: 800 }, (_, n) => n).join('\n');
  const source = template('https://e.com/{a}/{b}', { a: { file: 'n.txt' }, b: { file: 'n.txt' } });
  await expect(list(source, { 'n.txt': numbers })).rejects.toMatchObject({
    message:
      'the template makes 640,000 addresses (800 of {a} × 800 of {b}), and a run fetches at most 500,000',
  });
});

it('begins relative paths beside the configuration', async () => {
  await expect(list('ids.csv')).rejects.toMatchObject({
    message: expect.stringMatching(/^ids\.csv does not exist: .*configs[\\/]ids\.csv$/),
    hint: expect.stringContaining('beside the configuration'),
  });
  const place = home({});
  writeFileSync(join(place.paths.output, 'rows.csv'), 'link\nhttps://e.com/1\n');
  expect((await list('../output/rows.csv', {}, place)).urls).toEqual(['https://e.com/1']);
  mkdirSync(join(place.paths.configs, 'folder.txt'));
  await expect(list('folder.txt', {}, place)).rejects.toMatchObject({
    message: expect.stringContaining('is not a file'),
  });
});

it('reads no other file of the home, also by a link', async () => {
  const place = home({});
  writeFileSync(join(place.paths.jobs, 'books.json'), '["https://e.com/1"]');
  symlinkSync(join(place.paths.jobs, 'books.json'), join(place.root, 'books.json'));
  for (const file of ['../jobs/books.json', join(place.root, 'books.json')])
    await expect(list(file, {}, place)).rejects.toMatchObject({
      message: expect.stringContaining("is among QuickScrape's own files"),
    });
});

it('says that a worker on another machine has no files', async () => {
  const source = completeUrlsFrom(urlsFromInput.parse('ids.csv')) as Source;
  await expect(listStartUrls(source, {})).rejects.toMatchObject({
    message: 'urls_from: a worker on another machine cannot read ids.csv',
  });
});
