import { type Document, isMap, LineCounter, parseDocument, type YAMLParseError } from 'yaml';
import { QuickscrapeError } from '../lib/errors.ts';
import { decodeYaml, readRegularFile, UnreadableFileError } from './read-regular-file.ts';
import { unavailable } from './system-errors.ts';

const MAX_DEPTH = 64;

export interface YamlMapOptions {
  /** The largest file, in bytes. */
  limit: number;
  /** The next step in the errors of a file that cannot be used. */
  hint: string;
  /** What the file holds, for a text that is no map: `settings are "key: value" lines`. */
  shape: string;
}

/** A YAML file that holds a map, with the places of its parts. */
export class YamlMap {
  readonly document: Document;
  /** Whether the file does not exist or is empty. */
  readonly isNew: boolean;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #hint: string;

  /**
   * Reads a file; one that does not exist holds an empty map.
   * @throws QuickscrapeError `invalid_config` with file, line and column; `store_unavailable` when it cannot be read
   */
  constructor(file: string, { limit, hint, shape }: YamlMapOptions) {
    this.#file = file;
    this.#hint = hint;
    const text = readText(file, limit, hint);
    this.isNew = text === '';
    // The parser takes seconds for thousands of nested levels. These files nest a few.
    if (nestsDeeply(text)) throw this.errorAt(0, `nested more than ${MAX_DEPTH} levels deep`);
    this.document = this.#parse(text);
    const [problem] = this.document.errors;
    if (problem) throw this.errorAt(problem.pos[0], describeYamlError(problem));
    if (this.document.contents !== null && !isMap(this.document.contents)) throw this.errorAt(0, shape);
  }

  #parse(text: string): Document {
    try {
      return parseDocument(text, { lineCounter: this.#lines });
    } catch {
      // The parser's stack is full.
      throw this.errorAt(0, `nested more than ${MAX_DEPTH} levels deep`);
    }
  }

  /** Where an offset of the text is, from 1. */
  placeOf(offset: number): { line: number; column: number } {
    const { line, col: column } = this.#lines.linePos(offset);
    return { line, column };
  }

  /** The error for a part of the file: `invalid_config`, with file, line and column. */
  errorAt(offset: number, reason: string, hint = this.#hint): QuickscrapeError {
    const { line, column } = this.placeOf(offset);
    return new QuickscrapeError('invalid_config', `${this.#file}:${line}:${column}: ${reason}`, {
      hint,
      issues: [{ path: '', message: reason, file: this.#file, line, column }],
    });
  }
}

/** Describes an error without the text that the parser quotes: it may be a password. */
function describeYamlError({ code, message }: YAMLParseError): string {
  const [line = ''] = message.split('\n');
  if (code === 'TAG_RESOLVE_FAILED')
    return line.replace(/^.*?(?= at line )/, 'a text that begins with "!" needs quotes');
  return line.replace(/(?<=extra characters|escape sequence):? .*?(?= at line )/, '');
}

function readText(file: string, limit: number, hint: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(file, limit);
  } catch (error) {
    if (error instanceof UnreadableFileError)
      throw new QuickscrapeError('invalid_config', error.message, { hint });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw unavailable(`cannot read ${file}`, error);
  }
  return decodeYaml(bytes, file);
}

function nestsDeeply(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if ((character === ']' || character === '}') && depth > 0) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
