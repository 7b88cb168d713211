import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { tempFolder } from '../temp-folder.ts';

/** Bundles a program of the tests that is written in TypeScript; returns the file to run. */
export async function bundleFixture(input: string): Promise<string> {
  const file = join(tempFolder(), 'program.mjs');
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: ['libsql'],
    // As build/build.mjs does.
    plugins: [{ name: 'without-devtools', resolveId: devtoolsAway, load: nothingOfIt }],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}

const DEVTOOLS = '\0no-devtools';

function devtoolsAway(id: string): string | null {
  return id === './devtools.js' ? DEVTOOLS : null;
}

function nothingOfIt(id: string): string | null {
  return id === DEVTOOLS ? 'export {};' : null;
}
