import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { HomePaths } from '../../core/paths.ts';
import { type FilesBetweenRuns, filesBetweenRuns } from '../../core/run/between-runs.ts';
import type { AttemptResult } from '../../core/run/record.ts';
import { refuseLink } from '../../core/store/refuse-link.ts';
import { CacheFolder } from '../cache/cache-folder.ts';
import { PageCache } from '../cache/page-cache.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import type { ScrapeErrorKind } from '../errors.ts';
import type { RunCookies } from '../fetch/cookies.ts';
import type { PagesRequest } from '../request.ts';
import { unlessRefused } from './keep-findings.ts';
import { forgetCookies, type Identity, readCookies, writeCookies } from './kept-cookies.ts';
import { logLine } from './run-log.ts';

/** Failures by what was on the pages: a site that takes a page for unchanged that is not may be why. */
const POOR_PAGES: readonly string[] = ['no_items', 'check_failed', 'sign_in'] satisfies ScrapeErrorKind[];

/**
 * The site did not give what it gives to others: perhaps because of what it knows us by, which a run that fails must not
 * hand on to the next one for ever.
 */
const NOT_SERVED: readonly string[] = [...POOR_PAGES, ...(['http', 'redirect'] satisfies ScrapeErrorKind[])];

/** What an attempt has of those before it, and leaves to those after it. */
export interface BetweenRuns {
  /** What the attempt is carried out with. */
  request: Pick<PagesRequest, 'cookies' | 'cache'>;
  /** Call it once, when the attempt is over, however it ended. */
  end(result: AttemptResult): Promise<void>;
}

/**
 * Takes up what a job keeps between its runs, as far as its configuration lets it; what it does not let is removed. What
 * cannot be taken up or kept is a line in the log: the attempt does without.
 */
export async function takeUp(
  paths: HomePaths,
  jobId: string,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies' | 'cache'>,
): Promise<BetweenRuns> {
  const files = filesBetweenRuns(paths, jobId);
  const cookies = await unlessRefused('the cookies', () => cookiesOf(files, config));
  const cache = await unlessRefused('the pages', () => cacheOf(files, config));
  return {
    request: { ...(cookies && { cookies }), ...(cache && { cache }) },
    async end({ error }) {
      const kind = error?.kind ?? '';
      if (cache !== undefined) await unlessRefused('the pages', () => endCache(files, cache, kind));
      if (cookies !== undefined)
        await unlessRefused('the cookies', () => endCookies(files, cookies, config, kind));
    },
  };
}

async function endCache({ cache: folder }: FilesBetweenRuns, cache: PageCache, kind: string): Promise<void> {
  const { unchanged } = cache;
  if (unchanged === 0) return;
  logLine('info', `${unchanged} ${unchanged === 1 ? 'page' : 'pages'} unchanged (304)`);
  if (!POOR_PAGES.includes(kind)) return;
  logLine('info', 'the kept pages are removed: the next attempt fetches all in full');
  await rm(folder, { recursive: true, force: true });
}

async function endCookies(
  { cookies: file }: FilesBetweenRuns,
  cookies: RunCookies,
  config: Identity,
  kind: string,
): Promise<void> {
  if (!NOT_SERVED.includes(kind)) return writeCookies(file, config, cookies);
  if (cookies.lasting().length > 0)
    logLine('info', 'its cookies are forgotten: the next attempt begins without');
  return forgetCookies(file);
}

async function cookiesOf(
  { folder, cookies: file }: FilesBetweenRuns,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies'>,
): Promise<RunCookies | undefined> {
  refuseLink(folder);
  if (config.keep_cookies) return readCookies(file, config);
  await forgetCookies(file);
  return undefined;
}

async function cacheOf(
  { folder, cache }: FilesBetweenRuns,
  config: Pick<ScrapeConfig, 'cache' | 'authentication'>,
): Promise<PageCache | undefined> {
  refuseLink(folder);
  refuseLink(cache);
  if (config.cache) {
    const byCookies = config.authentication?.type === 'form';
    return new PageCache(new CacheFolder(cache), { byCookies, log: logLine });
  }
  if (lstatSync(cache, { throwIfNoEntry: false })?.isDirectory())
    await rm(cache, { recursive: true, force: true });
  return undefined;
}
