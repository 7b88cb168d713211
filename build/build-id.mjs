import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made from. Neither git nor a clock is asked: the same sources have the same id everywhere. */
const SOURCES = ['src', 'build', 'package.json', 'package-lock.json'];

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
  if (name.endsWith('.json')) return [name];
  return readdirSync(join(root, name), { withFileTypes: true }).flatMap((entry) => {
    const path = `${name}/${entry.name}`;
    // The tools of build/tools are installed there; no part of the program is made from them.
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(root, path);
    return entry.isFile() ? [path] : [];
  });
}
