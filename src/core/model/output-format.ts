import { extname } from 'node:path';

/** The ways in which rows can be written. */
export const OUTPUT_FORMATS = ['csv', 'json', 'jsonl', 'excel', 'sqlite'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What a format is called elsewhere, too: in the original's guide, and by the ending of its files. */
const FORMAT_ALIASES: Readonly<Record<string, OutputFormat>> = {
  xlsx: 'excel',
  db: 'sqlite',
  ndjson: 'jsonl',
};

/** What a format may be called: its own names first. */
export const FORMAT_NAMES: readonly string[] = [...OUTPUT_FORMATS, ...Object.keys(FORMAT_ALIASES)];

/** The file endings that belong to each format; the first is the usual one. */
const EXTENSIONS: Readonly<Record<OutputFormat, readonly string[]>> = {
  csv: ['.csv', '.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  excel: ['.xlsx'],
  sqlite: ['.sqlite', '.db', '.sqlite3'],
};

const GZIP = '.gz';

/** The format's own name for one of its other names (`xlsx` → `excel`); anything else as it is. */
export function resolveFormatAlias(name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(FORMAT_ALIASES, name) ? FORMAT_ALIASES[name] : name;
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
export function formatFromPath(path: string): OutputFormat | undefined {
  const ending = extname(stripGzip(path)).toLowerCase();
  return OUTPUT_FORMATS.find((format) => EXTENSIONS[format].includes(ending));
}

/** A path's ending as it is written, with `.gz` and its dots: `.csv.gz`. */
export function fileExtension(path: string): string {
  const plain = stripGzip(path);
  return extname(plain) + path.slice(plain.length);
}

/** A format's usual ending, with its dot. */
export function defaultExtension(format: OutputFormat): string {
  return EXTENSIONS[format][0] ?? '';
}

/**
 * `products.csv` becomes `products.json` when the format is JSON; an ending of no format of ours stays. `.gz` stays
 * where the format can have it.
 */
export function replaceExtension(path: string, format: OutputFormat): string {
  const found = formatFromPath(path);
  if (found === undefined || found === format) return path;
  const plain = stripGzip(path);
  const gzip = isTextFormat(format) ? path.slice(plain.length) : '';
  return `${plain.slice(0, -extname(plain).length)}${defaultExtension(format)}${gzip}`;
}

function stripGzip(path: string): string {
  return isGzip(path) ? path.slice(0, -GZIP.length) : path;
}
