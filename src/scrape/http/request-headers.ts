import { unescape as percentDecode } from 'node:querystring';
import { HOMEPAGE, PACKAGE_NAME, VERSION } from '../../core/lib/program.ts';
import { redactUrl } from '../lib/page-url.ts';
import { SAFE_HEADERS } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { ACCEPT_ENCODING } from './content-coding.ts';

/** A form that is sent by POST. */
export interface FormPost {
  url: string;
  /** `application/x-www-form-urlencoded` */
  body: string;
  /** The page that contains the form. */
  referer: string;
}

/** The headers that a browser sends with a form. Sites check Origin and Referer to detect forged forms. */
export function createFormHeaders({ url, referer }: FormPost): Record<string, string> {
  const from = new URL(referer);
  return {
    'content-type': 'application/x-www-form-urlencoded',
    origin: from.origin,
    // The browsers' usual policy, strict-origin-when-cross-origin.
    referer:
      from.origin === new URL(url).origin ? from.origin + from.pathname + from.search : `${from.origin}/`,
  };
}

/** 307 and 308 ask for the form, including the password, to be sent to another address. */
export function refuseFormResendError(url: URL, target: URL): ScrapeError {
  const message = `${redactUrl(url)} asks for the form to be sent again, to ${redactUrl(target)}`;
  return new ScrapeError('redirect', message, {
    url: redactUrl(url),
    hint: 'Set login_url to the address that it leads to.',
  });
}

/**
 * The product token, by which robots.txt names this program, is the package's name. An address follows once the project
 * has one that a site's owner can open (docs/contributing/release.md).
 */
export const DEFAULT_USER_AGENT = defaultUserAgent(HOMEPAGE);

export function defaultUserAgent(homepage: string | undefined): string {
  return `${PACKAGE_NAME}/${VERSION}${homepage === undefined ? '' : ` (+${homepage})`}`;
}

/** Headers that describe the browser itself, or its own connection. */
const BROWSER_ONLY =
  /^(?:sec-ch-ua|user-agent$|host$|connection$|content-length$|accept-encoding$|transfer-encoding$|upgrade)/;

interface HeaderSources {
  userAgent: string;
  /** The configuration's headers. */
  headers: Readonly<Record<string, string>>;
  /** Names of headers, in lower case, that may contain a secret whatever they are called. */
  ownHeaders: ReadonlySet<string>;
  /** The configuration's own addresses. Only their hosts receive headers that may contain a secret. */
  ownUrls: readonly string[];
  /** Sent as HTTP Basic to the same hosts. */
  basic?: { username: string; password: string };
}

/** Returns the User-Agent of the requests: the configured one, else the header of that name, else this program's. */
export function chooseUserAgent(
  configured: string | undefined,
  headers: Readonly<Record<string, string>>,
): string {
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  return configured ?? header ?? DEFAULT_USER_AGENT;
}

/** Creates the headers of each request. A redirect or link to another site receives no password or token. */
export class RequestHeaders {
  readonly #sources: HeaderSources;
  /** One per origin. */
  readonly #own: readonly URL[];

  constructor(sources: HeaderSources) {
    this.#sources = sources;
    const byOrigin = new Map<string, URL>();
    for (const url of sources.ownUrls.map((text) => new URL(text)))
      if (!byOrigin.has(url.origin)) byOrigin.set(url.origin, url);
    this.#own = [...byOrigin.values()];
  }

  /**
   * @param cookies the jar's cookies for this address, as a header's value, or ''
   * @param more headers of this request, under the same rules
   */
  for(url: URL, cookies: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const own = this.#ownFor(url);
    const { basic, ownHeaders, userAgent } = this.#sources;
    const mayReceive = (name: string) =>
      own !== undefined || (SAFE_HEADERS.has(name) && !ownHeaders.has(name));
    const result: Record<string, string> = {
      'user-agent': mayReceive('user-agent') ? userAgent : DEFAULT_USER_AGENT,
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'accept-encoding': ACCEPT_ENCODING,
    };
    if (own !== undefined) Object.assign(result, basic ? basicHeader(basic) : basicAuth(own));
    for (const [name, value] of [...Object.entries(this.#sources.headers), ...Object.entries(more)]) {
      const key = name.toLowerCase();
      if (key !== 'user-agent' && mayReceive(key)) result[key] = value;
    }
    const cookie = [result['cookie'], cookies].filter(Boolean).join('; ');
    if (cookie !== '') result['cookie'] = cookie;
    return result;
  }

  /**
   * The headers of a request that a page makes in a browser: the page's own, plus the configured ones for that address.
   * @param asked names in lower case
   */
  forSubresource(url: URL, asked: Readonly<Record<string, string>>): Record<string, string> {
    const { cookie = '', ...rest } = asked;
    const result = this.for(url, cookie);
    for (const [name, value] of Object.entries(rest)) {
      const isOurs = BROWSER_ONLY.test(name) || (name !== 'accept' && Object.hasOwn(result, name));
      if (!isOurs) result[name] = value;
    }
    return result;
  }

  /** Whether an address belongs to the configuration's own addresses, which receive secrets. */
  isOwn(url: URL): boolean {
    return this.#ownFor(url) !== undefined;
  }

  /** The configured address that this one belongs to: the same origin, or the same host after an upgrade to https. */
  #ownFor(url: URL): URL | undefined {
    return this.#own.find(
      (own) =>
        own.origin === url.origin ||
        (url.protocol === 'https:' && url.port === '' && own.hostname === url.hostname),
    );
  }
}

/** `https://user:password@host/` as the equivalent header (RFC 7617). */
function basicAuth(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  // Unlike decodeURIComponent, it accepts a stray %.
  return basicHeader({ username: percentDecode(url.username), password: percentDecode(url.password) });
}

function basicHeader({ username, password }: { username: string; password: string }): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
