import { extname } from 'node:path';

/** The ways in which rows can be written. */
export const OUTPUT_FORMATS = ['csv', 'json', 'jsonl', 'excel', 'sqlite'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What a format is called elsewhere, too: in the original's guide, and by the ending of its files. */
const OTHER_NAMES: Readonly<Record<string, OutputFormat>> = { xlsx: 'excel', db: 'sqlite', ndjson: 'jsonl' };

/** What a format may be called: its own names first. */
export const FORMAT_NAMES: readonly string[] = [...OUTPUT_FORMATS, ...Object.keys(OTHER_NAMES)];

/** The file endings that belong to each format; the first is the usual one. */
const ENDINGS: Readonly<Record<OutputFormat, readonly string[]>> = {
  csv: ['.csv', '.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  excel: ['.xlsx'],
  sqlite: ['.sqlite', '.db', '.sqlite3'],
};

const GZIP = '.gz';

/** The format's own name for one of its other names (`xlsx` → `excel`); anything else as it is. */
export function formatNamed(name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name;
}

/** Whether a file of that name is compressed: `books.csv.gz`. */
export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith(GZIP);
}

/** Whether files of a format are text, which can be compressed as a whole. */
export function isTextFormat(format: OutputFormat): boolean {
  return format !== 'excel' && format !== 'sqlite';
}

/** The format that a path's ending belongs to, before `.gz`; `undefined` for an ending of no format of ours. */
export function formatOfPath(path: string): OutputFormat | undefined {
  const ending = extname(withoutGzip(path)).toLowerCase();
  return OUTPUT_FORMATS.find((format) => ENDINGS[format].includes(ending));
}

/** A path's ending as it is written, with `.gz` and its dots: `.csv.gz`. */
export function endingOf(path: string): string {
  const plain = withoutGzip(path);
  return extname(plain) + path.slice(plain.length);
}

/** A format's usual ending, with its dot. */
export function usualEnding(format: OutputFormat): string {
  return ENDINGS[format][0] ?? '';
}

/**
 * `products.csv` becomes `products.json` when the format is JSON; an ending of no format of ours stays. `.gz` stays
 * where the format can have it.
 */
export function withEndingOf(path: string, format: OutputFormat): string {
  const found = formatOfPath(path);
  if (found === undefined || found === format) return path;
  const plain = withoutGzip(path);
  const gzip = isTextFormat(format) ? path.slice(plain.length) : '';
  return `${plain.slice(0, -extname(plain).length)}${usualEnding(format)}${gzip}`;
}

function withoutGzip(path: string): string {
  return isGzip(path) ? path.slice(0, -GZIP.length) : path;
}
