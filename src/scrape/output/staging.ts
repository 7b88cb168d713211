import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { jsonLines } from '../../core/runs/run-files.ts';
import type { Item } from '../lib/page.ts';
import { toOutputError } from './output-target.ts';

/** Collects a run's items in `items.jsonl`, one JSON object per line, while pages are still being fetched. */
export class Staging {
  readonly #handle: FileHandle;
  readonly file: string;

  private constructor(handle: FileHandle, file: string) {
    this.#handle = handle;
    this.file = file;
  }

  /**
   * Creates the file, or empties it. Mode 0600.
   * @throws ScrapeError `output`
   */
  static async create(file: string): Promise<Staging> {
    try {
      const { O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants;
      return new Staging(await open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600), file);
    } catch (error) {
      throw toOutputError(error, file);
    }
  }

  /**
   * Opens the file with its content, or creates it.
   * @throws ScrapeError `output`
   */
  static async reopen(file: string): Promise<Staging> {
    try {
      const { O_CREAT, O_NOFOLLOW = 0, O_APPEND, O_WRONLY } = constants;
      return new Staging(await open(file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600), file);
    } catch (error) {
      throw toOutputError(error, file);
    }
  }

  /** In bytes. */
  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /**
   * Truncates the file to `bytes` bytes.
   * @throws ScrapeError `output`
   */
  async truncate(bytes: number): Promise<void> {
    try {
      await this.#handle.truncate(bytes);
    } catch (error) {
      throw toOutputError(error, this.file);
    }
  }

  /**
   * Appends the rows of one page in one write, and waits until the system has accepted them.
   * @throws ScrapeError `output`
   */
  async add(rows: readonly Item[]): Promise<void> {
    await this.addLines(rows.map((row) => JSON.stringify(row)));
  }

  /**
   * Appends rows that are JSON already.
   * @throws ScrapeError `output`
   */
  async addLines(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      // An empty line at the end: to add its line break to the text would copy the text.
      await this.#handle.writeFile([...lines, ''].join('\n'));
    } catch (error) {
      throw toOutputError(error, this.file);
    }
  }

  /**
   * Makes the rows durable (fsync).
   * @throws ScrapeError `output`
   */
  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw toOutputError(error, this.file);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The items of a staged file, in batches. */
export async function* readStagedItems(file: string): AsyncGenerator<Item[]> {
  for await (const lines of jsonLines(file)) yield lines.map((line) => JSON.parse(line) as Item);
}
