import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { HomePaths } from '../../core/fs/paths.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { getPersistentFiles, type PersistentFiles } from '../../core/runs/run-files.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { CacheFolder } from '../http/cache/cache-folder.ts';
import { PageCache } from '../http/cache/page-cache.ts';
import type { RunCookies } from '../http/run-cookies.ts';
import type { ScrapeErrorKind } from '../lib/scrape-error.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import { logLine } from './run-log.ts';
import { tryOrLog } from './save-findings.ts';
import { deleteCookies, type Identity, loadCookies, saveCookies } from './saved-cookies.ts';

/** Failures caused by the pages' content. The cause may be a site that reports a changed page as unchanged. */
const PAGE_FAILURES: readonly string[] = ['no_items', 'check_failed', 'sign_in'] satisfies ScrapeErrorKind[];

/**
 * Failures in which the site may have served this run differently from other clients, perhaps because of its cookies. A
 * failed run must not pass such cookies on forever.
 */
const SERVING_FAILURES: readonly string[] = [
  ...PAGE_FAILURES,
  ...(['http', 'redirect'] satisfies ScrapeErrorKind[]),
];

/** State that an attempt takes over from earlier ones, and passes on to later ones. */
export interface SessionState {
  /** Options for the attempt's requests. */
  request: Pick<PagesRequest, 'cookies' | 'cache'>;
  /** Call it once, when the attempt has ended, with any outcome. */
  end(result: AttemptResult): Promise<void>;
}

/**
 * Opens the state that a job keeps between its runs, as far as its configuration allows; removes state that it does not
 * allow. A failure to read or save the state is only logged: the attempt continues without it.
 */
export async function openSessionState(
  paths: HomePaths,
  jobId: string,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies' | 'cache'>,
): Promise<SessionState> {
  const files = getPersistentFiles(paths, jobId);
  const cookies = await tryOrLog('the cookies', () => openCookies(files, config));
  const cache = await tryOrLog('the pages', () => openCache(files, config));
  return {
    request: { ...(cookies && { cookies }), ...(cache && { cache }) },
    async end({ error }) {
      const kind = error?.kind ?? '';
      if (cache !== undefined) await tryOrLog('the pages', () => closeCache(files, cache, kind));
      if (cookies !== undefined)
        await tryOrLog('the cookies', () => closeCookies(files, cookies, config, kind));
    },
  };
}

async function closeCache({ cache: folder }: PersistentFiles, cache: PageCache, kind: string): Promise<void> {
  const { unchanged } = cache;
  if (unchanged === 0) return;
  logLine('info', `${unchanged} ${unchanged === 1 ? 'page' : 'pages'} unchanged (304)`);
  if (!PAGE_FAILURES.includes(kind)) return;
  logLine('info', 'the kept pages are removed: the next attempt fetches all in full');
  await rm(folder, { recursive: true, force: true });
}

async function closeCookies(
  { cookies: file }: PersistentFiles,
  cookies: RunCookies,
  config: Identity,
  kind: string,
): Promise<void> {
  if (!SERVING_FAILURES.includes(kind)) return saveCookies(file, config, cookies);
  if (cookies.persistent().length > 0)
    logLine('info', 'its cookies are forgotten: the next attempt begins without');
  return deleteCookies(file);
}

async function openCookies(
  { folder, cookies: file }: PersistentFiles,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies'>,
): Promise<RunCookies | undefined> {
  refuseLink(folder);
  if (config.keep_cookies) return loadCookies(file, config);
  await deleteCookies(file);
  return undefined;
}

async function openCache(
  { folder, cache }: PersistentFiles,
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
