import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import { writeFileDurably } from '../../../core/fs/atomic-file.ts';
import { makePrivateFolders } from '../../../core/fs/private-folder.ts';
import type { SavedPreferences } from '../../kernel/model.ts';
import { type Environment, userFilePath } from '../../runtime/user-file-path.ts';
import { parsePreferences, readPreferences, writePreferences } from './preference-text.ts';

/** The delay of a write in ms, because changes come in groups. */
const DEBOUNCE_MS = 300;

/**
 * The path of the user's preferences: `quickscrape/dashboard.json` in `$XDG_STATE_HOME`, by default `~/.local/state`.
 */
export function preferencePath(env: Environment): string {
  return userFilePath('XDG_STATE_HOME', 'dashboard.json', env);
}

/**
 * The file of preferences. It is optional: the dashboard works in spite of any error in it. A file that this program
 * did not write is not changed, and no file is created inside the home of the jobs.
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

  /** The preferences for this home; empty without a file, or if this program did not write it. */
  read(): Partial<SavedPreferences> {
    const plain = this.#plain();
    return plain === undefined ? {} : readPreferences(plain, this.#home);
  }

  /** Schedules a write of these preferences, together with later changes. */
  save(changed: Partial<SavedPreferences>): void {
    this.#changed = { ...this.#changed, ...changed };
    this.#timer ??= setTimeout(() => this.#write(), DEBOUNCE_MS);
  }

  /** Writes pending changes. */
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
        // The state folder is not writable: the preferences then last until the dashboard closes.
      });
  }

  async #replace(changed: Partial<SavedPreferences>): Promise<void> {
    // Read again, because another dashboard may have written meanwhile.
    const before = this.#plain();
    if (before === undefined || isWithin(this.#home, this.#file)) return;
    // Node's recursive `mkdir` never returns where no folder can be created, as below /proc.
    makePrivateFolders(dirname(this.#file));
    await writeFileDurably(this.#file, writePreferences(before, this.#home, changed), {
      sync: 'content',
    });
  }

  /** Empty without a file; `undefined` for a file that this program did not write. */
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
