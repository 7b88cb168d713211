import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Bundles a server of bench/peers as dist/ is bundled, so that both start from one file.
 * @returns the bundle's path, within `folder`
 */
export async function bundledPeer(name, folder) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url)),
    platform: 'node',
  });
  const file = join(folder, `${name}.mjs`);
  await bundle.write({ file, format: 'esm', minify: 'dce-only' });
  await bundle.close();
  return file;
}
