import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importSource } from '../import-source.mjs';
import { releaseDay } from '../release-date.mjs';

export const description = 'man pages, one for each command: man/quickscrape.1 and the like';

export async function build({ root, out, manifest: { version } }) {
  return writeManPages(root, join(out, 'man'), version);
}

/** @returns the paths of the pages */
export async function writeManPages(root, folder, version) {
  const { manPages } = await importSource(root, 'build/man-pages.ts');
  const pages = manPages({
    version,
    date: releaseDay(root, version),
    exitCodes: await readFile(`${root}docs/reference/exit-codes.md`, 'utf8'),
    settings: await readFile(`${root}docs/reference/settings.md`, 'utf8'),
  });
  await mkdir(folder, { recursive: true });
  return Promise.all(
    pages.map(async ({ file, text }) => {
      const path = join(folder, file);
      await writeFile(path, text);
      return path;
    }),
  );
}
