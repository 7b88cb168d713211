import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** Bundles a program of the tests that is written in TypeScript; the file to run, for as many tests as want it. */
export async function bundleFixture(input: string): Promise<{ file: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-bundle-'));
  const file = join(folder, 'program.mjs');
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: ['jsonc-parser', 'libsql'],
    // As build/build.mjs does.
    plugins: [{ name: 'without-devtools', resolveId: devtoolsAway, load: nothingOfIt }],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const DEVTOOLS = '\0no-devtools';

function devtoolsAway(id: string): string | null {
  return id === './devtools.js' ? DEVTOOLS : null;
}

function nothingOfIt(id: string): string | null {
  return id === DEVTOOLS ? 'export {};' : null;
}
