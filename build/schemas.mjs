import { mkdir, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Writes the JSON Schemas for editors into the folder `staging`, one for each kind of file that people write. They are
 * made from the rules that check these files (build/schemas).
 */
export async function writeSchemas({ root, staging }) {
  const folder = `${staging}/schemas.tmp`;
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'build/schemas/all.ts',
    external: ['jsonc-parser', 'libsql', 'react-devtools-core'],
  });
  try {
    await mkdir(folder, { recursive: true });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'all.mjs' });
    const { createSchema, SCHEMA_NAMES } = await import(pathToFileURL(`${folder}/all.mjs`).href);
    for (const name of SCHEMA_NAMES)
      await writeFile(`${staging}/${name}.schema.json`, `${JSON.stringify(createSchema(name), null, 2)}\n`);
  } finally {
    await bundle.close();
    await rm(folder, { recursive: true, force: true });
  }
}
