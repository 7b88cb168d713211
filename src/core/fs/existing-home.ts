import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { shellQuote } from '../lib/shell-quote.ts';
import type { HomeChoice, HomePaths } from './paths.ts';

/** What only a home has; other folders have an `output` or a `runs` as well. */
const HOME_MARKERS = ['quickscrape.db', 'jobs', 'configs', 'settings.yaml', 'secrets.env'];

/** Whether a person has said which home is meant; else it is the usual one, in which nobody can have mistyped a name. */
export function isHomeNamed(choice: HomeChoice): boolean {
  return (
    choice.home !== undefined || choice.jobsDir !== undefined || Boolean(process.env['QUICKSCRAPE_HOME'])
  );
}

/** Whether a folder holds a home, or nothing yet. What cannot be looked at counts as one. */
export function isHome({ home }: HomePaths): boolean {
  return kindOf(home) === 'home';
}

/**
 * Refuses a home that is not there: a mistyped name must not answer as a home without jobs. An empty folder is one to
 * begin in, if it is none of a home's own; so is any folder that cannot be looked at, of which the next step says more.
 * @throws QuickscrapeError `home_not_found`, with what to do, and homes whose names are close
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

/** The first folder on the way to it that is not there either, where that is not the home itself. */
function missingAbove(home: string): string {
  const missing = firstMissing(home);
  return missing === undefined || missing === home ? '' : `, since there is no folder ${missing}`;
}

function firstMissing(folder: string): string | undefined {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return undefined;
  return firstMissing(dirname(folder)) ?? folder;
}

/** Homes that may have been meant: beside it under a similar name, around it, or in it. */
function findSimilarHomes(home: string): string[] {
  const misspelt = firstMissing(home) ?? home;
  const beside = closestNames(basename(misspelt), listSubfolders(dirname(misspelt)))
    .map((name) => join(dirname(misspelt), name, relative(misspelt, home)))
    .filter((folder) => folder !== home);
  const inside = listSubfolders(home).map((name) => join(home, name));
  return [...beside, dirname(home), ...inside].filter(isUsedHome).slice(0, 3);
}

/** Whether somebody has worked in a home: a folder `jobs` alone has many another program. */
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
