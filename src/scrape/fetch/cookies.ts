import { CookieJar } from 'tough-cookie';
import type { ResponseHeaders } from './exchange.ts';

/** More cookies in one answer than any site needs. */
const MAX_COOKIES_AN_ANSWER = 50;

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
}
