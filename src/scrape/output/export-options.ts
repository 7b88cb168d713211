import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import type { OutputFormat } from '../../core/model/output-format.ts';
import type { Target } from './output-target.ts';
import type { NewVersion } from './replace-output.ts';

/** The warning of an attempt that finds its rows already in the file. */
export const ALREADY_APPENDED =
  'the rows were added by an earlier attempt of this run, which died before it could record that: they are not added again';

/** Learns which version is about to replace an output that is appended to. */
export interface PlacementRecord {
  /**
   * @param fingerprint of the version that is about to replace the file
   * @param target the file, and its present version
   */
  write(fingerprint: string, target: Pick<Target, 'file' | 'existing'>): void | Promise<void>;
  /** Whether the rows are in this version already. */
  matches(fingerprint: string | undefined): boolean | Promise<boolean>;
}

/**
 * Records, for a run that appends to a file, the fingerprint of the new version right before the file is replaced. A
 * later attempt that finds this version in place knows that the rows are already written.
 */
export class AppendRecord implements PlacementRecord {
  readonly #file: string;

  /** @param file in the run's folder */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param fingerprint of the version that is about to replace the file
   * @throws errors of the file system
   */
  async write(fingerprint: string): Promise<void> {
    await writeFileDurably(this.#file, fingerprint);
  }

  async matches(fingerprint: string | undefined): Promise<boolean> {
    if (fingerprint === undefined) return false;
    return (await readFile(this.#file, 'utf8').catch(() => undefined)) === fingerprint;
  }
}

/** The fingerprint of one version of a file. A rename does not change it. */
export function getFileFingerprint({ dev, ino, size, mtimeMs }: Stats): string {
  return `file ${dev} ${ino} ${size} ${mtimeMs}`;
}

export interface ExportOptions {
  stagingFile: string;
  /** Absolute. csv, json and jsonl are compressed when it ends in `.gz`. */
  file: string;
  /** Throws if the path that `file` resolves to must not be written. */
  mayWrite?(place: string): void;
  format: OutputFormat;
  /** Append to the existing content. */
  append: boolean;
  /** With `append`: prevents adding the same rows twice. */
  note?: PlacementRecord | undefined;
  /** For csv: the separator, one character. Default: a tab for `.tsv`, else a comma. */
  delimiter?: string | undefined;
  /** For csv: start with a byte order mark; default false. */
  bom?: boolean;
  /** For csv: prefix texts that a spreadsheet would run as formulas with a quote; default true. */
  escapeFormulas?: boolean;
  /** The name of the table (sqlite) or the sheet (excel); default `items`. */
  table?: string | undefined;
  /** For sqlite: the columns that identify a row. */
  key?: readonly string[];
  /** For sqlite: how long to wait while another program locks the database, in milliseconds; default 30,000. */
  busyWaitMs?: number;
  /** For excel: the columns whose ISO dates become Excel dates. */
  dates?: ReadonlySet<string>;
  /** For excel, in a new workbook: texts that are amounts with a currency become numbers that show the same; default false. */
  moneyAsNumbers?: boolean;
  /** The fields of type price. In csv, excel and sqlite they always have two columns, even if no row has a price. */
  prices?: ReadonlySet<string> | undefined;
  /** The fields of a row, also for a file without rows. */
  fields: readonly string[];
  signal: AbortSignal;
}

/** An existing file that rows are appended to. */
export interface ExistingFile {
  file: string;
  /** In bytes. */
  size: number;
}

/** What an export is going to write. */
export interface ExportPlan {
  version: NewVersion;
  /** Warnings for the user. Complete only after the file has been written. */
  warnings(): string[];
}
