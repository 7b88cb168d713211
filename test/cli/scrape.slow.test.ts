import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { it } from '../extend.ts';
import { quickscrape } from '../program.ts';
import { BOOKS, shopHome } from './shop-home.ts';

async function bookHome() {
  const shop = await startBookshop();
  onTestFinished(() => shop.close());
  const yaml = bookshopConfig(shop.url);
  return { yaml, ...shopHome({ books: yaml }) };
}

it('writes the configuration’s output into output/ and says how much and where', async () => {
  const { program, home } = await bookHome();
  const said = await program('scrape', 'books', '--max-pages', '3');
  const file = join(home, 'output', 'books.csv');
  expect(said).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^60 items from 3 pages \(.* KB\) → /),
  });
  expect(said.stdout).toContain(file);
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeGreaterThanOrEqual(61);
});

it('writes nothing when the rows are not what the configuration expects; a part is not held against the whole', async () => {
  const { yaml, home, program } = await bookHome();
  const expecting = (expect: string) =>
    writeFileSync(
      join(home, 'configs', 'books.yaml'),
      `${yaml.replace('max_pages: 100', 'max_pages: 1')}expect: ${expect}\n`,
    );
  expecting('{min_items: 21}');
  const failed = await program('scrape', 'books');
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toContain('20 items, at least 21 expected');
  expect(failed.stderr).toContain('Nothing was written.');
  expect(readdirSync(join(home, 'output'))).toEqual([]);
  expect(await program('scrape', 'books', '--max-pages', '1')).toMatchObject({ code: 0 });
  expecting('{fields: {title: {pattern: "^never$"}}}');
  const sample = await program('scrape', 'books', '--sample', '2');
  expect(sample).toMatchObject({ code: 0, stderr: expect.stringContaining('2 of 2 rows do not match') });
  expect(sample.stdout).toContain('2 items from 1 page');
  expect((await program('scrape', 'books')).stderr).toContain('--sample 20 shows rows all the same');
  expecting('{min_items: 20, required_fields: [title, prize]}');
  expect((await program('scrape', 'books', '--sample', '5')).stderr).toContain('no item has a field "prize"');
});

it('warns of a field whose selector matched nothing, and not of those within it', async () => {
  const { yaml, home, program } = await bookHome();
  const wrong = 'prize: ".prize"\n  award: {selector: ".award", children: {year: ".year"}}\n';
  writeFileSync(join(home, 'configs', 'books.yaml'), yaml.replace(/^selectors:\n/m, `$&  ${wrong}`));
  const { code, stderr } = await program('scrape', 'books', '--sample', '2');
  expect(code).toBe(0);
  expect(stderr.split('\n').filter((line) => line.includes('matched nothing'))).toEqual([
    'warning: prize is empty in all items: its selector (.prize) matched nothing',
    'warning: award is empty in all items: its selector (.award) matched nothing',
  ]);
});

it('prints rows and writes nothing with --sample', async () => {
  const { program, json, home } = await bookHome();
  const said = await program('scrape', 'books', '--sample', '4');
  expect(said.stdout).toMatch(
    /^title +price +rating +availability +link\n(.+\n){4}\n.*nothing was written\n$/,
  );
  const { sample } = await json('scrape', 'books', '--sample', '2');
  expect(sample).toHaveLength(2);
  expect(readdirSync(join(home, 'output'))).toEqual([]);
});

it('says what a name without its ending, and an ending without a format, mean', async ({ folder }) => {
  const { home, yaml } = await bookHome();
  writeFileSync(join(folder, '8.yaml'), yaml);
  const unnamed = await quickscrape(['scrape', '8'], { home, cwd: folder });
  expect(unnamed.stderr).toContain('this folder has a file: write 8.yaml.');
  const args = ['scrape', '8.yaml', '--max-pages', '1', '--output-path', 'z.foo'];
  const { stderr } = await quickscrape(args, { home, cwd: folder });
  expect(stderr).toContain(
    'the ending of z.foo names no format, so the file is csv. Known: .csv, .tsv, .json',
  );
});

it('takes a file, from any folder, and writes --output-path from there', async ({ folder }) => {
  const { home, yaml } = await bookHome();
  writeFileSync(join(folder, 'mine.yaml'), yaml);
  const args = ['scrape', 'mine.yaml', '--max-pages', '1', '--output-path', 'deep/er.jsonl'];
  const said = await quickscrape([...args, '--json'], { home, cwd: folder });
  const file = join(folder, 'deep', 'er.jsonl');
  expect(JSON.parse(said.stdout)).toMatchObject({
    items: 20,
    pages: 1,
    output_path: file,
    output_format: 'jsonl',
  });
  expect(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toHaveLength(20);
});

it('is quiet with --quiet and talkative with --verbose', async () => {
  const { program } = await bookHome();
  expect((await program('scrape', 'books', '--max-pages', '1', '--quiet')).stderr).toBe('');
  expect((await program('scrape', 'books', '--max-pages', '1', '--verbose')).stderr).not.toBe('');
});

it('keeps the old file when a scrape fails', async () => {
  const { home, qs, program } = shopHome({ books: `${BOOKS}output:\n  path: books.csv\n` });
  await qs('init');
  writeFileSync(join(home, 'output', 'books.csv'), 'old\n');
  expect((await program('scrape', 'books')).code).toBe(1);
  expect(readFileSync(join(home, 'output', 'books.csv'), 'utf8')).toBe('old\n');
});

it('says a configuration’s faults with file, line and column, and exits 2', async () => {
  const { qs, home, json } = shopHome({
    good: BOOKS,
    bad: 'url: "http://127.0.0.1:9/"\nselectors:\n  title: "h3["\npagination:\n  type: next_buton\n',
  });
  for (const command of ['validate', 'scrape']) {
    const said = await qs(command, 'bad');
    expect(said.code).toBe(2);
    expect(said.stdout + said.stderr).toMatch(/bad\.yaml:3:\d+: /);
    expect(said.stdout + said.stderr).toMatch(/bad\.yaml:5:\d+: /);
  }
  const validated = JSON.parse((await qs('validate', join(home, 'configs', 'bad.yaml'), '--json')).stdout);
  expect(validated).toMatchObject({ valid: false, issues: [{ line: 3, severity: 'error' }, { line: 5 }] });
  expect(await json('validate', 'good')).toMatchObject({ valid: true });
  expect(existsSync(join(home, 'output', 'bad.csv'))).toBe(false);
});

it('init writes a valid example and never changes an existing file', async () => {
  const { qs, json, home } = shopHome({});
  expect((await json('init'))['created']).toEqual([join(home, 'configs', 'example.yaml')]);
  expect((await qs('validate', 'example')).stdout).toMatch(/^valid /);
  writeFileSync(join(home, 'configs', 'example.yaml'), '# mine\n');
  expect((await json('init'))['created']).toEqual([]);
  expect((await qs('show', 'example')).stdout).toBe('# mine\n');
});
