// Builds what is published besides the sources, each by its name: a module of build/artefacts.
// Usage: npm run artefacts -- [NAME…] [--out DIR]; without a name, lists them.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = new URL('artefacts/', import.meta.url);

/**
 * The artefacts by name. A module exports `description`, and `build({ root, out, manifest })`, which returns the paths
 * of the files that it wrote into the folder `out`.
 */
export async function loadArtefacts() {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
  const modules = files.map(async (name) => [
    basename(name, '.mjs'),
    await import(new URL(name, folder).href),
  ]);
  return Object.fromEntries(await Promise.all(modules));
}

/** @returns the paths of all files that were written */
export async function buildArtefacts(names, out) {
  const artefacts = await loadArtefacts();
  const unknown = names.filter((name) => !Object.hasOwn(artefacts, name));
  if (unknown.length > 0)
    throw new Error(
      `no artefact is named ${unknown.join(', ')}; there are ${Object.keys(artefacts).join(', ')}`,
    );
  const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  await mkdir(out, { recursive: true });
  const written = [];
  for (const name of names) written.push(...(await artefacts[name].build({ root, out, manifest })));
  return written;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: `${root}artefacts` } },
  });
  if (positionals.length === 0) {
    for (const [name, { description }] of Object.entries(await loadArtefacts()))
      console.log(`${name.padEnd(14)}${description}`);
  } else {
    for (const path of await buildArtefacts(positionals, resolve(values.out))) console.log(path);
  }
}
