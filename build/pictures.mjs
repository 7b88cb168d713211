// Takes the pictures of the dashboard in docs/pictures: the real program, on made-up jobs. Usage: npm run pictures
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** What the clocks of all programs show at the beginning, so that each time the pictures are the same. */
const INSTANT = '2026-11-26T09:41:20+01:00';

const root = fileURLToPath(new URL('..', import.meta.url));
// Within the project, so that what is not bundled is found.
const folder = `${root}dist.pictures-${process.pid}.tmp`;

try {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: 'build/pictures/take-pictures.ts',
    external: [
      'jsonc-parser',
      'libsql',
      'react-devtools-core',
      '@lydell/node-pty',
      '@xterm/headless',
      '@resvg/resvg-js',
      'playwright-core',
    ],
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'pictures.mjs' });
  await bundle.close();
  const clock = pathToFileURL(`${root}build/picture-clock.mjs`).href;
  const { status } = spawnSync(process.execPath, [`${folder}/pictures.mjs`, root], {
    stdio: 'inherit',
    env: {
      ...process.env,
      TZ: 'Europe/Berlin',
      NODE_OPTIONS: `--import ${clock}`,
      QUICKSCRAPE_PICTURE_OFFSET: String(Date.parse(INSTANT) - Date.now()),
    },
  });
  process.exitCode = status ?? 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
