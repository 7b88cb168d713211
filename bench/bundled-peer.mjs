import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DEVTOOLS = '\0no-devtools';
/** As in build/build.mjs: what Ink loads when it is debugged itself. */
const withoutDevtools = {
  name: 'without-devtools',
  resolveId: (id) => (id === './devtools.js' ? DEVTOOLS : null),
  load: (id) => (id === DEVTOOLS ? 'export {};' : null),
};

/**
 * Bundles a program of bench/peers as dist/ is bundled, so that both start from one file.
 * @returns the bundle's path, within `folder`
 */
export async function bundledPeer(name, folder) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url)),
    platform: 'node',
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
    plugins: [withoutDevtools],
  });
  const file = join(folder, `${name}.mjs`);
  await bundle.write({ file, format: 'esm', minify: 'dce-only', codeSplitting: false });
  await bundle.close();
  return file;
}
