import { Cookie, CookieJar } from 'tough-cookie';
import type { ResponseHeaders } from './exchange.ts';

/** More cookies in one answer than any site needs. */
const MAX_COOKIES_AN_ANSWER = 50;

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

/** The cookies of one run, in memory. */
export class RunCookies {
  readonly #jar = new CookieJar(undefined, { looseMode: true });
  #empty = true;

  /** The value of the Cookie header for this address, or ''. */
  headerFor(url: URL): string {
    return this.#empty ? '' : this.#jar.getCookieStringSync(url.href);
  }

  /** Takes the answer's cookies; one that the rules refuse (RFC 6265, public suffixes) is passed over. */
  take(url: URL, headers: ResponseHeaders): void {
    const lines = [headers['set-cookie'] ?? []].flat();
    for (const line of lines.slice(0, MAX_COOKIES_AN_ANSWER)) {
      this.#jar.setCookieSync(line, url.href, { ignoreError: true });
      this.#empty = false;
    }
  }

  /** All cookies there are, for a browser that goes on with them. */
  all(): Cookie[] {
    return (this.#jar.serializeSync()?.cookies ?? []).flatMap((stored) => Cookie.fromJSON(stored) ?? []);
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
