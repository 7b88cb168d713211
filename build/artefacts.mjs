// Builds what is published besides the sources, each by its name: a module of build/artefacts.
// Usage: npm run artefacts -- [NAME… | all] [--built] [--out DIR]; without a name, lists them.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = new URL('artefacts/', import.meta.url);

/**
 * The artefacts by name. A module exports `description`, and `build({ root, out, manifest, artefact })`, which returns
 * the paths of the files that it wrote into the folder `out`. `await artefact('tarball')` returns the paths of another
 * one, which is built once.
 */
export async function loadArtefacts() {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
  const modules = files.map(async (name) => [
    basename(name, '.mjs'),
    await import(new URL(name, folder).href),
  ]);
  return Object.fromEntries(await Promise.all(modules));
}

/**
 * @param isBuilt whether dist/ is that of the sources, with its declarations, so that it is not made again
 * @returns the paths of all files that were written
 */
export async function buildArtefacts(names, { out, isBuilt = false }) {
  const artefacts = await loadArtefacts();
  const unknown = names.filter((name) => !Object.hasOwn(artefacts, name));
  if (unknown.length > 0)
    throw new Error(
      `no artefact is named ${unknown.join(', ')}; there are ${Object.keys(artefacts).join(', ')}`,
    );
  const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  await mkdir(out, { recursive: true });
  if (!isBuilt) execFileSync(process.execPath, [`${root}build/build.mjs`], { cwd: root, stdio: 'inherit' });
  const started = new Map();
  const artefact = (name) => {
    if (!started.has(name)) started.set(name, artefacts[name].build({ root, out, manifest, artefact }));
    return started.get(name);
  };
  const written = [];
  for (const name of names) written.push(...(await artefact(name)));
  return written;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: `${root}artefacts` },
      built: { type: 'boolean', default: false },
    },
  });
  const artefacts = await loadArtefacts();
  if (positionals.length === 0) {
    for (const [name, { description }] of Object.entries(artefacts))
      console.log(`${name.padEnd(14)}${description}`);
    return;
  }
  const names = positionals[0] === 'all' ? Object.keys(artefacts) : positionals;
  for (const path of await buildArtefacts(names, { out: resolve(values.out), isBuilt: values.built }))
    console.log(path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
}
