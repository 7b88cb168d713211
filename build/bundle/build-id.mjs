import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made from. Neither git nor a clock is asked: the same sources have the same id everywhere. */
const SOURCES = [
  'src',
  'build/bundle',
  'build/schemas',
  'build/build.mjs',
  'package.json',
  'package-lock.json',
];

/** Eight characters that are other ones as soon as a file is another one that the program is made from. */
export function buildId(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesIn(root, name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 8);
}

/** Paths from `root` with `/`, whatever the system. */
function filesIn(root, name) {
  if (statSync(join(root, name)).isFile()) return [name];
  const entries = readdirSync(join(root, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
}
