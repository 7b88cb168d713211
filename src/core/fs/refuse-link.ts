import { lstatSync } from 'node:fs';
import { QuickscrapeError } from '../lib/errors.ts';

/**
 * Rejects a file or folder of the home that is a symbolic link: a write through it would change another place.
 * @throws QuickscrapeError `not_allowed`
 */
export function refuseLink(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new QuickscrapeError('not_allowed', `${path} is a symbolic link; nothing is written through it`, {
    hint: 'Remove the link, or put what it leads to in its place.',
  });
}
