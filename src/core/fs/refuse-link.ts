import { lstatSync } from 'node:fs';
import { QuickscrapeError } from '../lib/errors.ts';

/**
 * Refuses a file or folder of ours that is a symbolic link: what is written there would land somewhere else.
 * @throws QuickscrapeError `not_allowed`
 */
export function refuseLink(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new QuickscrapeError('not_allowed', `${path} is a symbolic link; nothing is written through it`, {
    hint: 'Remove the link, or put what it leads to in its place.',
  });
}
