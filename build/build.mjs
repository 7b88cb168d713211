// Makes dist/: the programs and the library, each a bundle of the sources and of the packages that they use.
//   npm run build                            all of it
//   node build/build.mjs --no-types          without the declarations, which only users of the library need
// A folder of its own is filled and then put in the place of dist/, so a build that fails leaves the last one alone.
import { readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { aliases } from './bundle/aliases.mjs';
import { BROWSER_DRIVER, bundleBrowserDriver } from './bundle/browser-driver.mjs';
import { buildId } from './bundle/build-id.mjs';
import { packagesIn, writeNotices } from './bundle/notices.mjs';
import { patches } from './bundle/patches.mjs';
import { replaceFolder } from './bundle/replace-folder.mjs';
import { startGroups } from './bundle/start-groups.mjs';
import { writeTypes } from './bundle/types.mjs';
import { writeViews } from './bundle/views.mjs';
import { copyEditors } from './editor-files.mjs';
import { writeSchemas } from './schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = `${root}dist.${process.pid}.tmp`;
// test/build-once.ts has built it. A program that another test starts at this moment would not be there.
if (process.env.QS_TESTED_DIST === `${root}dist`)
  throw new Error('tests use dist/ at present: build artefacts with --built, or in a checkout of their own');
const { homepage = '' } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** What is started or imported by its name. Everything else is a chunk that several of them share, or that loads late. */
const ENTRIES = {
  cli: 'src/cli/main.ts',
  index: 'src/index.ts',
  worker: 'src/scrape/attempt/worker-main.ts',
  config: 'src/scrape/inspector/inspector-main.ts',
  snapshot: 'src/core/database/snapshot-main.ts',
  items: 'src/core/items/items-worker.ts',
  messenger: 'src/messenger/messenger-main.ts',
  workers: 'src/workers/open-executor.ts',
};

const NAMES = { function: true, class: true };

try {
  const bundled = await bundlePrograms();
  await bundleBrowserDriver(root, `${staging}/${BROWSER_DRIVER}`);
  await writeNotices(
    [...bundled, `${root}node_modules/playwright-core`],
    `${staging}/THIRD-PARTY-NOTICES.md`,
  );
  await writeSchemas({ root, staging });
  await copyEditors(root, staging);
  await writeViews(root, staging);
  if (!process.argv.includes('--no-types')) await writeTypes(root, staging);
  await chmod(`${staging}/cli.js`, 0o755);
  await replaceFolder(`${root}dist`, staging);
} finally {
  await rm(staging, { recursive: true, force: true });
}

/** @returns the folders of the packages that are in the bundles */
async function bundlePrograms() {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: ENTRIES,
    // libsql is native. The driver of browsers looks for files beside itself, so it has a folder of its own.
    external: ['libsql', 'playwright-core'],
    resolve: { alias: aliases(root) },
    transform: {
      jsx: { runtime: 'automatic', development: false },
      define: {
        // React's other build measures each component it draws and keeps what it measured.
        'process.env.NODE_ENV': '"production"',
        QUICKSCRAPE_BUILD: JSON.stringify(buildId(root)),
        QUICKSCRAPE_HOMEPAGE: JSON.stringify(homepage),
      },
    },
    plugins: [patches],
  });
  const { output } = await bundle.write({
    dir: staging,
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks lie beside the entries: the program finds its worker as a sibling of import.meta.url.
    chunkFileNames: 'chunk-[name]-[hash].js',
    paths: { 'playwright-core': `./${BROWSER_DRIVER}/lib/index.js` },
    // Functions and lines stay what they are, as traces come with reports of bugs.
    minify: {
      compress: { keepNames: NAMES },
      mangle: { keepNames: NAMES },
      codegen: { removeWhitespace: false },
    },
    // The licences are in THIRD-PARTY-NOTICES.md.
    comments: { legal: false, annotation: false, jsdoc: false },
    // One file for what is loaded together: a hundred small ones take `job list` 20 ms more to open.
    codeSplitting: { groups: startGroups(root) },
  });
  await bundle.close();
  return packagesIn(output);
}
