import type { Conceal } from '../../core/lib/redact.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { getPort, parseHostEntry } from '../lib/address-policy.ts';
import { hasMatch } from '../parsers/match-pattern.ts';
import { isTooLong } from '../sitemap/parse-sitemap.ts';
import { hasRepeatedPath, isFileAddress } from './address-shape.ts';
import { plainHost } from './canonical-url.ts';
import type { LeftReason } from './crawl-counts.ts';

/** Decides by its address whether a link is followed, and whether rows are read from a page. */
export class LinkRules {
  readonly #config: NonNullable<ScrapeConfig['crawl']>;
  readonly #conceal: Conceal;
  /** `shop.example:80`; without a port, any counts. */
  readonly #hosts: ReadonlySet<string>;

  /**
   * @param starts the start addresses
   * @param conceal removes the parts of addresses that patterns must not match
   */
  constructor(
    { crawl, sitemap }: Pick<ScrapeConfig, 'sitemap'> & { crawl: NonNullable<ScrapeConfig['crawl']> },
    starts: readonly string[],
    conceal: Conceal = (texts) => [...texts],
  ) {
    this.#config = crawl;
    this.#conceal = conceal;
    const listed = [...crawl.hosts, ...(sitemap?.hosts ?? [])].map(parseHostEntry);
    this.#hosts = new Set([
      ...starts.map((start) => hostAndPort(new URL(start))),
      ...listed.map(({ host, port }) => `${plainHost(host)}${port === null ? '' : `:${port}`}`),
    ]);
  }

  /** Returns why a link is left out; undefined if it is followed. */
  refusal(url: URL): LeftReason | undefined {
    if (!this.isOwnHost(url)) return 'other_host';
    if (isTooLong(url.href)) return 'too_long';
    if (isFileAddress(url)) return 'file';
    if (hasRepeatedPath(url)) return 'circle';
    const { match, rows_from } = this.#config;
    const shown = this.#show(url);
    if (this.#excludes(shown)) return 'not';
    if (match.length === 0 || [...match, ...rows_from].some((pattern) => hasMatch(pattern, shown)))
      return undefined;
    return 'match';
  }

  /** Whether `not` leaves the address out. */
  excludes(url: URL): boolean {
    return this.#excludes(this.#show(url));
  }

  /** Whether rows are read from pages of this address. */
  hasRows(url: URL): boolean {
    const { rows_from } = this.#config;
    return rows_from.length === 0 || rows_from.some((pattern) => hasMatch(pattern, this.#show(url)));
  }

  isOwnHost(url: URL): boolean {
    return this.#hosts.has(hostAndPort(url)) || this.#hosts.has(plainHost(url.hostname));
  }

  #excludes(shown: string): boolean {
    return this.#config.not.some((pattern) => hasMatch(pattern, shown));
  }

  #show({ href }: URL): string {
    return this.#conceal([href])[0] ?? '';
  }
}

/** A site has the same pages at ports 80 and 443. */
function hostAndPort(url: URL): string {
  const port = getPort(url);
  return `${plainHost(url.hostname)}:${port === 443 ? 80 : port}`;
}
