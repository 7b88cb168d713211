import { extname } from 'node:path';

/** The formats in which rows can be written. */
export const OUTPUT_FORMATS = ['csv', 'json', 'jsonl', 'excel', 'sqlite'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Alternative names of formats: from the original's guide, and from file extensions. */
const FORMAT_ALIASES: Readonly<Record<string, OutputFormat>> = {
  xlsx: 'excel',
  db: 'sqlite',
  ndjson: 'jsonl',
};

/** All accepted names: the formats' own names first. */
export const FORMAT_NAMES: readonly string[] = [...OUTPUT_FORMATS, ...Object.keys(FORMAT_ALIASES)];

/** The file extensions of each format; the first is the usual one. */
const EXTENSIONS: Readonly<Record<OutputFormat, readonly string[]>> = {
  csv: ['.csv', '.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  excel: ['.xlsx'],
  sqlite: ['.sqlite', '.db', '.sqlite3'],
};

export const KNOWN_ENDINGS: readonly string[] = Object.values(EXTENSIONS).flat();

const GZIP = '.gz';

/** Resolves an alias of a format (`xlsx` → `excel`); returns any other value unchanged. */
export function resolveFormatAlias(name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(FORMAT_ALIASES, name) ? FORMAT_ALIASES[name] : name;
}

/** Whether a file name means a compressed file: `books.csv.gz`. */
export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith(GZIP);
}

/** Whether a format's files are text, and can therefore be compressed as a whole. */
export function isTextFormat(format: OutputFormat): boolean {
  return format !== 'excel' && format !== 'sqlite';
}

/** Returns the format for a path's extension before `.gz`; `undefined` for an unknown extension. */
export function formatFromPath(path: string): OutputFormat | undefined {
  const ending = extname(stripGzip(path)).toLowerCase();
  return OUTPUT_FORMATS.find((format) => EXTENSIONS[format].includes(ending));
}

/** Returns a path's extension as written, with `.gz` and its dots: `.csv.gz`. */
export function fileExtension(path: string): string {
  const plain = stripGzip(path);
  return extname(plain) + path.slice(plain.length);
}

/** Returns a format's usual extension, with its dot. */
export function defaultExtension(format: OutputFormat): string {
  return EXTENSIONS[format][0] ?? '';
}

/**
 * `products.csv` becomes `products.json` when the format is JSON. An unknown extension stays. `.gz` stays if the format
 * can be compressed.
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
