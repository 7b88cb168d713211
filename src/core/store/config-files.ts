import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isName } from '../job/id.ts';
import type { FileStamp } from './file-stamp.ts';
import type { WatchedFiles } from './file-watcher.ts';

/** The configurations of a home as files to watch: `configs/<name>.yaml`. */
export class ConfigFiles implements WatchedFiles {
  readonly folder: string;
  readonly ending = '.yaml';

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The stamp of a configuration's file; `undefined` when it is not there or cannot be looked at. */
  stamp(name: string): FileStamp | undefined {
    try {
      const { ino, size, mtimeMs, ctimeMs } = lstatSync(join(this.folder, name + this.ending));
      return { ino, size, mtimeMs, ctimeMs };
    } catch {
      return undefined;
    }
  }

  stamps(): Map<string, FileStamp> {
    const stamps = new Map<string, FileStamp>();
    for (const name of this.#names()) {
      const stamp = this.stamp(name);
      if (stamp) stamps.set(name, stamp);
    }
    return stamps;
  }

  #names(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((file) => file.endsWith(this.ending))
        .map((file) => file.slice(0, -this.ending.length))
        .filter(isName);
    } catch {
      // The folder is gone: so are its files.
      return [];
    }
  }
}
