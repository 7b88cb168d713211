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
  /** By their paths within the folder. */
  files: RegExp;
  /** Only those whose text has this. */
  having?: RegExp;
  /** Of more, so many from the whole length. */
  most?: number;
  /** As many rows there are at least: an empty comparison proves nothing. */
  atLeast: number;
}

/** The files of a collection. The test is skipped, with a word, where it is not installed. */
export function filesOf(
  { name, folder, files, having, most = MAX_FILES }: Collection,
  skip: (note: string) => void,
): string[] {
  const reason = missing ?? (existsSync(folder) ? undefined : findReason(folder));
  if (reason !== undefined) {
    process.stdout.write(`${name}: not compared: ${reason}\n`);
    skip(reason);
  }
  const all = statSync(folder).isDirectory()
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => files.test(file))
        .sort()
        .map((file) => join(folder, file))
        .filter((file) => having === undefined || having.test(readFileSync(file, 'utf8')))
    : [folder];
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, at) => all[Math.floor(at * step)] ?? '');
}

/** Returns why a folder is not there: what install.mjs noted. */
function findReason(folder: string): string {
  const note = join(FOLDER, 'missing.json');
  const reasons = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as Record<string, string>) : {};
  const [, reason] =
    Object.entries(reasons).find(([name]) => folder.startsWith(join(FOLDER, name, '/'))) ?? [];
  return reason ?? `${folder} is not installed: node test/scrape/oracles/install.mjs FOLDER`;
}

/** The rows that we take from a file by a configuration. */
export function rowsOf(file: string, type: string, lines: string): Row[] {
  const { config } = parseConfig(`url: ${URL}\n${lines}`, 'oracle', {});
  const page = loadPage(readFileSync(file), type, URL, { embedded: config.embedded });
  return extractRows(page, config).rows;
}

/** Spaces between the parts of a text are a matter of layout, and no content. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  const text = value.replaceAll(/[\s\u200b\ufeff]+/gu, '');
  return text === '' ? null : text;
}

/** Objects in one order of names, at any depth. */
export function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, inOneOrder(inner)]),
  );
}

/** The same of the texts in objects and lists. */
export function plainDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainDeep);
  if (typeof value !== 'object' || value === null) return plain(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainDeep(inner)]));
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
  let refused = 0;
  const different: { file: string; ours: unknown; theirs: unknown }[] = [];
  for (const [at, file] of files.entries()) {
    if (isRefused(theirs[at])) {
      refused += 1;
      continue;
    }
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
  const unread = refused === 0 ? '' : `, ${refused} more that the oracle refuses`;
  process.stdout.write(
    `${name}: ${files.length - refused} files, ${rows} rows, ${different.length} files differ${unread}
`,
  );
  expect(different.slice(0, 5)).toEqual([]);
  expect(rows).toBeGreaterThanOrEqual(atLeast);
}

/** What is not well-formed, for instance: we read as much of it as can be read, which nothing is compared with. */
function isRefused(theirs: unknown): boolean {
  return !Array.isArray(theirs);
}
