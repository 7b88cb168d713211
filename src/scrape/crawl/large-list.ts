import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Pagination } from '../config/pagination.ts';
import { describeStop } from '../extract/data-miss.ts';
import { NoJson } from '../extract/read-json.ts';
import type { BodyStream } from '../http/content-coding.ts';
import { getHeader } from '../http/exchange.ts';
import type { FetchedPage } from '../http/fetcher.ts';
import { isPlain, type PageOptions, type PageSource } from '../http/page-source.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { toOutputError } from '../output/output-target.ts';
import { parseDataSelector } from '../selectors/data-selector.ts';
import { formatJsonStep, getListSteps } from '../selectors/json-path.ts';
import {
  type FoundList,
  findJsonList,
  type ListPart,
  type ListPlace,
  NoList,
  splitFoundList,
  splitJsonList,
} from './split-json-list.ts';
import { toUtf8 } from './to-utf8.ts';

/** Largest answer, as received and decompressed: it lies on the disk while its rows are read. */
const MAX_ANSWER_BYTES = 10_000_000_000;
/** A part takes about ten times as much memory with its rows. */
const PART_BYTES = 1_000_000;
const MAX_ENTRY_BYTES = 10_000_000;
const JSON_LINES = /ndjson|jsonl|jsonlines/i;

/** Pagination that needs nothing of a page but its rows. */
const PAGINATION_WITHOUT_PAGE: readonly Pagination['type'][] = [
  'none',
  'url_param',
  'page_number',
  'link_header',
];

/** A page, or the first part of an answer that is larger than a page. */
interface ListPage {
  fetched: FetchedPage;
  /** The parts after it. */
  further?: AsyncGenerator<FetchedPart>;
}

/** A part of a large answer, as a page. */
export interface FetchedPart extends FetchedPage {
  /** The number of entries before its own. */
  before: number;
  /** Where they are in the answer. */
  excerpt: ListPart['excerpt'];
  /** Whether the parts after it are not read. */
  isBeginning: boolean;
}

/** Fetches the pages of a list. JSON that is larger than a page comes in parts, if its rows are the entries of a list. */
export class ListPages {
  readonly #config: ScrapeConfig;
  readonly #source: PageSource;
  readonly #wanted: PageOptions;
  readonly #file: string | undefined;
  readonly #steps: ListPlace['steps'] | undefined;
  #isLarge = false;

  /** @param file where a large answer lies until it is read; without it, only its first part is fetched */
  constructor(config: ScrapeConfig, source: PageSource, wanted: PageOptions, file: string | undefined) {
    this.#config = config;
    this.#source = source;
    this.#wanted = wanted;
    this.#file = file;
    this.#steps = findListSteps(config.item);
  }

  /**
   * @param fetchWhole fetches the page as it is
   * @throws ScrapeError as `PageSource.get`; `no_items` if a large answer is not JSON; `output` if the disk is full
   */
  async get(url: string, fetchWhole: () => Promise<FetchedPage>): Promise<ListPage> {
    const large = this.#isLarge
      ? undefined
      : await fetchWhole().catch((error: unknown) => toLargeError(error));
    if (large !== undefined && !(large instanceof ScrapeError)) return { fetched: large };
    const hint = this.#findObstacle();
    if (large !== undefined && hint !== undefined) throw withHint(large, hint);
    // Its other pages are probably as large.
    this.#isLarge = true;
    const parts = this.#fetchParts(url);
    const { value: fetched } = await parts.next();
    if (fetched === undefined) throw this.#noListError(url);
    return { fetched, further: parts };
  }

  /** Returns why a large answer cannot be read in parts, and what to do; undefined if it can. */
  #findObstacle(): string | undefined {
    const { item = '', pagination, request } = this.#config;
    if (parseDataSelector(item)?.source !== 'json' || !isPlain(this.#source)) return '';
    if (this.#steps === undefined)
      return 'Larger JSON is read if item selects the entries of one list, such as item: "json:$.results[*]".';
    if (!PAGINATION_WITHOUT_PAGE.includes(pagination.type))
      return `Larger JSON is read without pagination.type ${pagination.type}, which needs the whole answer. Ask the service for fewer entries on a page.`;
    if (request?.repeat === false)
      return 'Larger JSON is requested a second time. If the service allows that, set request.repeat: true.';
    return undefined;
  }

  async *#fetchParts(url: string): AsyncGenerator<FetchedPart> {
    const file = this.#file;
    let first: ListPart | undefined;
    let list: FoundList | undefined;
    let contentType = '';
    let problem: unknown;
    const read: BodyStream['read'] = async (body, { headers }) => {
      const noticed = new NoticedBody(body);
      const place = this.#getPlace(headers);
      try {
        const utf8 = await toUtf8(noticed, getHeader(headers, 'content-type'));
        ({ contentType } = utf8);
        if (file === undefined) first = (await splitJsonList(utf8.body, place).next()).value;
        else {
          const find = findJsonList(utf8.body, place, (found) => {
            list = found;
          });
          await pipeline(find, createWriteStream(file, { mode: 0o600 }));
        }
      } catch (error) {
        if (!noticed.hasFailed) problem = error;
        throw error;
      }
    };
    try {
      const stream = { maxBytes: MAX_ANSWER_BYTES, read };
      const sent = await this.#source.get(url, { ...this.#wanted, stream });
      const parts =
        file === undefined || list === undefined
          ? [first ?? []].flat()
          : splitFoundList((start) => createReadStream(file, { start }), this.#getPlace(sent.headers), list);
      let bytes = sent.bytes;
      const headers = { ...sent.headers, 'content-type': contentType };
      for await (const { json, isLast, ...part } of parts) {
        yield { ...sent, headers, body: json, bytes, ...part, isBeginning: file === undefined && !isLast };
        bytes = 0;
      }
    } catch (error) {
      const cause = problem ?? error;
      throw cause instanceof NoList ? this.#noListError(url, cause) : toFailure(cause, url, file);
    }
  }

  #getPlace(headers: FetchedPage['headers']): ListPlace {
    return {
      steps: this.#steps ?? [],
      isLines: JSON_LINES.test(getHeader(headers, 'content-type')),
      partBytes: PART_BYTES,
      maxEntryBytes: MAX_ENTRY_BYTES,
    };
  }

  #noListError(url: string, { frame }: Partial<Pick<NoList, 'frame'>> = {}): ScrapeError {
    const shown = redactUrl(url);
    const list = `$${(this.#steps ?? []).map(formatJsonStep).join('')}`;
    const { path = '$' } = parseDataSelector(this.#config.item ?? '') ?? {};
    const stop = frame === undefined ? undefined : describeStop(path, frame);
    return new ScrapeError('no_items', `${shown} is large JSON and has no list at ${list}`, {
      url: shown,
      hint: stop === undefined ? 'Check the path of item.' : `${stop}${stop.endsWith('?') ? '' : '.'}`,
    });
  }
}

/** A body that knows whether it was the reason why reading it failed. */
class NoticedBody implements AsyncIterable<Buffer> {
  hasFailed = false;
  readonly #body: AsyncIterable<Buffer>;

  constructor(body: AsyncIterable<Buffer>) {
    this.#body = body;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.#body;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}

function findListSteps(item: string | undefined): (string | number)[] | undefined {
  const data = item === undefined ? undefined : parseDataSelector(item);
  return data?.source === 'json' ? getListSteps(data.path) : undefined;
}

/** Returns the error of a page that is over the limit. @throws all other errors */
function toLargeError(error: unknown): ScrapeError {
  if (error instanceof ScrapeError && error.kind === 'too_large') return error;
  throw error;
}

function withHint({ kind, message, url, hint, cause }: ScrapeError, better: string): ScrapeError {
  return new ScrapeError(kind, message, {
    ...(url !== undefined && { url }),
    hint: better === '' ? (hint ?? '') : better,
    cause,
  });
}

function toFailure(error: unknown, url: string, file: string | undefined): unknown {
  if (error instanceof NoJson)
    return new ScrapeError('no_items', `item reads JSON, and ${redactUrl(url)} ${error.message}`, {
      url: redactUrl(url),
      hint: 'Open the address: it may ask to sign in, or be a page for people.',
    });
  return error instanceof ScrapeError || file === undefined ? error : toOutputError(error, file);
}
