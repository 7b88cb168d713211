import { createHash } from 'node:crypto';
import { HOUR_MS } from '../../core/lib/clock.ts';
import { tryParseJson } from '../../core/lib/json.ts';
import { VERSION } from '../../core/lib/program.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { getFollowKey, listFollows } from '../config/follow.ts';
import { isBrowserPagination } from '../config/pagination.ts';
import type { Item } from '../lib/page.ts';
import { isTransientFailure } from '../lib/scrape-error.ts';
import { readStagedItems, type Staging } from '../output/staging.ts';
import type { ExtractedPage, Position, SeenPages } from '../pagination/pagination-context.ts';
import {
  CHECKPOINT_FORMAT,
  type Checkpoint,
  type CheckpointStore,
  checkpointSchema,
} from './checkpoint-store.ts';
import { removeFrontier } from './frontier.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** Pages of yesterday and of today do not make a consistent list of either day. */
const MAX_CHECKPOINT_AGE_MS = 6 * HOUR_MS;

/** Minimum interval between checkpoints, in milliseconds… */
const MIN_CHECKPOINT_INTERVAL_MS = 250;

/** …and at least this many times the duration of the last one, so that checkpoints cost a run little. */
const CHECKPOINT_INTERVAL_FACTOR = 20;

/** Why an attempt leaves no checkpoint: it would show a secret. */
export const HAS_SECRETS = 'the addresses of its pages contain a secret';

/** What becomes of a checkpoint when the attempt ends. */
export interface CheckpointEnd {
  /** After a failure: keeps the checkpoint only if the failure may pass. */
  failed(error: unknown): Promise<void>;
  forget(): Promise<void>;
}

export function endOfCheckpoint(store: CheckpointStore): CheckpointEnd {
  return {
    async failed(error) {
      if (!isTransientFailure(error)) await store.forget();
    },
    forget: () => store.forget(),
  };
}

/**
 * Reads the checkpoint of an earlier attempt.
 * @returns the checkpoint, or why it cannot be used; undefined if there is none
 */
function readCheckpoint(
  store: CheckpointStore,
  fingerprint: string,
  itemBytes: number,
  now: number,
): Checkpoint | { unusable: string } | undefined {
  const text = store.read();
  if (text === undefined) return undefined;
  const checkpoint = checkpointSchema.safeParse(tryParseJson(text)).data;
  if (checkpoint === undefined) return { unusable: 'the checkpoint of an earlier attempt cannot be read' };
  if (checkpoint.fingerprint !== fingerprint)
    return { unusable: 'the configuration or its addresses have changed' };
  if (Math.abs(now - checkpoint.savedAt) > MAX_CHECKPOINT_AGE_MS)
    return {
      unusable: `the pages of the earlier attempt are older than ${MAX_CHECKPOINT_AGE_MS / HOUR_MS} hours`,
    };
  if (itemBytes < checkpoint.itemBytes) return { unusable: 'some items of the earlier attempt are missing' };
  return checkpoint;
}

export interface ResumeOptions {
  store: CheckpointStore;
  /** Whether there was an earlier attempt. */
  isAgain: boolean;
  /** Removes secrets from a text. If it changes a checkpoint, the checkpoint is not written. */
  redact?(text: string): string;
  /** Write a checkpoint after every page, whatever it costs; default: keep the cost low. */
  everyPage?: boolean;
  /** Called before the first page, when the staged items are those that this attempt adds to. */
  onBegin?(isContinued: boolean): void;
  log(level: 'info' | 'warn', message: string): void;
}

/** A completed page. */
interface Completed extends Pick<Checkpoint, 'url' | 'position'> {
  seen: SeenPages;
  /** What was known right after it; default: what is known now. */
  progress?: Progress;
}

interface Progress extends Pick<Checkpoint, 'itemBytes' | 'tally'> {
  /** How many pages were seen. */
  seenCount: number;
}

/** Lets the next attempt of a run continue after the last page that this one completed. */
export class Resume implements CheckpointEnd {
  readonly #options: ResumeOptions;
  readonly #staging: Staging;
  readonly #stats: ScrapeStats;
  #fingerprint = '';
  /** The start addresses that checkpoints leave out, because the next attempt lists them again. */
  #listed: readonly string[] = [];
  #refused: string | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** The page that was completed last, until its checkpoint is written. */
  #unsaved: Completed | undefined;
  /** The file of a crawl's addresses. */
  readonly frontier: string | undefined;

  /** @param frontier the file of a crawl's addresses, which is removed with the checkpoint */
  constructor(options: ResumeOptions, staging: Staging, stats: ScrapeStats, frontier?: string) {
    this.frontier = frontier;
    this.#options = options;
    this.#staging = staging;
    this.#stats = stats;
  }

  /**
   * Continues from the checkpoint of an earlier attempt, or starts from the beginning. The log records which, and why.
   * @param config with the start addresses
   * @param knows whether the addresses of a crawl are there, as they were after a page
   * @returns where to continue; undefined for the beginning
   */
  async begin(
    config: ScrapeConfig,
    knows: (position: Position) => boolean = () => true,
  ): Promise<(Pick<Checkpoint, 'url' | 'position' | 'seen'> & { rows: AsyncIterable<Item[]> }) | undefined> {
    this.#fingerprint = getFingerprint(config);
    // A crawl has addresses of its own.
    const isList = config.sitemap !== undefined || config.urls_from !== undefined;
    if (isList && config.crawl === undefined) this.#listed = config.urls;
    this.#refused = findRefusal(config);
    const { store, isAgain, log, onBegin } = this.#options;
    const found = readCheckpoint(store, this.#fingerprint, await this.#staging.size(), Date.now());
    const why =
      this.#refused ??
      (found === undefined
        ? undefined
        : 'unusable' in found
          ? found.unusable
          : knows(found.position)
            ? undefined
            : 'the addresses of the earlier attempt are not on this machine');
    if (found === undefined || why !== undefined || 'unusable' in found) {
      if (isAgain && why !== undefined) log('info', `starting from the first page: ${why}`);
      await store.forget();
      await this.#staging.truncate(0);
      onBegin?.(false);
      return undefined;
    }
    await this.#staging.truncate(found.itemBytes);
    onBegin?.(true);
    this.#stats.restore(found.tally);
    const { pages, items } = found.tally;
    log(
      'info',
      `continuing after page ${pages} of an earlier attempt, with its ${pluralize(items, 'item')}: ${found.url}`,
    );
    return {
      url: found.url,
      position: found.position,
      seen: [...this.#listed.slice(0, found.position.start + 1), ...found.seen],
      rows: readStagedItems(this.#staging.file),
    };
  }

  /** Whether a text must not be written to the disk. */
  isSecret(text: string): boolean {
    const { redact = (same) => same } = this.#options;
    return redact(text) !== text;
  }

  /** Prevents all later attempts from continuing where this one ends. */
  async refuse(why: string): Promise<void> {
    if (this.#refused !== undefined) return;
    this.#refused = why;
    // The addresses of a crawl are still in use.
    await this.#options.store.forget();
  }

  /**
   * Records a completed page. If a checkpoint was written a moment ago, this one is written when the attempt fails. A
   * failed write only adds a line to the log.
   */
  async note({ page, position }: ExtractedPage, seen: SeenPages): Promise<void> {
    const completed = position && { url: page.url, position, seen };
    this.#unsaved = completed;
    if (performance.now() >= this.#nextAt || this.#options.everyPage === true) return this.#write();
    if (completed === undefined || this.#refused !== undefined) return;
    // By the time it is written, the next page may have left rows and counts.
    this.#unsaved = { ...completed, progress: await this.#getProgress(seen) };
  }

  /** Records the last page: if this attempt dies from now on, the checkpoint covers all rows of the output. */
  async complete(): Promise<void> {
    if (this.#unsaved !== undefined) delete this.#unsaved.progress;
    await this.#write();
  }

  async #getProgress(seen: SeenPages): Promise<Progress> {
    const itemBytes = await this.#staging.size();
    return { itemBytes, seenCount: seen.size, tally: structuredClone(this.#stats.state()) };
  }

  async #write(): Promise<void> {
    const completed = this.#unsaved;
    if (this.#refused !== undefined || completed === undefined) return;
    this.#unsaved = undefined;
    const start = performance.now();
    const { url, position, seen, progress } = completed;
    const { itemBytes, seenCount, tally } = progress ?? (await this.#getProgress(seen));
    const checkpoint: Checkpoint = {
      format: CHECKPOINT_FORMAT,
      savedAt: Date.now(),
      fingerprint: this.#fingerprint,
      itemBytes,
      url,
      position,
      seen: withoutListed(seen.list().slice(0, seenCount), this.#listed, position.start),
      tally,
    };
    const text = JSON.stringify(checkpoint);
    const { store } = this.#options;
    if (this.isSecret(text)) return this.refuse(HAS_SECRETS);
    try {
      if (store.isDurable) await this.#staging.sync();
      await store.write(text, checkpoint.itemBytes);
    } catch (error) {
      this.#options.log('warn', `the checkpoint was not written: ${String(error)}`);
    }
    const end = performance.now();
    this.#nextAt = end + Math.max(MIN_CHECKPOINT_INTERVAL_MS, CHECKPOINT_INTERVAL_FACTOR * (end - start));
  }

  async failed(error: unknown): Promise<void> {
    if (isTransientFailure(error) && this.#refused === undefined) await this.#write();
    else await this.forget();
  }

  async forget(): Promise<void> {
    await this.#options.store.forget();
    if (this.frontier !== undefined) removeFrontier(this.frontier);
  }
}

/**
 * Leaves the start addresses up to the current one out of the pages that were fetched, which begin in the same order:
 * there may be 100,000 of them.
 */
export function withoutListed(seen: readonly string[], listed: readonly string[], current: number): string[] {
  const others = new Set<string>();
  let at = 0;
  for (const url of seen) {
    // A start address that another page has led to before.
    while (at <= current && others.has(listed[at] ?? '')) at += 1;
    if (at <= current && listed[at] === url) at += 1;
    else others.add(url);
  }
  return [...others];
}

/** What an attempt adds to its configuration, and what may differ between two machines. */
interface AttemptState {
  browser_path?: unknown;
  usualSince?: unknown;
  variables?: unknown;
}

/**
 * Hash of everything that decides which rows a run extracts. It is updated address by address, because a sitemap may
 * have megabytes of addresses.
 */
function getFingerprint(given: ScrapeConfig & AttemptState): string {
  const {
    urls,
    browser_path: _,
    usualSince: __,
    variables: ___,
    changes: ____,
    history: _____,
    concurrency: ______,
    ...config
  } = given;
  const sum = createHash('sha256').update(JSON.stringify([VERSION, config]));
  for (const url of urls) sum.update(`\n${url}`);
  return sum.digest('hex');
}

/** Why no attempt can continue where another one ended. */
function findRefusal({ authentication, backend, pagination, follow }: ScrapeConfig): string | undefined {
  if (isBrowserPagination(pagination))
    return `with ${pagination.type} the pages have no addresses of their own`;
  if (backend === 'browser') return 'what a browser shows depends on the pages before';
  if (authentication?.type === 'form') return 'a sign-in begins a new session';
  const limited = listFollows(follow).findIndex(({ max_pages }) => max_pages !== undefined);
  return limited < 0 ? undefined : `${getFollowKey(limited + 1)}.max_pages counts over the whole run`;
}
