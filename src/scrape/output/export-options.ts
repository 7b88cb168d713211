import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import type { OutputFormat } from '../../core/model/output-format.ts';
import type { NewVersion } from './replace-file.ts';

/** What is said of an attempt that finds its rows in place. */
export const ALREADY_APPENDED =
  'the rows were added by an earlier attempt of this run, which died before it could tell: they are not added again';

/**
 * Of a run that adds its rows to a file: the version with them, noted right before it takes its place. An attempt that
 * finds that very version there knows that the one before had come so far.
 */
export class AppendRecord {
  readonly #file: string;

  /** @param file in the run's folder */
  constructor(file: string) {
    this.#file = file;
  }

  /** @param fingerprint of the version that is about to take its place @throws what the system throws */
  async write(fingerprint: string): Promise<void> {
    await writeFileDurably(this.#file, fingerprint);
  }

  async matches(fingerprint: string | undefined): Promise<boolean> {
    if (fingerprint === undefined) return false;
    return (await readFile(this.#file, 'utf8').catch(() => undefined)) === fingerprint;
  }
}

/** Of one version of a file: a rename changes none of it. */
export function getFileFingerprint({ dev, ino, size, mtimeMs }: Stats): string {
  return `file ${dev} ${ino} ${size} ${mtimeMs}`;
}

export interface ExportOptions {
  stagingFile: string;
  /** Absolute. csv, json and jsonl are compressed when it ends in `.gz`. */
  file: string;
  /** Throws for a place that `file` leads to and that must not be written. */
  mayWrite?(place: string): void;
  format: OutputFormat;
  /** Keep what is there and add to it. */
  append: boolean;
  /** With `append`: what keeps rows from being added twice. */
  note?: AppendRecord | undefined;
  /** Between columns of csv, one character; by default a tab for `.tsv`, else a comma. */
  delimiter?: string | undefined;
  /** For csv: a byte order mark first; default false. */
  bom?: boolean;
  /** For csv: a quote before texts that a spreadsheet would run as formulas; default true. */
  escapeFormulas?: boolean;
  /** The name of the table (sqlite) or the sheet (excel); default `items`. */
  table?: string | undefined;
  /** For sqlite: the columns by which rows are known. */
  key?: readonly string[];
  /** For sqlite: how long another program may hold the database, in milliseconds; default 30,000. */
  busyWaitMs?: number;
  /** For excel: the columns whose ISO dates become dates of Excel's. */
  dates?: ReadonlySet<string>;
  /** The fields of type price: in csv, excel and sqlite they have two columns also where no row has one. */
  prices?: ReadonlySet<string> | undefined;
  /** The fields of a row: of a file without rows, too. */
  fields: readonly string[];
  signal: AbortSignal;
}

/** An existing file that is added to. */
export interface ExistingFile {
  file: string;
  /** In bytes. */
  size: number;
}

/** What is going to be written. */
export interface ExportPlan {
  version: NewVersion;
  /** What the user should know about it, once it has been written. */
  warnings(): string[];
}
