import type { SitemapSource } from '../config/sitemap.ts';
import { redactUrl } from '../lib/page-url.ts';
import type { Conceal } from '../lib/redact.ts';
import { hasMatch } from '../parsers/match-pattern.ts';
import { isTooLong, type SitemapEntry } from './sitemap-entry.ts';

const DAY_MS = 86_400_000;

/** Why an entry is skipped, in the order of the messages. */
const REASONS = {
  unusable: 'that are no http or https addresses',
  otherHost: 'of other hosts',
  notIncluded: 'that no include pattern finds',
  excluded: 'that an exclude pattern finds',
  old: 'that are older than max_age_days',
} as const;

type Reason = keyof typeof REASONS;

interface SkippedEntries {
  readonly count: number;
  readonly example: string;
}

/** Decides which entries of a sitemap are used, and counts the others. */
export class EntryFilter {
  readonly #source: SitemapSource;
  readonly #hosts: ReadonlySet<string>;
  readonly #oldest: number;
  readonly #conceal: Conceal;
  #left = new Map<Reason, SkippedEntries>();

  /**
   * @param now epoch milliseconds
   * @param conceal removes the parts of addresses that patterns must not match
   */
  constructor(source: SitemapSource, now: number, conceal: Conceal = (texts) => [...texts]) {
    this.#conceal = conceal;
    this.#source = source;
    this.#hosts = new Set([new URL(source.url).hostname, ...source.hosts].map(normalizeHost));
    this.#oldest = now - (source.max_age_days ?? Number.POSITIVE_INFINITY) * DAY_MS;
  }

  /**
   * Returns the address of a page that is used, else undefined.
   * @param from address of the sitemap
   */
  page({ address, lastmod }: SitemapEntry, from: string): string | undefined {
    const url = tryParseUrl(address, from);
    if (url === undefined) return this.#leave('unusable', address);
    if (!this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));
    const { include, exclude } = this.#source;
    const [shown = ''] = this.#conceal([url.href]);
    if (include.length > 0 && !include.some((pattern) => hasMatch(pattern, shown)))
      return this.#leave('notIncluded', redactUrl(url));
    if (exclude.some((pattern) => hasMatch(pattern, shown))) return this.#leave('excluded', redactUrl(url));
    return this.#isOld(lastmod) ? this.#leave('old', redactUrl(url)) : url.href;
  }

  /**
   * Returns the address of a further sitemap that is read, else undefined.
   * @param anyHost whether it may be on any host, because the site's robots.txt names it
   */
  sitemap({ address, lastmod }: SitemapEntry, from: string, anyHost: boolean): string | undefined {
    const url = tryParseUrl(address, from);
    if (url === undefined) return this.#leave('unusable', address);
    if (!anyHost && !this.#isOwn(url)) return this.#leave('otherHost', redactUrl(url));
    return this.#isOld(lastmod) ? this.#leave('old', redactUrl(url)) : url.href;
  }

  /** Whether the pages of a host are used: the sitemap's own host, with or without `www.`, and those of `hosts`. */
  #isOwn(url: URL): boolean {
    return this.#hosts.has(normalizeHost(url.hostname));
  }

  /**
   * Describes the skipped entries: `12 of other hosts (such as https://…)`.
   * @returns in the order of the reasons; `isDoubtful` for reasons that suggest a mistake
   */
  skipped(): { text: string; isDoubtful: boolean }[] {
    return (Object.keys(REASONS) as Reason[]).flatMap((reason) => {
      const found = this.#left.get(reason);
      if (found === undefined) return [];
      const example = found.example === '' ? '' : ` (such as ${found.example})`;
      const text = `${found.count} ${REASONS[reason]}${example}`;
      return [{ text, isDoubtful: reason === 'unusable' || reason === 'otherHost' }];
    });
  }

  /** @returns a function that discards the counts made since, for a file that is read again */
  mark(): () => void {
    const before = new Map(this.#left);
    return () => {
      this.#left = new Map(before);
    };
  }

  /** An entry without a date does not count as old. */
  #isOld(lastmod: string): boolean {
    return Date.parse(lastmod) < this.#oldest;
  }

  #leave(reason: Reason, example: string): undefined {
    const { count, example: first } = this.#left.get(reason) ?? { count: 0, example: '' };
    this.#left.set(reason, { count: count + 1, example: first || example.slice(0, 200) });
  }
}

function tryParseUrl(address: string, from: string): URL | undefined {
  if (address === '' || isTooLong(address) || !URL.canParse(address, from)) return undefined;
  const url = new URL(address, from);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function normalizeHost(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}
