import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import { writeFileDurably } from '../../../core/fs/atomic-file.ts';
import { makePrivateFolders } from '../../../core/fs/private-folder.ts';
import type { SavedPreferences } from '../../kernel/model.ts';
import { type Environment, userFilePath } from '../../runtime/user-file-path.ts';
import { parsePreferences, readPreferences, writePreferences } from './preference-text.ts';

/** Changes come in groups: so long others are waited for, in ms. */
const DEBOUNCE_MS = 300;

/** Where the user's preferences lie: `quickscrape/dashboard.json` in `$XDG_STATE_HOME`, by default `~/.local/state`. */
export function preferencePath(env: Environment): string {
  return userFilePath('XDG_STATE_HOME', 'dashboard.json', env);
}

/**
 * The file of preferences. It is there for convenience: whatever is wrong with it, the dashboard goes on without. A file
 * that we did not write is left alone, and within the home of the jobs none is made.
 */
export class PreferenceFile {
  readonly #file: string;
  readonly #home: string;
  #changed: Partial<SavedPreferences> = {};
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param home the folder of the jobs */
  constructor(file: string, home: string) {
    this.#file = file;
    this.#home = home;
  }

  /** What is preferred in this home; nothing when there is no such file, or none that we wrote. */
  read(): Partial<SavedPreferences> {
    const plain = this.#plain();
    return plain === undefined ? {} : readPreferences(plain, this.#home);
  }

  /** Writes these in a moment, together with what else changes. */
  save(changed: Partial<SavedPreferences>): void {
    this.#changed = { ...this.#changed, ...changed };
    this.#timer ??= setTimeout(() => this.#write(), DEBOUNCE_MS);
  }

  /** Writes what is still to be written. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changed = this.#changed;
    this.#changed = {};
    this.#writing = this.#writing
      .then(() => this.#replace(changed))
      .catch(() => {
        // A state folder that cannot be written: then the preferences last as long as the dashboard.
      });
  }

  async #replace(changed: Partial<SavedPreferences>): Promise<void> {
    // Read again: another dashboard may have written meanwhile.
    const before = this.#plain();
    if (before === undefined || isWithin(this.#home, this.#file)) return;
    // Node's own way never ends where a folder takes no others, as below /proc.
    makePrivateFolders(dirname(this.#file));
    await writeFileDurably(this.#file, writePreferences(before, this.#home, changed), {
      sync: 'content',
    });
  }

  /** Empty for no file; `undefined` for one that is not ours. */
  #plain(): Readonly<Record<string, unknown>> | undefined {
    try {
      return parsePreferences(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? {} : undefined;
    }
  }
}

function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith('..') && !isAbsolute(path);
}
