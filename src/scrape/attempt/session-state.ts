import { hash, randomBytes } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Cookie } from 'tough-cookie';
import * as z from 'zod';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import type { HomePaths } from '../../core/fs/paths.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { getPersistentFiles, type PersistentFiles } from '../../core/runs/run-files.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { CacheFolder } from '../http/cache/cache-folder.ts';
import { PageCache } from '../http/cache/page-cache.ts';
import { RunCookies } from '../http/run-cookies.ts';
import { SAFE_HEADERS } from '../lib/redact.ts';
import type { ScrapeErrorKind } from '../lib/scrape-error.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { RunLog } from './run-log.ts';
import { tryOrLog } from './save-findings.ts';

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

const DISCARDED = 'the cookies of this attempt are discarded: the next attempt begins without cookies';

type Log = Pick<RunLog, 'line'>;

/** State that an attempt takes over from earlier ones, and passes on to later ones. */
interface SessionState {
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
  log: Log,
): Promise<SessionState> {
  const files = getPersistentFiles(paths, jobId);
  const cookies = await tryOrLog(log, 'the cookies', () => openCookies(log, files, config));
  const cache = await tryOrLog(log, 'the pages', () => openCache(log, files, config));
  return {
    request: { ...(cookies && { cookies }), ...(cache && { cache }) },
    async end({ error }) {
      const kind = error?.kind ?? '';
      if (cache !== undefined) await tryOrLog(log, 'the pages', () => closeCache(log, files, cache, kind));
      if (cookies !== undefined)
        await tryOrLog(log, 'the cookies', () => closeCookies(log, files, cookies, config, kind));
    },
  };
}

/**
 * The file of the rows that a job has written.
 * @throws QuickscrapeError `not_allowed` where a link leads out of the home
 */
export function knownRowsFile(paths: HomePaths, jobId: string): string {
  const { folder, knownRows } = getPersistentFiles(paths, jobId);
  refuseLink(folder);
  return knownRows;
}

async function closeCache(
  log: Log,
  { cache: folder }: PersistentFiles,
  cache: PageCache,
  kind: string,
): Promise<void> {
  const { unchanged } = cache;
  if (unchanged === 0) return;
  log.line('info', `${unchanged} ${unchanged === 1 ? 'page' : 'pages'} unchanged (304)`);
  if (!PAGE_FAILURES.includes(kind)) return;
  log.line('info', 'the page cache is emptied: the next attempt fetches all pages in full');
  await rm(folder, { recursive: true, force: true });
}

async function closeCookies(
  log: Log,
  { cookies: file }: PersistentFiles,
  cookies: RunCookies,
  config: Identity,
  kind: string,
): Promise<void> {
  if (!SERVING_FAILURES.includes(kind)) return saveCookies(file, config, cookies);
  if (cookies.persistent().length > 0) log.line('info', DISCARDED);
  return deleteCookies(file);
}

async function openCookies(
  log: Log,
  { folder, cookies: file }: PersistentFiles,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies'>,
): Promise<RunCookies | undefined> {
  refuseLink(folder);
  if (config.keep_cookies) return loadCookies(log, file, config);
  await deleteCookies(file);
  return undefined;
}

async function openCache(
  log: Log,
  { folder, cache }: PersistentFiles,
  config: Pick<ScrapeConfig, 'cache' | 'authentication'>,
): Promise<PageCache | undefined> {
  refuseLink(folder);
  refuseLink(cache);
  if (config.cache) {
    const byCookies = config.authentication?.type === 'form';
    return new PageCache(new CacheFolder(cache), { byCookies, log: log.line });
  }
  if (lstatSync(cache, { throwIfNoEntry: false })?.isDirectory())
    await rm(cache, { recursive: true, force: true });
  return undefined;
}

/** More than the maximum of 3,000 saved cookies can need. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

const savedFileSchema = z.strictObject({
  version: z.literal(2),
  /** Salt of the hash in `identity`: 32 random bytes in hexadecimal, different for each file. */
  salt: z.string().regex(/^[\da-f]{64}$/),
  /** Hash of the owner and the addresses, see hashIdentity. */
  identity: z.string(),
  /** As tough-cookie serializes them. */
  cookies: z.array(
    z.looseObject({ key: z.string(), value: z.string(), domain: z.string().min(1), path: z.string().min(1) }),
  ),
});

/** Files before version 2: their identity covered neither the password nor the addresses. */
const olderFileSchema = z.looseObject({ version: z.literal(1) });

/** The parts of a configuration that determine who makes its requests, and for which addresses. */
export type Identity = Pick<
  ScrapeConfig,
  'authentication' | 'headers' | 'urls' | 'sitemap' | 'urls_from' | 'pagination'
>;

/**
 * Loads the cookies with which the job's last run ended. Returns none when the configuration now has other addresses,
 * or another name, password or token. Returns none for a damaged file as well, which is renamed and logged.
 * @throws QuickscrapeError `not_allowed` for a link; the system's error when the file cannot be read or moved
 */
export async function loadCookies(log: Log, file: string, identity: Identity): Promise<RunCookies> {
  refuseLink(file);
  if (!existsSync(file)) return new RunCookies();
  const cookies = readCookies(log, readRegularFile(file, MAX_FILE_BYTES).toString('utf8'), identity);
  if (cookies !== undefined) return cookies;
  const aside = file.replace(/\.json$/, `.damaged-${Date.now()}.json`);
  await rename(file, aside);
  log.line('warn', `${UNREADABLE}; the file was renamed to ${aside}`);
  return new RunCookies();
}

const UNREADABLE = 'the cookies of earlier runs cannot be read: this run begins without them';

/**
 * Reads the cookies of an earlier run, and logs how many there are or why none are used.
 * @returns `undefined` for a damaged text
 */
function readCookies(log: Log, text: string, identity: Identity): RunCookies | undefined {
  const kept = parseCookieFile(text);
  if (kept === undefined) return undefined;
  if (kept === 'older') {
    log.line('info', 'the cookies of earlier runs are not used: an older version of this program saved them');
    return new RunCookies();
  }
  if (kept.identity !== hashIdentity(identity, kept.salt)) {
    log.line(
      'info',
      'the configuration has other addresses, or another name, password or token, than before: the cookies of earlier runs are not used',
    );
    return new RunCookies();
  }
  const cookies = new RunCookies(kept.cookies);
  const count = cookies.all().length;
  if (count > 0)
    log.line(
      'info',
      `the run begins with ${count === 1 ? 'a cookie' : `${count} cookies`} from earlier runs`,
    );
  return cookies;
}

/**
 * Saves a run's final cookies; replaces those saved before.
 * @throws QuickscrapeError `store_unavailable`, `not_allowed`
 */
export async function saveCookies(file: string, identity: Identity, cookies: RunCookies): Promise<void> {
  const text = serializeCookies(identity, cookies);
  if (text === null) return deleteCookies(file);
  await writeFileDurably(file, text);
}

/** Returns the content of the file of cookies; null when none of them lasts. */
function serializeCookies(identity: Identity, cookies: RunCookies): string | null {
  const lasting = cookies.persistent().map((cookie) => cookie.toJSON());
  if (lasting.length === 0) return null;
  const salt = randomBytes(32).toString('hex');
  const kept = { version: 2, salt, identity: hashIdentity(identity, salt), cookies: lasting };
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** The cookies of an attempt that another machine's home keeps: they touch no disk here. */
export interface CarriedCookies {
  request: Pick<PagesRequest, 'cookies'>;
  /** The content of the file of cookies after the attempt; null for none. */
  serialize(): string | null;
}

/** @param text the content of the home's file of cookies; null for none */
export function openCarriedCookies(
  text: string | null,
  config: Identity & Pick<ScrapeConfig, 'keep_cookies' | 'cache'>,
  log: Log,
): CarriedCookies {
  if (config.cache) log.line('debug', 'cache: a run on another machine fetches all pages in full');
  if (!config.keep_cookies) return { request: {}, serialize: () => null };
  const read = text === null ? new RunCookies() : readCookies(log, text, config);
  if (read === undefined) log.line('warn', UNREADABLE);
  const cookies = read ?? new RunCookies();
  return { request: { cookies }, serialize: () => serializeCookies(config, cookies) };
}

/**
 * Keeps the cookies with which an attempt on another machine has ended, or discards them as after a local attempt. A
 * failure is only logged.
 * @param text the content of the file; null for none
 */
export async function keepCarriedCookies(
  paths: HomePaths,
  jobId: string,
  config: Pick<ScrapeConfig, 'keep_cookies'>,
  log: Log,
  { text, kind }: { text: string | null; kind: string },
): Promise<void> {
  const { folder, cookies: file } = getPersistentFiles(paths, jobId);
  await tryOrLog(log, 'the cookies', async () => {
    refuseLink(folder);
    refuseLink(file);
    const isDiscarded = text !== null && SERVING_FAILURES.includes(kind);
    if (isDiscarded) log.line('info', DISCARDED);
    if (!config.keep_cookies || text === null || isDiscarded) return deleteCookies(file);
    await writeFileDurably(file, text);
  });
}

/** Makes the next run begin without cookies. */
async function deleteCookies(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * A session belongs to one owner and one set of addresses, so it is not used with another name, password, token or
 * address. An address may itself grant access (`?key=…`), so all of it counts. Of the password, only the hash is saved.
 */
function hashIdentity(
  { authentication, headers, urls, sitemap, urls_from, pagination }: Identity,
  salt: string,
): string {
  const tokens = Object.entries(headers).filter(([name]) => !SAFE_HEADERS.has(name.toLowerCase()));
  const template = pagination.type === 'page_number' ? [pagination.url_template] : [];
  // The content of a file, or of another job's rows, changes all the time.
  const source = urls_from === undefined ? urls : [JSON.stringify(urls_from)];
  const addresses = [...(sitemap === undefined ? source : [sitemap.url]), ...template];
  const { type, username = null, password } = authentication ?? {};
  const form = authentication?.type === 'form' ? [authentication.login_url, authentication.fields] : null;
  const asked = [type ?? null, username, password ?? null, form, addresses.sort(), tokens.sort()];
  return hash('sha256', JSON.stringify([salt, ...asked]));
}

function parseCookieFile(
  text: string,
): { salt: string; identity: string; cookies: Cookie[] } | 'older' | undefined {
  try {
    const tree: unknown = JSON.parse(text);
    if (olderFileSchema.safeParse(tree).success) return 'older';
    const { salt, identity, cookies } = savedFileSchema.parse(tree);
    const read = cookies.map((one) => Cookie.fromJSON(one));
    // An invalid date would never expire, and would make the run fail when it is written.
    const isWhole = read.every((cookie) => cookie !== undefined && !Number.isNaN(cookie.TTL()));
    return isWhole ? { salt, identity, cookies: read.flatMap((cookie) => cookie ?? []) } : undefined;
  } catch {
    return undefined;
  }
}
