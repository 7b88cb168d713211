import { join } from 'node:path';
import { parse } from 'yaml';
import { writeFileDurably } from '../fs/atomic-file.ts';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { refuseLink } from '../fs/symlinks.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { isRecord } from '../lib/json.ts';
import { revisionOf } from './config-store.ts';

const NAME = '.saved-by-clients';
const MAX_BYTES = 4 * 1024 * 1024;
const HEAD =
  '# Texts of configurations that assistants and other programs saved and that fill in variables or keep secrets, by revision.\n' +
  '# Their runs see the name of a variable in place of what it holds. A text is yours once you change a value in it.\n';

/**
 * Records, by revision, which texts of configurations were written by a client of a server, independent of their name.
 * A text whose values a person has changed since is the person's; comments, order and quotes do not count. The record is
 * stored beside the configurations: after copying them, or losing the database, a client's text still does not count as
 * a person's.
 */
export class ClientRevisions {
  readonly #folder: string;

  constructor({ configs }: Pick<HomePaths, 'configs'>) {
    this.#folder = configs;
  }

  /** Whether a client wrote a text, or one that says the same; true if the record cannot be read. */
  hasText(yaml: string): boolean {
    const meaning = getMeaning(yaml);
    return this.has(revisionOf(yaml)) || (meaning !== undefined && this.has(meaning));
  }

  /**
   * Records durably that a client wrote a text. Call it under the store lock, before the text is stored.
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  async addText(yaml: string): Promise<void> {
    const meaning = getMeaning(yaml);
    await this.add(revisionOf(yaml), ...(meaning === undefined ? [] : [meaning]));
  }

  /** Whether a revision is in the record; true if the record cannot be read. */
  has(revision: string): boolean {
    try {
      return linesOf(this.#read()).includes(revision);
    } catch {
      return true;
    }
  }

  /** @throws QuickscrapeError as {@link addText} */
  async add(...revisions: string[]): Promise<void> {
    const file = join(this.#folder, NAME);
    wrapUnavailable(`cannot read ${file}`, () => refuseLink(file));
    let text: string;
    try {
      text = this.#read();
    } catch (error) {
      throw unavailable(`cannot read ${file}`, error);
    }
    const known = linesOf(text);
    const added = revisions.filter((revision) => !known.includes(revision));
    if (added.length === 0) return;
    wrapUnavailable(`cannot make ${this.#folder}`, () => makePrivateFolder(this.#folder));
    const before = text === '' ? HEAD : text.replace(/\n?$/, '\n');
    await writeFileDurably(file, `${before}${added.join('\n')}\n`);
  }

  #read(): string {
    try {
      return readRegularFile(join(this.#folder, NAME), MAX_BYTES).toString('utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

/** A revision of what a text says; undefined if it cannot be read. */
function getMeaning(yaml: string): string | undefined {
  try {
    return `m${revisionOf(JSON.stringify(sortKeys(parse(yaml, { logLevel: 'silent' }))))}`;
  } catch {
    return undefined;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => [name, sortKeys(inner)]);
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}
