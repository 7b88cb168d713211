// Writes the part of docs/operations.md that the operations themselves say. Usage: npm run docs
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = `${root}docs/operations.md`;
// Within the project, so that what is not bundled is found.
const folder = `${root}dist.docs-${process.pid}.tmp`;

try {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'build/operations-page.ts',
    external: ['libsql'],
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'page.mjs' });
  await bundle.close();
  const { operationsPage } = await import(pathToFileURL(`${folder}/page.mjs`).href);
  await writeFile(page, await operationsPage(await readFile(page, 'utf8')));
  console.log(`written: ${page}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
