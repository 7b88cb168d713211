import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findMissingOracle } from './run-oracle.ts';

/** Where install.mjs puts feeds and data. Only the nightly run does it. */
export const FOLDER = process.env['QS_ORACLES'] ?? '';
const missing = FOLDER === '' ? 'it is compared by npm run test:nightly' : findMissingOracle();
export const DOC = '/usr/share/doc';
/** Where the pages seem to come from. */
export const URL = 'http://a.example/';
/** Of a larger collection, so many files from its whole length. */
const MAX_FILES = 1_000;

export type Row = Record<string, unknown>;

export interface Collection {
  name: string;
  folder: string;
  files: RegExp;
  /** As many rows there are at least: an empty comparison proves nothing. */
  atLeast: number;
}

/** The files of a collection. The test is skipped, with a word, where it is not installed. */
export function filesOf({ folder, files }: Collection, skip: (note: string) => void): string[] {
  if (missing !== undefined) skip(missing);
  if (!existsSync(folder)) skip(`${folder} is not installed: node test/scrape/oracles/install.mjs FOLDER`);
  const all = statSync(folder).isDirectory()
    ? readdirSync(folder)
        .filter((file) => files.test(file))
        .sort()
        .map((file) => join(folder, file))
    : [folder];
  const step = Math.max(1, all.length / MAX_FILES);
  return Array.from({ length: Math.min(all.length, MAX_FILES) }, (_, at) => all[Math.floor(at * step)] ?? '');
}

/** The rows that we take from a file by a configuration. */
export function rowsOf(file: string, type: string, lines: string): Row[] {
  const { config } = parseConfig(`url: ${URL}\n${lines}`, 'oracle', {});
  const page = loadPage(readFileSync(file), type, URL);
  return extractRows(page, config).rows;
}

/** Spaces between the parts of a text are a matter of layout, and no content. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  const text = value.replaceAll(/[\s\u200b\ufeff]+/gu, '');
  return text === '' ? null : text;
}

export function plainRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

/** Compares the rows of each file, and says how many there were. */
export function compare<T>(
  { name, atLeast }: Collection,
  files: readonly string[],
  theirs: readonly unknown[],
  ours: (file: string, theirs: T) => [ours: unknown[], theirs: unknown[]],
): void {
  let rows = 0;
  const different: { file: string; ours: unknown; theirs: unknown }[] = [];
  for (const [at, file] of files.entries()) {
    const [one, other] = ours(file, theirs[at] as T);
    rows += other.length;
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    const row = other.findIndex((each, index) => JSON.stringify(each) !== JSON.stringify(one[index]));
    different.push({
      file,
      ours: one[row] ?? `${one.length} rows`,
      theirs: other[row] ?? `${other.length} rows`,
    });
  }
  process.stdout.write(`${name}: ${files.length} files, ${rows} rows, ${different.length} files differ\n`);
  expect(different.slice(0, 5)).toEqual([]);
  expect(rows).toBeGreaterThanOrEqual(atLeast);
}
