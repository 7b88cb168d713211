import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DEVTOOLS = '\0no-devtools';
/** Ink asks for React's developer tools only where DEV is true; without this they would lie in the peer's one file. */
const withoutDevtools = {
  name: 'without-devtools',
  resolveId: (id) => (id === './devtools.js' ? DEVTOOLS : null),
  load: (id) => (id === DEVTOOLS ? 'export {};' : null),
};

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PRODUCT = fileURLToPath(new URL('../package.json', import.meta.url));
/** What another peer has brought into bench/node_modules must not take the place of the versions that we use. */
const productPackages = {
  name: 'product-packages',
  resolveId(id, importer) {
    const isOurs = importer?.startsWith(HERE) && !importer.includes('node_modules');
    return isOurs && /^[@a-z]/.test(id) ? this.resolve(id, PRODUCT, { skipSelf: true }) : null;
  },
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
    plugins: [withoutDevtools, productPackages],
  });
  const file = join(folder, `${name}.mjs`);
  await bundle.write({ file, format: 'esm', minify: 'dce-only', codeSplitting: false });
  await bundle.close();
  return file;
}
