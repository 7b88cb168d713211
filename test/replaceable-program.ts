import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs } from './platform.ts';
import { tempFolder } from './temp-folder.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A copy of the built program that a test upgrades while it runs. */
export interface ReplaceableProgram {
  /** Its command, a file for Node. */
  command: string;
  /** Removes the files of the modules whose names begin so, in place of those that an upgrade renames. */
  removeModules(...names: string[]): void;
  /** Does to the other files what an upgrade does to all: each has the place of another one of the same name. */
  replace(): void;
}

export function replaceableProgram(): ReplaceableProgram {
  needs('links');
  const folder = tempFolder();
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  cpSync(join(ROOT, 'dist'), dist, { recursive: true });
  return {
    command: join(dist, 'cli.js'),
    removeModules(...names) {
      const files = readdirSync(dist);
      for (const name of names) {
        const found = files.filter((file) => file.startsWith(`chunk-${name}-`));
        if (found.length === 0) throw new Error(`no module of dist/ is called ${name}`);
        for (const file of found) rmSync(join(dist, file));
      }
    },
    replace() {
      for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
        cpSync(join(dist, file), join(dist, `${file}.new`));
        renameSync(join(dist, `${file}.new`), join(dist, file));
      }
    },
  };
}
