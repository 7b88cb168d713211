import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Cookie } from 'tough-cookie';
import * as z from 'zod';
import { writeFileDurably } from '../../core/store/atomic-file.ts';
import { readRegularFile } from '../../core/store/read-regular-file.ts';
import { refuseLink } from '../../core/store/refuse-link.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import { RunCookies } from '../fetch/cookies.ts';
import { HARMLESS_HEADERS } from '../fetch/harmless-headers.ts';
import { logLine } from './run-log.ts';

/** More than the 3,000 cookies that are kept can take. */
const LARGEST_FILE = 32 * 1024 * 1024;

const keptFile = z.strictObject({
  version: z.literal(1),
  /** Whose they are (identityOf). */
  identity: z.string(),
  /** As tough-cookie writes them. */
  cookies: z.array(
    z.looseObject({ key: z.string(), value: z.string(), domain: z.string().min(1), path: z.string().min(1) }),
  ),
});

/** What of a configuration says who it is that asks. */
export type Identity = Pick<ScrapeConfig, 'authentication' | 'headers' | 'urls' | 'sitemap'>;

/**
 * The cookies that the last run of a job ended with, for the next one. None when the configuration signs in as somebody
 * else by now, or the file is damaged: then it is kept under another name, and the log says so.
 * @throws QuickscrapeError `not_allowed` for a link; the error of the system when the file cannot be read or moved
 */
export async function readCookies(file: string, identity: Identity): Promise<RunCookies> {
  refuseLink(file);
  if (!existsSync(file)) return new RunCookies();
  const kept = parse(readRegularFile(file, LARGEST_FILE).toString('utf8'));
  if (kept === undefined) {
    const aside = file.replace(/\.json$/, `.damaged-${Date.now()}.json`);
    await rename(file, aside);
    logLine(
      'warn',
      `the cookies of earlier runs cannot be read: this run begins without; the file is now ${aside}`,
    );
    return new RunCookies();
  }
  if (kept.identity !== identityOf(identity)) {
    logLine(
      'info',
      'the configuration signs in as somebody else than before: the cookies of earlier runs are not used',
    );
    return new RunCookies();
  }
  const cookies = new RunCookies(kept.cookies);
  const count = cookies.all().length;
  if (count > 0)
    logLine('info', `begins with ${count === 1 ? 'a cookie' : `${count} cookies`} of earlier runs`);
  return cookies;
}

/** Keeps what a run ended with, in place of what was kept before. @throws QuickscrapeError `store_unavailable`, `not_allowed` */
export async function writeCookies(file: string, identity: Identity, cookies: RunCookies): Promise<void> {
  const lasting = cookies.lasting().map((cookie) => cookie.toJSON());
  if (lasting.length === 0) return forgetCookies(file);
  const text = JSON.stringify({ version: 1, identity: identityOf(identity), cookies: lasting }, null, 2);
  await writeFileDurably(file, `${text}\n`);
}

/** The next run begins without. */
export async function forgetCookies(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** A session is somebody's: with another name, or another token among the headers, it is not used. */
function identityOf({ authentication, headers, urls, sitemap }: Identity): string {
  const secret = Object.entries(headers).filter(([name]) => !HARMLESS_HEADERS.has(name.toLowerCase()));
  const own = sitemap === undefined ? urls : [sitemap.url];
  const names = own.map((url) => new URL(url).username).filter((name) => name !== '');
  const { type = null, username = null } = authentication ?? {};
  const login = authentication?.type === 'form' ? authentication.login_url : null;
  return hash('sha256', JSON.stringify([type, username, login, names, secret.sort()]));
}

function parse(text: string): { identity: string; cookies: Cookie[] } | undefined {
  try {
    const { identity, cookies } = keptFile.parse(JSON.parse(text));
    const read = cookies.map((one) => Cookie.fromJSON(one));
    // A date that is none would last for ever, and end the run when it is written.
    const isWhole = read.every((cookie) => cookie !== undefined && !Number.isNaN(cookie.TTL()));
    return isWhole ? { identity, cookies: read.flatMap((cookie) => cookie ?? []) } : undefined;
  } catch {
    return undefined;
  }
}
