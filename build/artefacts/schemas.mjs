import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const description = 'the schemas with examples and catalogue entries, in the layout of SchemaStore';

/** `dist/` has to be built. @returns the files of the folder `schemastore` */
export async function build({ root, out }) {
  const from = join(root, 'packaging', 'schemastore');
  const folder = join(out, 'schemastore');
  await rm(folder, { recursive: true, force: true });
  for (const name of ['README.md', 'catalog.json', 'schema-validation.json'])
    await cp(join(from, name), join(folder, name));
  for (const name of ['test', 'negative_test'])
    await cp(join(from, name), join(folder, 'src', name), { recursive: true });
  const schemas = join(folder, 'src', 'schemas', 'json');
  await mkdir(schemas, { recursive: true });
  const published = (await readdir(join(root, 'dist'))).filter((name) => name.endsWith('.schema.json'));
  for (const name of published)
    await cp(join(root, 'dist', name), join(schemas, `quickscrape-${name.replace('.schema.json', '.json')}`));
  const written = await readdir(folder, { recursive: true, withFileTypes: true });
  return written
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
