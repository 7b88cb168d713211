import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';

/** In the folder of a worker: all else in it may be removed. */
const MARKER = 'quickscrape-worker';

/**
 * Makes the folder of a worker.
 * @throws QuickscrapeError `conflict` for a folder that contains something else, such as a home
 */
export function claimFolder(folder: string): void {
  wrapUnavailable(`cannot use ${folder}`, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(folder);
    if (names.length > 0 && !names.includes(MARKER))
      throw new QuickscrapeError('conflict', `${folder} contains files that are not of a worker`, {
        hint: 'Give a folder that is empty or does not exist yet, with --dir.',
      });
    if (names.length === 0) writeFileSync(join(folder, MARKER), '', { mode: 0o600 });
  });
}
