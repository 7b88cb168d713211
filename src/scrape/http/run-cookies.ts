import { Cookie, CookieJar } from 'tough-cookie';
import type { ResponseHeaders } from './dispatch-request.ts';

/** More cookies in one answer than any site needs. */
const MAX_COOKIES_PER_RESPONSE = 50;

/** A cookie as browsers tell of it. */
export interface BrowserCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Seconds since the epoch; -1 for one that ends with the session. */
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
}

/** No browser keeps one longer (RFC 6265bis 5.5): 400 days, in seconds. */
const MAX_AGE_S = 400 * 86_400;

/** So many cookies of one host are kept for the next run, and of all: RFC 6265 6.1 asks that of browsers. */
const MAX_STORED = { ofHost: 50, ofAll: 3000 } as const;

/** The cookies of one run, in memory. */
export class RunCookies {
  #made: CookieJar | undefined;
  #empty = true;

  /** @param kept those of an earlier run; each goes back only to where it came from, as long as it lasts */
  constructor(kept: readonly Cookie[] = []) {
    for (const cookie of kept) {
      if (cookie.TTL() <= 0) continue;
      this.#jar.store.putCookie(cookie, () => undefined);
      this.#empty = false;
    }
  }

  /** Most sites set no cookie: their runs start without the list of public suffixes. */
  get #jar(): CookieJar {
    this.#made ??= new CookieJar(undefined, { looseMode: true });
    return this.#made;
  }

  /** The value of the Cookie header for this address, or ''. */
  headerFor(url: URL): string {
    return this.#empty ? '' : this.#jar.getCookieStringSync(url.href);
  }

  /** Takes the answer's cookies; one that the rules refuse (RFC 6265, public suffixes) is passed over. */
  storeFrom(url: URL, headers: ResponseHeaders): void {
    const lines = [headers['set-cookie'] ?? []].flat();
    for (const line of lines.slice(0, MAX_COOKIES_PER_RESPONSE)) {
      const cookie = Cookie.parse(line, { loose: true });
      if (cookie === undefined) continue;
      this.#jar.setCookieSync(withDate(cookie), url.href, { ignoreError: true });
      this.#empty = false;
    }
  }

  /** All cookies there are, for a browser that goes on with them. */
  all(): Cookie[] {
    if (this.#empty) return [];
    return (this.#jar.serializeSync()?.cookies ?? []).flatMap((stored) => Cookie.fromJSON(stored) ?? []);
  }

  clear(): void {
    this.#made = undefined;
    this.#empty = true;
  }

  /**
   * Those that the next run can go on with: what has not expired, also what ends with a browser's session, as a sign-in
   * mostly does. Of too many the ones that were of use last, so that no site makes the requests grow with each run.
   */
  persistent(): Cookie[] {
    const count = new Map<string | null, number>();
    return this.all()
      .filter((cookie) => cookie.TTL() > 0)
      .sort((a, b) => getLastUsed(b) - getLastUsed(a))
      .filter(({ domain }) => {
        const before = count.get(domain) ?? 0;
        count.set(domain, before + 1);
        return before < MAX_STORED.ofHost;
      })
      .slice(0, MAX_STORED.ofAll);
  }

  /** Takes a cookie that a browser has, also one that a script made. @param domain with a dot before it when it is for all below, too */
  put(cookie: BrowserCookie): void {
    const { name, value, domain, path, expires, httpOnly, secure, sameSite } = cookie;
    const host = domain.replace(/^\./, '');
    const kept = new Cookie({
      key: name,
      value,
      ...(domain !== host && { domain: host }),
      path,
      expires: expires > 0 ? new Date(expires * 1000) : 'Infinity',
      httpOnly,
      secure,
      sameSite: sameSite.toLowerCase(),
    });
    const address = `${secure ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}${path}`;
    this.#jar.setCookieSync(kept, address, { ignoreError: true });
    this.#empty = false;
  }
}

/** tough-cookie counts Max-Age anew from each use on: a cookie in use would never expire. */
function withDate(cookie: Cookie): Cookie {
  if (typeof cookie.maxAge !== 'number') return cookie;
  cookie.expires = new Date(Date.now() + 1000 * Math.min(cookie.maxAge, MAX_AGE_S));
  cookie.maxAge = null;
  return cookie;
}

function getLastUsed({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}
