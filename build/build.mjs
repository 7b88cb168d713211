// Bundles the four entries into dist/ and emits the type declarations of the library.
import { execFileSync } from 'node:child_process';
import { chmod, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

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
      run: 'src/scrape/main.ts',
      config: 'src/scrape/answer/main.ts',
    },
    // A native addon cannot be bundled.
    external: ['libsql'],
  });
  await bundle.write({
    dir: staging,
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks lie beside the entries: the program finds its run process as a sibling of import.meta.url.
    chunkFileNames: 'chunk-[name]-[hash].js',
    minify: 'dce-only',
  });
  await bundle.close();
  execFileSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json', '--outDir', `${staging}/types`],
    { cwd: root, stdio: 'inherit' },
  );
  await chmod(`${staging}/cli.js`, 0o755);
  await rm(`${root}dist`, { recursive: true, force: true });
  await rename(staging, `${root}dist`);
}
