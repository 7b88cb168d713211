import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { npm } from '../npm.mjs';
import { writeManPages } from './man.mjs';

export const description =
  'the package for npm, with man pages and the extension for VS Code: NAME-VERSION.tgz';

/** What only a checkout needs. With a `prepare` script, npm would ask whoever installs the package to review it. */
const OF_CHECKOUTS = ['scripts', 'devDependencies', 'overrides'];

export async function build({ root, out, manifest, artefact }) {
  const folder = await mkdtemp(join(tmpdir(), 'quickscrape-package-'));
  try {
    const [{ files }] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root }));
    for (const { path } of files) await cp(join(root, path), join(folder, path));
    const pages = await writeManPages(root, join(folder, 'man'), manifest.version);
    const [extension] = await artefact('vsix');
    await cp(extension, join(folder, 'dist/editors/quickscrape.vsix'));
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(published(manifest, pages), null, 2)}\n`);
    npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', out], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return [join(out, `${manifest.name}-${manifest.version}.tgz`)];
}

/** The manifest of the package as it is installed. */
function published(manifest, pages) {
  const kept = Object.entries(manifest).filter(([field]) => !OF_CHECKOUTS.includes(field));
  return {
    ...Object.fromEntries(kept),
    man: pages.map((page) => `./${basename(dirname(page))}/${basename(page)}`).sort(),
    files: [...manifest.files, 'man'],
    sideEffects: manifest.sideEffects.filter((path) => !path.startsWith('./src/')),
  };
}
