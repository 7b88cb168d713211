import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { resolveItemDestination } from '../../../src/core/items/item-destination.ts';
import { tempFolder } from '../../temp-folder.ts';

let folder = '';
let paths = resolveHome();
beforeEach(() => {
  folder = tempFolder();
  paths = resolveHome({ home: join(folder, 'home') });
  mkdirSync(paths.jobs, { recursive: true });
  mkdirSync(paths.output);
});
const to = (file: string, rules: Partial<Parameters<typeof resolveItemDestination>[2]> = {}) =>
  resolveItemDestination(paths, file, { force: false, ...rules });

it('the ending names the format', () => {
  const formats = ['csv', 'tsv', 'json', 'jsonl', 'xlsx', 'db', 'sqlite', 'csv.gz', 'jsonl.gz'].map(
    (ending) => to(join(folder, `new.${ending}`)).format,
  );
  expect(formats).toEqual(['csv', 'csv', 'json', 'jsonl', 'excel', 'sqlite', 'sqlite', 'csv', 'jsonl']);
});

it('a path is relative to the working directory, or to the person’s folder', () => {
  expect(to('x/none.csv').file).toBe(resolve('x/none.csv'));
  expect(to('~/none-of-quickscrape.csv').file).toBe(join(homedir(), 'none-of-quickscrape.csv'));
});

it('an existing file is replaced on request only, also one that appeared since', () => {
  const old = join(folder, 'old.csv');
  writeFileSync(old, '');
  expect(() => to(old)).toThrow(
    expect.objectContaining({ code: 'conflict', message: `to: ${old} exists already` }),
  );
  expect(to(old, { force: true }).file).toBe(old);
  const { file, mayWrite } = to(join(folder, 'later.csv'));
  mayWrite(file);
  writeFileSync(file, '');
  expect(() => mayWrite(file)).toThrow('exists already');
});

describe('refuses', () => {
  it.each([
    ['books', 'to: the ending of "books" names no format'],
    ['books.xls', 'to: the ending of "books.xls" names no format'],
    ['books.csv.zip', 'names no format'],
    ['', 'to: the ending of "" names no format'],
  ])('%j, and says what is allowed', (file, message) => {
    expect(() => to(file)).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('.csv, .tsv, .json, .jsonl, .ndjson, .xlsx, .sqlite, .db'),
      }),
    );
  });

  it('a compressed workbook', () => {
    expect(() => to('books.xlsx.gz')).toThrow('excel is not compressed');
  });

  it('the home’s own files, also by a link, but not its output', () => {
    expect(() => to(paths.database, { force: true })).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        message: `to: ${paths.database} is among QuickScrape's own files`,
      }),
    );
    symlinkSync(paths.jobs, join(folder, 'link'));
    expect(() => to(join(folder, 'link', 'news.json'))).toThrow('own files');
    expect(to(join(paths.output, 'books.csv')).format).toBe('csv');
  });

  it('a file in a home that may only be read', () => {
    expect(() => to(join(paths.output, 'books.csv'), { isHomeReadOnly: true })).toThrow(
      expect.objectContaining({ code: 'not_allowed', message: expect.stringContaining('--read-only') }),
    );
    expect(to(join(folder, 'outside.csv'), { isHomeReadOnly: true }).format).toBe('csv');
  });
});
