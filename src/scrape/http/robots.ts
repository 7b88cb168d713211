import robotsParserModule from 'robots-parser';
import { DAY_MS } from '../../core/lib/clock.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { Exchange } from './exchange.ts';
import { isTlsError, PROXY_BUSY, PROXY_REFUSED } from './network-error.ts';

/** RFC 9309 2.5 requires at least 500 KiB. The rest is not read. */
export const MAX_ROBOTS_BYTES = 512_000;

/** Longest Crawl-delay that is respected: one day. */
const MAX_CRAWL_DELAY_MS = DAY_MS;

/** Failures of the site or of this machine, not of its robots.txt. They are reported unchanged. */
const PASSED_THROUGH_KINDS: ReadonlySet<ScrapeError['kind']> = new Set([
  'cancelled',
  'blocked_address',
  'config',
  'memory',
]);
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set([
  'ENOTFOUND',
  'ECONNREFUSED',
  PROXY_BUSY,
  PROXY_REFUSED,
]);

interface Rules {
  isAllowed(url: string, agent?: string): boolean | undefined;
  getCrawlDelay(agent?: string): number | undefined;
}

// The package's types describe an ES module; it is CommonJS.
const parseRobots = robotsParserModule as unknown as (url: string, text: string) => Rules;

type LoadRobots = (url: URL, signal: AbortSignal) => Promise<Exchange>;

/** Enforces robots.txt (RFC 9309), which is read once per origin and run. */
export class RobotsRules {
  readonly #agent: string;
  readonly #load: LoadRobots;
  readonly #byOrigin = new Map<string, Promise<Rules>>();

  /**
   * @param userAgent its product token (`quickscrape-jobs`) selects the group of rules
   * @param load fetches robots.txt, including redirects; returns responses of any status, and throws for unreachable
   *   ones
   */
  constructor(userAgent: string, load: LoadRobots) {
    this.#agent = /^[a-z_-]+/i.exec(userAgent)?.[0] ?? userAgent;
    this.#load = load;
  }

  /**
   * Checks one address.
   * @returns the Crawl-delay in milliseconds, 0 without one. RFC 9309 does not contain it, but sites rely on it.
   * @throws ScrapeError `robots` if the address is disallowed or robots.txt cannot be read
   */
  async check(url: URL, signal: AbortSignal): Promise<number> {
    let rules = this.#byOrigin.get(url.origin);
    if (rules === undefined) {
      rules = this.#read(new URL('/robots.txt', url.origin), signal);
      this.#byOrigin.set(url.origin, rules);
    }
    const read = await rules;
    if (read.isAllowed(url.href, this.#agent) === false) {
      throw new ScrapeError('robots', `robots.txt of ${url.host} disallows ${redactUrl(url)}`, {
        url: redactUrl(url),
        hint: 'If you may fetch it all the same (such as your own site), set respect_robots: false in the configuration.',
      });
    }
    const seconds = read.getCrawlDelay(this.#agent);
    return seconds === undefined || !(seconds > 0) ? 0 : Math.min(seconds * 1000, MAX_CRAWL_DELAY_MS);
  }

  async #read(address: URL, signal: AbortSignal): Promise<Rules> {
    try {
      const { status, body } = await this.#load(address, signal);
      if (status >= 500) throw unreadableError(address, new Error(`HTTP ${status}`));
      // 4xx: the site has no rules, so everything is allowed (RFC 9309 2.3.1.3).
      const text = status >= 200 && status < 300 ? body.toString('utf8').replace(/^\uFEFF/, '') : '';
      return parseRobots(address.href, text);
    } catch (error) {
      // Too many redirects count as no rules (RFC 9309 2.3.1.2).
      if (error instanceof ScrapeError && error.kind === 'redirect') return parseRobots(address.href, '');
      throw toRobotsError(error, address);
    }
  }
}

function toRobotsError(error: unknown, address: URL): unknown {
  if (!(error instanceof ScrapeError) || error.kind === 'robots' || PASSED_THROUGH_KINDS.has(error.kind))
    return error;
  if (isTlsError(error)) return error;
  const cause = error.cause;
  if (cause instanceof Error && 'code' in cause && UNREACHABLE_CODES.has(cause.code)) return error;
  return unreadableError(address, error);
}

/** Whether robots.txt itself disallows the address. An unreadable robots.txt does not count, because that may pass. */
export function isDisallowed(error: ScrapeError): boolean {
  return error.kind === 'robots' && error.cause === undefined;
}

/** RFC 9309 2.3.1.4: a robots.txt that cannot be reached disallows everything. */
function unreadableError(address: URL, cause: Error): ScrapeError {
  return new ScrapeError(
    'robots',
    `${redactUrl(address)} cannot be read, which counts as "disallow everything": ${cause.message}`,
    {
      url: redactUrl(address),
      hint: 'This is often temporary: run again later. To go on without the rules, set respect_robots: false in the configuration.',
      cause,
    },
  );
}
