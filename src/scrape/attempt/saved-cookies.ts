import { hash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Cookie } from 'tough-cookie';
import * as z from 'zod';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { RunCookies } from '../http/run-cookies.ts';
import { SAFE_HEADERS } from '../lib/safe-headers.ts';
import { logLine } from './run-log.ts';

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
export type Identity = Pick<ScrapeConfig, 'authentication' | 'headers' | 'urls' | 'sitemap' | 'pagination'>;

/**
 * Loads the cookies with which the job's last run ended. Returns none when the configuration now has other addresses,
 * or another name, password or token. Returns none for a damaged file as well, which is renamed and logged.
 * @throws QuickscrapeError `not_allowed` for a link; the system's error when the file cannot be read or moved
 */
export async function loadCookies(file: string, identity: Identity): Promise<RunCookies> {
  refuseLink(file);
  if (!existsSync(file)) return new RunCookies();
  const kept = parse(readRegularFile(file, MAX_FILE_BYTES).toString('utf8'));
  if (kept === 'older') {
    logLine('info', 'the cookies of earlier runs are not used: an older version of this program kept them');
    return new RunCookies();
  }
  if (kept === undefined) {
    const aside = file.replace(/\.json$/, `.damaged-${Date.now()}.json`);
    await rename(file, aside);
    logLine(
      'warn',
      `the cookies of earlier runs cannot be read: this run begins without; the file is now ${aside}`,
    );
    return new RunCookies();
  }
  if (kept.identity !== hashIdentity(identity, kept.salt)) {
    logLine(
      'info',
      'the configuration has other addresses, or another name, password or token, than before: the cookies of earlier runs are not used',
    );
    return new RunCookies();
  }
  const cookies = new RunCookies(kept.cookies);
  const count = cookies.all().length;
  if (count > 0)
    logLine('info', `begins with ${count === 1 ? 'a cookie' : `${count} cookies`} of earlier runs`);
  return cookies;
}

/**
 * Saves a run's final cookies; replaces those saved before.
 * @throws QuickscrapeError `store_unavailable`, `not_allowed`
 */
export async function saveCookies(file: string, identity: Identity, cookies: RunCookies): Promise<void> {
  const lasting = cookies.persistent().map((cookie) => cookie.toJSON());
  if (lasting.length === 0) return deleteCookies(file);
  const salt = randomBytes(32).toString('hex');
  const kept = { version: 2, salt, identity: hashIdentity(identity, salt), cookies: lasting };
  const text = JSON.stringify(kept, null, 2);
  await writeFileDurably(file, `${text}\n`);
}

/** Makes the next run begin without cookies. */
export async function deleteCookies(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * A session belongs to one owner and one set of addresses, so it is not used with another name, password, token or
 * address. An address may itself grant access (`?key=…`), so all of it counts. Of the password, only the hash is saved.
 */
function hashIdentity(
  { authentication, headers, urls, sitemap, pagination }: Identity,
  salt: string,
): string {
  const tokens = Object.entries(headers).filter(([name]) => !SAFE_HEADERS.has(name.toLowerCase()));
  const template = pagination.type === 'page_number' ? [pagination.url_template] : [];
  const addresses = [...(sitemap === undefined ? urls : [sitemap.url]), ...template];
  const { type, username = null, password } = authentication ?? {};
  const form = authentication?.type === 'form' ? [authentication.login_url, authentication.fields] : null;
  const asked = [type ?? null, username, password ?? null, form, addresses.sort(), tokens.sort()];
  return hash('sha256', JSON.stringify([salt, ...asked]));
}

function parse(text: string): { salt: string; identity: string; cookies: Cookie[] } | 'older' | undefined {
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
