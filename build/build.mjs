// Bundles the six entries into dist/ and emits the type declarations of the library, unless --no-types is given.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { buildId } from './build-id.mjs';
import { copyEditors } from './editor-files.mjs';
import { patches } from './patches.mjs';
import { writeSchemas } from './schemas.mjs';
import { startGroups } from './start-groups.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = `${root}dist.${process.pid}.tmp`;
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

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
      worker: 'src/scrape/attempt/worker-main.ts',
      config: 'src/scrape/inspector/inspector-main.ts',
      snapshot: 'src/core/database/snapshot-main.ts',
      workers: 'src/workers/open-executor.ts',
    },
    // A package that looks for files beside itself cannot be bundled: a native library, the driver of a browser. React's
    // developer tools are not installed; Ink asks for them only where DEV is true.
    external: ['libsql', 'playwright-core', 'react-devtools-core'],
    resolve: {
      alias: {
        // The build that Node would take (UMD) requires its parts in a way that no bundler follows.
        'jsonc-parser': `${root}node_modules/jsonc-parser/lib/esm/main.js`,
        // As modules, of which only the used parts are bundled.
        yaml$: `${root}node_modules/yaml/browser/dist/index.js`,
        // As browsers have it: without fetching of its own, for which it would load undici's fetch in each run.
        cheerio$: `${root}node_modules/cheerio/dist/browser/index.js`,
        // Its classes as modules, without the backend for PostgreSQL.
        bullmq$: `${root}node_modules/bullmq/dist/esm/classes/index.js`,
        // Without native code.
        msgpackr$: `${root}node_modules/msgpackr/pack.js`,
        ...openTelemetryModules(),
        // BullMQ needs it for schedules of its own, which are not used.
        'cron-parser': `${root}build/stubs/cron-parser.mjs`,
      },
    },
    transform: {
      jsx: { runtime: 'automatic', development: false },
      define: {
        // React's other build measures each component it draws and keeps what it measured.
        'process.env.NODE_ENV': '"production"',
        'process.env.DEV': '"false"',
        QUICKSCRAPE_BUILD: JSON.stringify(buildId(root)),
        QUICKSCRAPE_HOMEPAGE: JSON.stringify(manifest.homepage ?? ''),
      },
    },
    plugins: [patches],
  });
  await bundle.write({
    dir: staging,
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks lie beside the entries: the program finds its worker as a sibling of import.meta.url.
    chunkFileNames: 'chunk-[name]-[hash].js',
    minify: 'dce-only',
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: { groups: startGroups(root) },
  });
  await bundle.close();
  if (!process.argv.includes('--no-types')) writeTypes();
  await writeSchemas({ root, staging });
  await copyEditors(root, staging);
  await chmod(`${staging}/cli.js`, 0o755);
  await rm(`${root}dist`, { recursive: true, force: true, maxRetries: 10 });
  await renameWithRetry(staging, `${root}dist`);
}

/** On Windows a virus scanner may still hold a new file. */
async function renameWithRetry(from, to) {
  for (let wait = 50; ; wait *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(error.code) || wait > 2_000) throw error;
      await delay(wait);
    }
  }
}

/** As modules, of which only the used parts are bundled: a sixth of what their other builds take. */
function openTelemetryModules() {
  const folder = `${root}node_modules/@opentelemetry`;
  const names = ['api', 'core', 'resources', 'sdk-trace', 'otlp-transformer'];
  const exporters = ['exporter-trace-otlp-http', 'exporter-trace-otlp-proto'];
  return {
    ...Object.fromEntries(
      [...names, ...exporters].map((name) => [
        `@opentelemetry/${name}$`,
        `${folder}/${name}/build/esm/index.js`,
      ]),
    ),
    '@opentelemetry/sdk-trace-base$': `${folder}/sdk-trace-base/build/esm/index-shim.js`,
    'bullmq-otel$': `${root}node_modules/bullmq-otel/dist/esm/index.js`,
  };
}

function writeTypes() {
  execFileSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json', '--outDir', `${staging}/types`],
    { cwd: root, stdio: 'inherit' },
  );
}
