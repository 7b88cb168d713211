import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { closestNames } from '../../core/lib/closest-names.ts';
import { isRecord, tryParseJson } from '../../core/lib/json.ts';
import { truncateList } from '../../core/lib/text.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { decodeText } from '../sitemap/read-sitemap-file.ts';

/** A value of a file, and its line; of a list in JSON, its number. */
export interface FileEntry {
  text: string;
  where: string;
}

/** What is taken from a file. */
export interface EntryChoice {
  /** The name of the file in messages. */
  name: string;
  /** The column, or the key of objects. */
  field?: string | undefined;
  /** Columns to take without a field, if there is one of them. */
  usual: readonly string[];
  /** Called for each row of a table, or object, without a value. */
  onEmpty?(): void;
}

/** A longer line is no entry: it would be kept in memory. */
const MAX_LINE_CHARACTERS = 1_000_000;
/** JSON that is not in lines is read as a whole. */
const MAX_JSON_BYTES = 128 * 1024 * 1024;
const MAX_NAMED = 20;

/**
 * Reads the values of a file one after the other: a table with a header, a text with one a line, or JSON. Empty ones are
 * left out. UTF-8 is expected; a byte order mark says otherwise.
 * @param path its ending says what it is
 * @throws ScrapeError `config` that says what is wrong, and where; it shows no values
 */
export async function* readEntries(path: string, choice: EntryChoice): AsyncGenerator<FileEntry> {
  const ending = /\.[a-z]+$/i.exec(choice.name)?.[0].toLowerCase();
  try {
    if (ending === '.csv' || ending === '.tsv') yield* readTable(path, choice, ending === '.tsv');
    else if (ending === '.json') yield* readJson(path, choice);
    else if (ending === '.txt') yield* readText(path, choice);
    else yield* readJsonLines(path, choice);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof ScrapeError || !/^E[A-Z]+$/.test(code)) throw error;
    throw new ScrapeError('config', `${choice.name} cannot be read (${code})`, {
      hint: 'Check its permissions.',
      cause: error,
    });
  }
}

/** The decoded text in pieces, without a byte order mark. */
async function* readPieces(path: string): AsyncGenerator<string> {
  let isFirst = true;
  const bytes = createReadStream(path, { highWaterMark: 1 << 16 });
  for await (const piece of decodeText(bytes as AsyncIterable<Buffer>, undefined)) {
    yield isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    if (piece !== '') isFirst = false;
  }
}

async function* readLines(path: string, name: string): AsyncGenerator<{ text: string; line: number }> {
  let rest = '';
  let line = 0;
  for await (const piece of readPieces(path)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line += 1;
      yield { text: text.trim(), line };
    }
    if (rest.length > MAX_LINE_CHARACTERS)
      throw wrongFile(`${name}, line ${line + 1}`, 'the line has more than a million characters');
  }
  if (rest.trim() !== '') yield { text: rest.trim(), line: line + 1 };
}

async function* readText(path: string, { name }: EntryChoice): AsyncGenerator<FileEntry> {
  for await (const { text, line } of readLines(path, name))
    if (text !== '' && !text.startsWith('#')) yield { text, where: `${name}, line ${line}` };
}

async function* readJsonLines(path: string, choice: EntryChoice): AsyncGenerator<FileEntry> {
  const read = new JsonEntries(choice);
  for await (const { text, line } of readLines(path, choice.name)) {
    if (text === '') continue;
    const where = `${choice.name}, line ${line}`;
    const value = tryParseJson(text);
    if (value === undefined)
      throw wrongFile(
        where,
        'this is not JSON',
        'A file .jsonl has one value a line, such as {"url": "https://shop.example/1"}.',
      );
    yield* read.take(value, where);
  }
}

async function* readJson(path: string, choice: EntryChoice): AsyncGenerator<FileEntry> {
  const { name } = choice;
  let text = '';
  for await (const piece of readPieces(path)) {
    text += piece;
    if (text.length > MAX_JSON_BYTES)
      throw wrongFile(name, 'the file is larger than 128 MB', 'Write it as .jsonl, one value a line.');
  }
  const list = tryParseJson(text);
  if (!Array.isArray(list))
    throw wrongFile(
      name,
      list === undefined ? 'this is not JSON' : 'this is JSON, and not a list',
      'A file .json has a list: ["https://shop.example/1"], or [{"url": "https://shop.example/1"}].',
    );
  const read = new JsonEntries(choice);
  for (const [index, value] of list.entries()) yield* read.take(value, `${name}, entry ${index + 1}`);
}

/** Takes the values of a list: texts and numbers themselves, and of objects a key. */
class JsonEntries {
  readonly #choice: EntryChoice;
  #key: string | undefined;

  constructor(choice: EntryChoice) {
    this.#choice = choice;
  }

  *take(value: unknown, where: string): Generator<FileEntry> {
    const own = isRecord(value) ? value[this.#keyOf(value, where)] : value;
    if (own === null || own === undefined || own === '') return this.#choice.onEmpty?.();
    if (typeof own !== 'string' && typeof own !== 'number')
      throw wrongFile(where, 'a text is wanted', 'Name the key that has it: field.');
    if (String(own).trim() !== '') yield { text: String(own).trim(), where };
  }

  #keyOf(value: Record<string, unknown>, where: string): string {
    this.#key ??= chooseColumn(Object.keys(value), this.#choice, where, 'key');
    return this.#key;
  }
}

async function* readTable(path: string, choice: EntryChoice, isTabbed: boolean): AsyncGenerator<FileEntry> {
  const { name } = choice;
  const pieces = readPieces(path);
  const { start, all } = await readHead(pieces);
  const delimiter = isTabbed ? '\t' : findDelimiter(start);
  const rows = Readable.from(all).pipe(
    parse({
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: MAX_LINE_CHARACTERS,
    }),
  ) as AsyncIterable<{ record: string[]; info: { lines: number } }>;
  let column: number | undefined;
  /** Until the first row is read. */
  let header: string | undefined;
  try {
    for await (const { record, info } of rows) {
      const where = `${name}, line ${info.lines}`;
      if (column === undefined) {
        column = findColumn(record, choice, where);
        header = record[column]?.trim();
        continue;
      }
      const text = record[column]?.trim() ?? '';
      if (header !== undefined) requireHeader(header, text, choice);
      header = undefined;
      if (text === '') choice.onEmpty?.();
      else yield { text, where };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw wrongFile(`${name}, line ${error['lines'] ?? '?'}`, describeCsvError(error.code));
  }
}

/** Reads the first line, from which the delimiter is seen. */
async function readHead(pieces: AsyncGenerator<string>) {
  let start = '';
  let isOver = false;
  while (!isOver && !start.trimStart().includes('\n') && start.length < MAX_LINE_CHARACTERS) {
    const { value = '', done = false } = await pieces.next();
    start += value;
    isOver = done;
  }
  async function* all() {
    yield start;
    yield* pieces;
  }
  return { start: start.trimStart().split('\n', 1)[0] ?? '', all: all() };
}

/** The mark that occurs most in the header, outside of quotes. A table of one column has none: addresses have commas. */
function findDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const [best = ','] = [',', ';', '\t', '|'].toSorted((a, b) => countOf(bare, b) - countOf(bare, a));
  return countOf(bare, best) === 0 ? '\u0000' : best;
}

function countOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function findColumn(header: readonly string[], choice: EntryChoice, where: string): number {
  const names = header.map((name) => name.trim());
  if (names.some((name) => /^https?:\/\//i.test(name)))
    throw wrongFile(
      where,
      'the table begins with an address, and not with a header',
      'Write a first line with the names of the columns, such as: url. A list without a header is a file .txt.',
    );
  return names.indexOf(chooseColumn(names, choice, where, 'column'));
}

/**
 * Refuses a table without a header: its first value would be lost. Of one column, the name looks like a value if it has
 * no letter, or digits in the same places as the first value: `A-17`, `A-18`.
 */
function requireHeader(header: string, first: string, { name, field, usual }: EntryChoice): void {
  if (field !== undefined || usual.includes(header.toLowerCase())) return;
  const isAlike = /\d/.test(header) && shapeOf(header) === shapeOf(first);
  if (/\p{L}/u.test(header) && !isAlike) return;
  throw wrongFile(
    `${name}, line 1`,
    'the table seems to begin with a value, and not with a header',
    `Write a first line with the name of the column, such as: ${usual[0] ?? 'id'}. A list without a header is a file .txt. If it is the header, name it: field.`,
  );
}

/** Letters and digits count by their kind: `A-17` → `a-9`. */
function shapeOf(text: string): string {
  return text.replaceAll(/\p{L}+/gu, 'a').replaceAll(/\d+/g, '9');
}

function chooseColumn(
  names: readonly string[],
  { field, usual }: EntryChoice,
  where: string,
  what: 'column' | 'key',
): string {
  if (field !== undefined) {
    if (names.includes(field)) return field;
    const [nearest] = closestNames(field, names);
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    throw wrongFile(where, `there is no ${what} "${field}"`, `It has: ${listNames(names)}.${hint}`);
  }
  const found =
    usual.flatMap((one) => names.filter((name) => name.toLowerCase() === one))[0] ??
    (names.length === 1 ? names[0] : undefined);
  if (found !== undefined) return found;
  throw wrongFile(
    where,
    `there are ${names.length} ${what}s, and none is named ${usual.join(', ')}`,
    `Name the right one with field. It has: ${listNames(names)}.`,
  );
}

function listNames(names: readonly string[]): string {
  const shown = names.map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return truncateList(shown, MAX_NAMED);
}

function describeCsvError(code: string): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is not closed';
  if (code === 'CSV_MAX_RECORD_SIZE') return 'the row has more than a million characters';
  return 'a quote stands within a value, or after its end';
}

function wrongFile(where: string, problem: string, hint = 'Check the file.'): ScrapeError {
  return new ScrapeError('config', `${where}: ${problem}`, { hint });
}
