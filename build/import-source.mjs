import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** What the code would load later, with `await import()`, is left out: it is large, and not wanted here. */
const withoutLateImports = {
  name: 'without-late-imports',
  resolveDynamicImport: (id) => ({ id: String(id), external: true }),
};

/** Imports a TypeScript file of the project: it is bundled into a temporary folder first. */
export async function importSource(root, path) {
  // Within the project, so that what is not bundled is found.
  const name = basename(path, '.ts');
  const folder = `${root}dist.${name}-${process.pid}.tmp`;
  try {
    const bundle = await rolldown({
      cwd: root,
      platform: 'node',
      input: path,
      external: ['jsonc-parser', 'libsql', 'playwright-core', 'react-devtools-core'],
      plugins: [withoutLateImports],
    });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'entry.mjs' });
    await bundle.close();
    return await import(pathToFileURL(`${folder}/entry.mjs`).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
