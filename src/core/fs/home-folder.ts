import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { sleepSync } from '../lib/clock.ts';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programCommand } from '../lib/installation.ts';
import { currentUserId } from '../process/platform.ts';
import { shellQuote } from '../process/shell.ts';
import type { HomeChoice, HomePaths } from './paths.ts';
import { wrapUnavailable } from './system-errors.ts';

/** Names that exist only in homes; other folders may also have an `output` or a `runs`. */
const HOME_MARKERS = ['quickscrape.db', 'jobs', 'configs', 'settings.yaml', 'secrets.env'];

/** Whether the user has named the home. Otherwise it is the default one, which cannot be mistyped. */
export function isHomeNamed(choice: HomeChoice): boolean {
  return (
    choice.home !== undefined || choice.jobsDir !== undefined || Boolean(process.env['QUICKSCRAPE_HOME'])
  );
}

/** Whether a folder is a home or is empty. A folder that cannot be read counts as a home. */
export function isHome({ home }: HomePaths): boolean {
  return kindOf(home) === 'home';
}

/**
 * Rejects a home that does not exist: a mistyped name must not act as a home without jobs. An empty folder is accepted
 * as a new home, unless it is inside a home. A folder that cannot be read is accepted as well; the next step reports
 * the reason.
 * @throws QuickscrapeError `home_not_found`, with a hint and homes with similar names
 */
export function requireHome({ home }: HomePaths): void {
  const kind = kindOf(home);
  if (kind === 'home') return;
  const what =
    kind === 'missing'
      ? `there is no home at ${home}${missingAbove(home)}`
      : `${home} is not a home: it contains nothing of QuickScrape Jobs`;
  const close = findSimilarHomes(home);
  const meant = close.length === 0 ? '' : `Did you mean ${close.join(' or ')}? `;
  throw new QuickscrapeError('home_not_found', what, {
    hint: `${meant}To make a home there: ${programCommand()} init --home ${shellQuote(home)}`,
  });
}

function kindOf(folder: string): 'home' | 'missing' | 'other' {
  try {
    if (!statSync(folder).isDirectory()) return 'home';
    const entries = readdirSync(folder);
    if (HOME_MARKERS.some((sign) => entries.includes(sign))) return 'home';
    return entries.length === 0 && !isUsedHome(dirname(folder)) ? 'home' : 'other';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'home';
  }
}

/** Names the first missing folder above the home, if there is one. */
function missingAbove(home: string): string {
  const missing = firstMissing(home);
  return missing === undefined || missing === home ? '' : `, since there is no folder ${missing}`;
}

function firstMissing(folder: string): string | undefined {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return undefined;
  return firstMissing(dirname(folder)) ?? folder;
}

/** Finds homes with a similar name beside this one, and homes above or inside it. */
function findSimilarHomes(home: string): string[] {
  const misspelt = firstMissing(home) ?? home;
  const beside = closestNames(basename(misspelt), listFolders(dirname(misspelt)))
    .map((name) => join(dirname(misspelt), name, relative(misspelt, home)))
    .filter((folder) => folder !== home);
  const inside = listFolders(home).map((name) => join(home, name));
  return [...beside, dirname(home), ...inside].filter(isUsedHome).slice(0, 3);
}

/** Whether a home has been used. A folder `jobs` alone is no proof, because other programs have one too. */
function isUsedHome(folder: string): boolean {
  return statSync(join(folder, 'quickscrape.db'), { throwIfNoEntry: false }) !== undefined;
}

function listFolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}

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
  const me = currentUserId();
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

/**
 * Returns the identity of a home: its device and inode. A copy of a home has another identity; a home that was moved
 * on its disk has the same one. `undefined` when the folder does not exist.
 */
export function homeId(home: string): string | undefined {
  try {
    const { dev, ino } = statSync(home, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** The removal of a home with thousands of files takes at most this time, in milliseconds. */
const MAX_WAIT_MS = 1_000;
const POLL_MS = 20;

/**
 * Waits while a part of an open home is missing and its parent folder still exists. The home may be in the process of
 * being removed, and new files in it would prevent that. Blocks for at most a second.
 */
export function waitForRemoval(missing: string): void {
  const end = performance.now() + MAX_WAIT_MS;
  while (performance.now() < end && !existsSync(missing) && existsSync(dirname(missing))) sleepSync(POLL_MS);
}
