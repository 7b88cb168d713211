import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';

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
