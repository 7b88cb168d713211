import { type Stats, statSync } from 'node:fs';
import { QuickscrapeError } from '../lib/errors.ts';
import { shellQuote } from '../lib/shell-quote.ts';
import type { HomePaths } from './paths.ts';
import { wrapUnavailable } from './unavailable.ts';

/** Who may write a folder: what matters of its stats. */
type Permissions = Pick<Stats, 'mode' | 'uid'>;

const OTHERS_WRITE = 0o022;
const OTHERS_ENTER = 0o011;

/**
 * Refuses a home in which other users could put jobs, configurations or links: what stands there is carried out with
 * our rights. Within a home that nobody else can enter, the folders' own bits are in no danger. The administrator's
 * folders count as ours; so does any folder for the administrator, who carries out what containers mount.
 * Windows has no such bits.
 * @throws QuickscrapeError `not_allowed`, with the command that mends it; `store_unavailable` when it cannot tell
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
