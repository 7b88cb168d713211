import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { shellQuote } from '../lib/shell-quote.ts';
import type { HomeChoice, HomePaths } from './paths.ts';

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
      : `${home} is no home: nothing of QuickScrape Jobs is in it`;
  const close = findSimilarHomes(home);
  const meant = close.length === 0 ? '' : `Did you mean ${close.join(' or ')}? `;
  throw new QuickscrapeError('home_not_found', what, {
    hint: `${meant}To make a home there: quickscrape init --home ${shellQuote(home)}`,
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
  const beside = closestNames(basename(misspelt), listSubfolders(dirname(misspelt)))
    .map((name) => join(dirname(misspelt), name, relative(misspelt, home)))
    .filter((folder) => folder !== home);
  const inside = listSubfolders(home).map((name) => join(home, name));
  return [...beside, dirname(home), ...inside].filter(isUsedHome).slice(0, 3);
}

/** Whether a home has been used. A folder `jobs` alone is no proof, because other programs have one too. */
function isUsedHome(folder: string): boolean {
  return statSync(join(folder, 'quickscrape.db'), { throwIfNoEntry: false }) !== undefined;
}

function listSubfolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}
