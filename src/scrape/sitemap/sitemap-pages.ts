import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { DAY_MS } from '../../core/lib/clock.ts';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import type { Conceal } from '../../core/lib/redact.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { SitemapShape } from '../../core/model/run-shape.ts';
import type { SitemapSource } from '../config/sitemap.ts';
import { MAX_START_CHARACTERS as MAX_CHARACTERS, MAX_START_URLS as MAX_PAGES } from '../config/urls-from.ts';
import type { ResponseHeaders } from '../http/dispatch-request.ts';
import type { Fetcher } from '../http/fetcher.ts';
import { redactUrl, toPageUrl } from '../lib/page-url.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import { hasMatch } from '../parsers/match-pattern.ts';
import {
  isTooLong,
  MAX_ENTRIES,
  NotASitemap,
  type SitemapContent,
  type SitemapEntry,
  type SitemapKind,
} from './parse-sitemap.ts';
import { type FileContent, isRobotsFile, MAX_BYTES, readSitemapFile } from './read-sitemap-file.ts';

/** The protocol does not allow nested indexes, but sites have them. */
const MAX_LEVELS = 3;
const MAX_FILES = 1_000;

/** The parts of a run that reading a sitemap needs. */
interface SitemapAccess {
  fetcher: Pick<Fetcher, 'get'>;
  /** Removes the parts of addresses that patterns must not match. */
  conceal?: Conceal;
  signal: AbortSignal;
  /** Called for each file, with its size as received. */
  received(bytes: number): void;
  info(message: string): void;
  warn(message: string): void;
}

/**
 * Reads the pages of a sitemap in order, without duplicates. Sitemaps that it names are read only as far as needed.
 * @param maxUrls stop after this many pages
 * @returns no pages if every entry was skipped
 * @throws ScrapeError for a file that cannot be fetched; `config` if it is not a sitemap, `network` if it is truncated
 */
export async function readSitemapPages(
  source: SitemapSource,
  maxUrls: number,
  access: SitemapAccess,
): Promise<{ urls: string[]; left: string; shape: SitemapShape }> {
  const reader = new SitemapReader(source, Math.min(maxUrls, source.max ?? MAX_PAGES, MAX_PAGES), access);
  await reader.file(source.url, 1, false);
  return reader.end();
}

class SitemapReader {
  readonly #filter: EntryFilter;
  readonly #maxUrls: number;
  readonly #access: SitemapAccess;
  readonly #pages = new Set<string>();
  readonly #files = new Set<string>();
  #characters = 0;
  #isFull = false;
  #entries = 0;
  #empty = 0;

  constructor(source: SitemapSource, maxUrls: number, access: SitemapAccess) {
    this.#filter = new EntryFilter(source, Date.now(), access.conceal);
    this.#maxUrls = maxUrls;
    this.#access = access;
  }

  /** @param isTrusted whether the site's robots.txt names it; it may then be on another host */
  async file(address: string, level: number, isTrusted: boolean): Promise<void> {
    this.#files.add(address);
    const { url, named, isRobots } = await this.#read(address, isTrusted);
    const [first] = named;
    if (first === undefined) return;
    if (level >= MAX_LEVELS + Number(isRobots))
      return this.#access.warn(
        `${redactUrl(first)}${named.size === 1 ? ' is' : ` and ${named.size - 1} more are`} not read: named by the ${MAX_LEVELS}th index within an index`,
      );
    for (const one of named) {
      if (this.#isFull) return;
      await this.#further(one, url, level + Number(!isRobots), isRobots);
    }
  }

  end(): { urls: string[]; left: string; shape: SitemapShape } {
    const left = this.#filter.skipped();
    for (const { text, isDoubtful } of left) {
      const line = `the sitemap has entries that were left out: ${text}`;
      if (isDoubtful) this.#access.warn(line);
      else this.#access.info(line);
    }
    this.#access.info(`${pluralize(this.#pages.size, 'page')} of the sitemap to fetch`);
    const [entries, pages, files, empty] = [this.#entries, this.#pages.size, this.#files.size, this.#empty];
    const shape = { entries, pages, files, empty };
    return { urls: [...this.#pages], left: left.map(({ text }) => text).join('; '), shape };
  }

  #take(entry: SitemapEntry, from: string): void {
    if (this.#isFull) return;
    this.#entries += 1;
    const page = this.#filter.page(entry, from);
    if (page === undefined) return;
    const address = toPageUrl(page);
    if (this.#pages.has(address)) return;
    this.#characters += address.length;
    if (this.#pages.size < MAX_PAGES && this.#characters <= MAX_CHARACTERS)
      this.#isFull = this.#pages.add(address).size >= this.#maxUrls;
    else
      this.#end(
        `the sitemap names more than a run can fetch (${MAX_PAGES} pages, ${formatBytes(MAX_CHARACTERS)} of addresses): the rest is left out after ${pluralize(this.#pages.size, 'page')}`,
      );
  }

  /** Stops reading. */
  #end(reason: string): void {
    this.#isFull = true;
    this.#access.warn(reason);
  }

  async #further(address: string, from: string, level: number, isTrusted: boolean): Promise<void> {
    if (this.#files.has(address)) return;
    if (this.#files.size >= MAX_FILES)
      return this.#end(
        `${redactUrl(address)} and all after it are not read: there are more than ${MAX_FILES} sitemaps`,
      );
    try {
      await this.file(address, level, isTrusted);
    } catch (error) {
      if (!(error instanceof ScrapeError) || error.kind === 'cancelled') throw error;
      throw withNote(error, `a sitemap that ${redactUrl(from)} names`);
    }
  }

  /**
   * Reads the pages of a file.
   * @returns the sitemaps that it names, up to the limit
   */
  async #read(address: string, isTrusted: boolean) {
    const { fetcher, signal, received } = this.#access;
    const named = new Set<string>();
    const undo = this.#mark();
    let found: FileContent | undefined;
    const read = async (
      body: AsyncIterable<Buffer>,
      { url, headers }: { url: URL; headers: ResponseHeaders },
    ) => {
      undo();
      named.clear();
      const isRobots = isRobotsFile(url);
      const take = (entry: SitemapEntry, kind: SitemapKind) => {
        if (kind === 'pages') return this.#take(entry, url.href);
        if (named.size > MAX_FILES) return;
        const one = this.#filter.sitemap(entry, url.href, isRobots || isTrusted);
        if (one !== undefined && !this.#files.has(one)) named.add(one);
      };
      found = await readSitemapFile(body, url, headers, take);
    };
    const page = await fetcher.get(address, { signal, stream: { maxBytes: MAX_BYTES, read } });
    received(page.bytes);
    if (found === undefined) throw new Error('the answer was read');
    if (found.content instanceof NotASitemap) throw notASitemapError(found.content, page.url, found.size);
    this.#tell(page.url, found.content);
    if (found.content.count === 0) this.#empty += 1;
    return { url: page.url, named, isRobots: isRobotsFile(new URL(page.url)) };
  }

  /** @returns a function that discards the pages added since, for a file that is read again */
  #mark(): () => void {
    const [pages, characters, isFull] = [this.#pages.size, this.#characters, this.#isFull];
    const entries = this.#entries;
    const forgetLeft = this.#filter.mark();
    return () => {
      if (this.#pages.size > pages) for (const one of [...this.#pages].slice(pages)) this.#pages.delete(one);
      [this.#characters, this.#isFull] = [characters, isFull];
      this.#entries = entries;
      forgetLeft();
    };
  }

  #tell(url: string, { kind, count, more }: SitemapContent): void {
    const what = pluralize(count, kind === 'pages' ? 'page' : 'sitemap');
    this.#access.info(`sitemap ${redactUrl(url)}: ${what}`);
    if (more)
      this.#access.warn(
        `${redactUrl(url)} has more than ${MAX_ENTRIES} entries, which is the limit: the rest is not read`,
      );
  }
}

function notASitemapError({ message, cutOff }: NotASitemap, url: string, size: number): ScrapeError {
  const at = redactUrl(url);
  return new ScrapeError(
    cutOff ? 'network' : 'config',
    `the sitemap ${at} ${message} (${formatBytes(size)})`,
    {
      url: at,
      hint: cutOff
        ? 'The answer is not complete. Try again later.'
        : `Check the address under sitemap: of a sitemap, an index of sitemaps, a text with one address per line, or a feed (RSS, Atom). Many sites name theirs in robots.txt, which may be given as well: sitemap: "${new URL('/robots.txt', url).href}"`,
    },
  );
}

/** Why an entry is skipped, in the order of the messages. */
const REASONS = {
  unusable: 'that are not http or https addresses',
  otherHost: 'of other hosts',
  notIncluded: 'that no include pattern matches',
  excluded: 'that an exclude pattern matches',
  old: 'that are older than max_age_days',
} as const;

type Reason = keyof typeof REASONS;

interface SkippedEntries {
  readonly count: number;
  readonly example: string;
}

/** Decides which entries of a sitemap are used, and counts the others. */
class EntryFilter {
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
  if (address === '' || isTooLong(address) || !canParseUrl(address, from)) return undefined;
  const url = new URL(address, from);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function normalizeHost(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}
