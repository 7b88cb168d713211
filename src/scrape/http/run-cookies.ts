import { Cookie, CookieJar } from 'tough-cookie';
import type { ResponseHeaders } from './dispatch-request.ts';

/** No site needs more cookies in one response. */
const MAX_COOKIES_PER_RESPONSE = 50;

/** A cookie in the form that browsers report. */
export interface BrowserCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Seconds since the epoch; -1 for a session cookie. */
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
}

/** No browser keeps a cookie longer (RFC 6265bis 5.5): 400 days, in seconds. */
const MAX_AGE_S = 400 * 86_400;

/** The most cookies saved for the next run, per host and in total. RFC 6265 6.1 asks browsers for these capacities. */
const MAX_STORED = { ofHost: 50, ofAll: 3000 } as const;

/** The cookies of one run, in memory. */
export class RunCookies {
  #made: CookieJar | undefined;
  #empty = true;

  /** @param kept cookies of an earlier run; each is sent only to its own site, and only until it expires */
  constructor(kept: readonly Cookie[] = []) {
    for (const cookie of kept) {
      if (cookie.TTL() <= 0) continue;
      this.#jar.store.putCookie(cookie, () => undefined);
      this.#empty = false;
    }
  }

  /** Most sites set no cookie. Their runs do not load the list of public suffixes. */
  get #jar(): CookieJar {
    this.#made ??= new CookieJar(undefined, { looseMode: true });
    return this.#made;
  }

  /** The value of the Cookie header for this address, or ''. */
  headerFor(url: URL): string {
    return this.#empty ? '' : this.#jar.getCookieStringSync(url.href);
  }

  /** Stores the response's cookies. A cookie that the rules refuse (RFC 6265, public suffixes) is skipped. */
  storeFrom(url: URL, headers: ResponseHeaders): void {
    const lines = [headers['set-cookie'] ?? []].flat();
    for (const line of lines.slice(0, MAX_COOKIES_PER_RESPONSE)) {
      const cookie = Cookie.parse(line, { loose: true });
      if (cookie === undefined) continue;
      this.#jar.setCookieSync(withDate(cookie), url.href, { ignoreError: true });
      this.#empty = false;
    }
  }

  /** All cookies, for a browser that continues the session. */
  all(): Cookie[] {
    if (this.#empty) return [];
    return (this.#jar.serializeSync()?.cookies ?? []).flatMap((stored) => Cookie.fromJSON(stored) ?? []);
  }

  clear(): void {
    this.#made = undefined;
    this.#empty = true;
  }

  /**
   * The cookies to save for the next run: all that have not expired, including session cookies, because most sign-ins
   * use one. Above the limits, only the most recently used ones are saved, so that requests do not grow with each run.
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

  /**
   * Adds a cookie of a browser, including one that a script created.
   * @param domain starts with a dot if the cookie is also for subdomains
   */
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

/** tough-cookie restarts Max-Age at each use, so a cookie in use would never expire. */
function withDate(cookie: Cookie): Cookie {
  if (typeof cookie.maxAge !== 'number') return cookie;
  cookie.expires = new Date(Date.now() + 1000 * Math.min(cookie.maxAge, MAX_AGE_S));
  cookie.maxAge = null;
  return cookie;
}

function getLastUsed({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}
