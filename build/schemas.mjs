import { mkdir, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Writes the JSON Schemas for editors into the folder `staging`, one for each kind of file that people write, and those
 * of the tools of `quickscrape mcp`. They are made from the rules that check files and calls (build/schemas).
 */
export async function writeSchemas({ root, staging }) {
  const folder = `${staging}/schemas.tmp`;
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: { all: 'build/schemas/all.ts', tools: 'src/rpc/mcp/convert-operations.ts' },
    external: ['jsonc-parser', 'libsql', 'react-devtools-core'],
  });
  try {
    await mkdir(folder, { recursive: true });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
    const { createSchema, SCHEMA_NAMES } = await import(pathToFileURL(`${folder}/all.mjs`).href);
    for (const name of SCHEMA_NAMES)
      await writeFile(`${staging}/${name}.schema.json`, `${JSON.stringify(createSchema(name), null, 2)}\n`);
    const { convertOperations } = await import(pathToFileURL(`${folder}/tools.mjs`).href);
    await writeFile(`${staging}/tool-facts.json`, JSON.stringify(await convertOperations()));
  } finally {
    await bundle.close();
    await rm(folder, { recursive: true, force: true });
  }
}
