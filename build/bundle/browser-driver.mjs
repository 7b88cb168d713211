import { copyFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';

/** The folder of playwright-core in dist/. */
export const BROWSER_DRIVER = 'playwright-core';

/**
 * Writes playwright-core as one file, for what drives an installed Chromium. It reads its package.json and browsers.json
 * from the folder above, so these lie there. Its viewers, recorders and types are left out: 10 of its 14 MB.
 */
export async function bundleBrowserDriver(root, folder) {
  const source = `${root}node_modules/playwright-core`;
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: `${source}/index.mjs`,
    // It evaluates functions that tests of web pages hand over. Ours hand over none.
    checks: { eval: false },
  });
  await bundle.write({
    file: `${folder}/lib/index.js`,
    format: 'esm',
    minify: true,
    comments: false,
  });
  await bundle.close();
  const { name, version, license } = createRequire(import.meta.url)(`${source}/package.json`);
  await writeFile(
    `${folder}/package.json`,
    `${JSON.stringify({ name, version, license, type: 'module' }, null, 2)}\n`,
  );
  await copyFile(`${source}/browsers.json`, `${folder}/browsers.json`);
}
