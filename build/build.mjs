// Bundles the four entries into dist/ and emits the type declarations of the library.
import { execFileSync } from 'node:child_process';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = `${root}dist.${process.pid}.tmp`;

const DEVTOOLS = '\0no-devtools';
/** Ink connects to React's devtools when it is debugged itself: a hundred kilobytes that nobody here reaches. */
const withoutDevtools = {
  name: 'without-devtools',
  resolveId: (id, importer) =>
    id === './devtools.js' && importer?.includes('/ink/build/') ? DEVTOOLS : null,
  load: (id) => (id === DEVTOOLS ? 'export {};' : null),
};

const OURS = `${root}src/tui/text/string-width.ts`;
/** Ink measures as we do: at its start without a look at each emoji that there is. */
const withOurStringWidth = {
  name: 'with-our-string-width',
  resolveId: (id, importer) => (id === 'string-width' && importer !== OURS ? OURS : null),
};

/**
 * Ink's layout is WebAssembly in a data: address. Read without `fetch`, which would load Node's whole HTTP client before
 * the first frame.
 */
const withoutFetch = {
  name: 'layout-without-fetch',
  transform(code, id) {
    if (!/yoga-layout.*wasm-base64/.test(id)) return null;
    const parts = code.split('"function"!=typeof fetch');
    if (parts.length === 1) throw new Error(`${id} asks for fetch in other words: see build/build.mjs`);
    return { code: parts.join('!0'), map: null };
  },
};

/** What each module imports at once, by its id. */
const imports = new Map();
const withGraph = {
  name: 'with-graph',
  moduleParsed: ({ id, importedIds }) => void imports.set(id, importedIds),
};

/** A module with all that is loaded before it. */
function closureOf(file) {
  const found = new Set();
  const follow = (id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const each of imports.get(id) ?? []) follow(each);
  };
  follow(`${root}${file}`);
  return found;
}

let starts;
/** The file for a module that is loaded whenever a home is opened: its package's, or one of two of ours. */
const startOf = (id) => {
  starts ??= {
    home: closureOf('src/core/workspace.ts'),
    // Loaded by what opens no home, too.
    base: new Set([...closureOf('src/cli/run-cli.ts'), ...closureOf('src/scrape/answer/main.ts')]),
  };
  if (!starts.home.has(id)) return null;
  const packaged = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
  return packaged ?? (starts.base.has(id) ? 'base' : 'home');
};

/**
 * A few files where a hundred small ones would be opened, one after the other. Each part is whole: what it imports is in
 * it, or in one above.
 */
const chunks = {
  groups: [
    {
      debugName: 'packages',
      name: startOf,
      test: (id) => !['base', 'home', null].includes(startOf(id)),
      priority: 2,
    },
    { name: 'base', test: (id) => startOf(id) === 'base', priority: 1 },
    { name: 'home', test: (id) => startOf(id) === 'home' },
  ],
};

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
      run: 'src/scrape/main.ts',
      config: 'src/scrape/answer/main.ts',
    },
    // A native addon cannot be bundled, nor what finds its own files beside itself.
    external: ['libsql', 'playwright-core'],
    transform: {
      jsx: { runtime: 'automatic', development: false },
      // React for production: the other one measures each component it draws, for ever. Ink's own debugging is left out.
      define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    },
    plugins: [withoutDevtools, withOurStringWidth, withoutFetch, withGraph],
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

/** The schema of configurations, for editors: made from what checks them, so that it cannot be another. */
async function writeSchema() {
  const folder = `${staging}/schema`;
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'src/scrape/config/json-schema.ts',
    external: ['libsql'],
  });
  await bundle.write({ file: `${folder}/json-schema.mjs`, format: 'esm' });
  await bundle.close();
  const { configurationJsonSchema } = await import(pathToFileURL(`${folder}/json-schema.mjs`).href);
  await writeFile(
    `${staging}/configuration.schema.json`,
    `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`,
  );
  await rm(folder, { recursive: true });
}
