import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs } from './platform.ts';
import { tempFolder } from './temp-folder.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** MIGRATIONS, which has a short name in the bundle. */
const TABLES = /(= \[\n\t"\\n {2}CREATE TABLE runs [\s\S]*?)(\n\])/;

/**
 * The built program as it may be in a later release: one more entry in MIGRATIONS, and a build id of its own. The program
 * in dist/ is then the older one.
 * @returns its command, a file for Node, and its build id
 */
export function newerBuild(): { command: string; build: string } {
  needs('links');
  const folder = tempFolder();
  mkdirSync(join(folder, 'dist'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  const said = execFileSync(process.execPath, [join(ROOT, 'dist', 'cli.js'), '--version'], {
    encoding: 'utf8',
  });
  const id = said.trim().slice('0.1.0+'.length);
  let tables = 0;
  for (const entry of readdirSync(join(ROOT, 'dist'), { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(ROOT, 'dist', entry.name), 'utf8').replaceAll(id, 'fedcba98');
    const newer = text.replace(TABLES, "$1,\n'ALTER TABLE runs ADD COLUMN of_a_later_version TEXT'$2");
    if (newer !== text) tables += 1;
    writeFileSync(join(folder, 'dist', entry.name), newer);
  }
  if (tables !== 1) throw new Error(`${tables} files of dist/ have the tables`);
  return { command: join(folder, 'dist', 'cli.js'), build: '0.1.0+fedcba98' };
}
