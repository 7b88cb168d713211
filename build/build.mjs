// Bundles the five entries into dist/ and emits the type declarations of the library.
import { execFileSync } from 'node:child_process';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { buildId } from './build-id.mjs';
import { chunks, withGraph } from './chunks.mjs';
import { withoutFacades } from './facades.mjs';
import { fetchingPlugins } from './fetching.mjs';
import { inkPlugins } from './ink.mjs';
import { startUpPlugins, writeLatePackages } from './start-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = `${root}dist.${process.pid}.tmp`;

try {
  await build();
} finally {
  await rm(staging, { recursive: true, force: true });
}

async function build() {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      run: 'src/scrape/attempt/run-main.ts',
      config: 'src/scrape/inspector/inspector-main.ts',
      snapshot: 'src/core/database/snapshot-main.ts',
    },
    // What finds its own files beside itself cannot be bundled; nor can libsql, a native addon (start-up.mjs).
    external: ['playwright-core'],
    transform: {
      jsx: { runtime: 'automatic', development: false },
      // React for production: the other one measures each component it draws, for ever. Ink's own debugging is left out.
      define: {
        'process.env.NODE_ENV': '"production"',
        'process.env.DEV': '"false"',
        QUICKSCRAPE_BUILD: JSON.stringify(buildId(root)),
      },
    },
    plugins: [...startUpPlugins, ...inkPlugins, ...fetchingPlugins, withGraph, withoutFacades],
    onLog: refuseUndefined,
  });
  await bundle.write({
    dir: staging,
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks lie beside the entries: the program finds its run process as a sibling of import.meta.url.
    chunkFileNames: 'chunk-[name]-[hash].js',
    minify: 'dce-only',
    // What a function is for stands in its types.
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: chunks,
  });
  await bundle.close();
  await writeLatePackages(staging);
  execFileSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json', '--outDir', `${staging}/types`],
    { cwd: root, stdio: 'inherit' },
  );
  await writeSchema();
  await chmod(`${staging}/cli.js`, 0o755);
  await rm(`${root}dist`, { recursive: true, force: true });
  await rename(staging, `${root}dist`);
}

/** A name that what stands in for a package does not have (start-up.mjs) would be `undefined` when the program runs. */
function refuseUndefined(level, log, handle) {
  if (log.code === 'IMPORT_IS_UNDEFINED') throw new Error(log.message);
  handle(level, log);
}

/** The schema of configurations, for editors: made from what checks them, so that it cannot be another. */
async function writeSchema() {
  const folder = `${staging}/schema`;
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'src/scrape/config/json-schema.ts',
    external: ['jsonc-parser', 'libsql'],
  });
  await bundle.write({ file: `${folder}/json-schema.mjs`, format: 'esm' });
  await bundle.close();
  const { createJsonSchema } = await import(pathToFileURL(`${folder}/json-schema.mjs`).href);
  await writeFile(`${staging}/configuration.schema.json`, `${JSON.stringify(createJsonSchema(), null, 2)}\n`);
  await rm(folder, { recursive: true });
}
