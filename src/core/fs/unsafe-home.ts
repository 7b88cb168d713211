import { type Stats, statSync } from 'node:fs';
import { QuickscrapeError } from '../lib/errors.ts';
import { shellQuote } from '../lib/shell-quote.ts';
import type { HomePaths } from './paths.ts';
import { wrapUnavailable } from './unavailable.ts';

/** The stats that determine which users can write a folder. */
type Permissions = Pick<Stats, 'mode' | 'uid'>;

const OTHERS_WRITE = 0o022;
const OTHERS_ENTER = 0o011;

/**
 * Rejects a home in which other users could put jobs, configurations or links: they would take effect with this user's
 * rights. If other users cannot enter the home, the permissions of the folders in it do not matter. Folders of the
 * administrator are accepted. The administrator may use any folder, because containers run as root on mounted folders.
 * Windows has no such permissions.
 * @throws QuickscrapeError `not_allowed`, with the command that fixes it; `store_unavailable` when it cannot be
 *   determined
 */
export function refuseUnsafeHome(paths: HomePaths): void {
  const me = process.geteuid?.();
  if (me === undefined) return;
  const home = statsOf(paths.home);
  if (home === undefined) return;
  refuse(paths.home, home, me);
  const isClosed = (home.mode & OTHERS_ENTER) === 0;
  for (const folder of [paths.jobs, paths.configs, paths.locks, paths.runs, paths.trash]) {
    const stats = statsOf(folder);
    if (stats === undefined || (isClosed && folder.startsWith(paths.home) && !isForeign(stats, me))) continue;
    refuse(folder, stats, me);
  }
}

function statsOf(folder: string): Permissions | undefined {
  return wrapUnavailable(`cannot tell who may write ${folder}`, () =>
    statSync(folder, { throwIfNoEntry: false }),
  );
}

function refuse(folder: string, stats: Permissions, me: number): void {
  if (isForeign(stats, me)) {
    throw new QuickscrapeError(
      'not_allowed',
      `${folder} belongs to another user (${stats.uid}), who could put commands into jobs that run as you (${me})`,
      {
        hint: `Choose another home with --home DIR, or take it over: sudo chown -R ${me} ${shellQuote(folder)}`,
      },
    );
  }
  if ((stats.mode & OTHERS_WRITE) === 0) return;
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  throw new QuickscrapeError(
    'not_allowed',
    `others can write ${folder} (mode ${mode}): they could put commands into jobs that run as you`,
    { hint: `chmod go-w ${shellQuote(folder)}` },
  );
}

function isForeign({ uid }: Permissions, me: number): boolean {
  return uid !== me && uid !== 0 && me !== 0;
}
