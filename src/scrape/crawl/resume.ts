import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { VERSION } from '../../core/lib/version.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { isGrowing } from '../config/pagination.ts';
import type { Item } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { readStagedItems, type Staging } from '../output/staging.ts';
import type { SeenPages, Visit } from '../paginate/walk.ts';
import {
  CHECKPOINT_FORMAT,
  CHECKPOINT_INTERVAL_FACTOR,
  type Checkpoint,
  MIN_CHECKPOINT_INTERVAL_MS,
  readCheckpoint,
} from './checkpoint.ts';
import type { ScrapeStats } from './scrape-stats.ts';

export interface ResumeOptions {
  /** Where the checkpoint lies. */
  file: string;
  /** Whether an attempt was made before. */
  isAgain: boolean;
  /** Takes secrets out of a text: where that changes anything, nothing is noted. */
  redact?(text: string): string;
  /** Whatever it costs; default: the cost is kept low. */
  everyPage?: boolean;
  log(level: 'info' | 'warn', message: string): void;
}

/** A page that is complete, and what had been seen by then. */
interface Completed extends Pick<Checkpoint, 'url' | 'position'> {
  seen: SeenPages;
}

/** Lets the next attempt of a run go on after the last page that this one has completed. */
export class Resume {
  readonly #options: ResumeOptions;
  readonly #staging: Staging;
  readonly #stats: ScrapeStats;
  #fingerprint = '';
  #refused: string | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** The page that was completed last, while it is not noted. */
  #unsaved: Completed | undefined;

  constructor(options: ResumeOptions, staging: Staging, tally: ScrapeStats) {
    this.#options = options;
    this.#staging = staging;
    this.#stats = tally;
  }

  /**
   * Takes up what an earlier attempt has left, or begins anew; the log says which, and why.
   * @param config with the addresses to begin with
   * @returns where to go on; undefined for the beginning
   */
  async begin(
    config: ScrapeConfig,
  ): Promise<(Pick<Checkpoint, 'url' | 'position' | 'seen'> & { rows: AsyncIterable<Item[]> }) | undefined> {
    this.#fingerprint = getFingerprint(config);
    this.#refused = findRefusal(config);
    const { file, isAgain, log } = this.#options;
    const found = readCheckpoint(file, this.#fingerprint, await this.#staging.size(), Date.now());
    const why = this.#refused ?? (found !== undefined && 'unusable' in found ? found.unusable : undefined);
    if (found === undefined || why !== undefined || 'unusable' in found) {
      if (isAgain && why !== undefined) log('info', `starts from the first page: ${why}`);
      await this.forget();
      await this.#staging.truncate(0);
      return undefined;
    }
    await this.#staging.truncate(found.itemBytes);
    this.#stats.restore(found.tally);
    const { pages, items } = found.tally;
    log('info', `goes on after page ${pages} of an earlier attempt, with its ${items} items: ${found.url}`);
    return {
      url: found.url,
      position: found.position,
      seen: found.seen,
      rows: readStagedItems(this.#staging.file),
    };
  }

  /** From now on no attempt can go on where this one stands. */
  async refuse(why: string): Promise<void> {
    if (this.#refused !== undefined) return;
    this.#refused = why;
    await this.forget();
  }

  /** Notes a page that is complete, unless that was done a moment ago. What cannot be written is only a line in the log. */
  async note({ page, position }: Visit, seen: SeenPages): Promise<void> {
    this.#unsaved = position && { url: page.url, position, seen };
    if (performance.now() >= this.#nextAt || this.#options.everyPage === true) await this.#write();
  }

  /** Notes the last page: an attempt that dies from now on has left all that its output is made of. */
  async complete(): Promise<void> {
    await this.#write();
  }

  async #write(): Promise<void> {
    const completed = this.#unsaved;
    if (this.#refused !== undefined || completed === undefined) return;
    this.#unsaved = undefined;
    const start = performance.now();
    const { url, position, seen } = completed;
    const checkpoint: Checkpoint = {
      format: CHECKPOINT_FORMAT,
      savedAt: Date.now(),
      fingerprint: this.#fingerprint,
      itemBytes: await this.#staging.size(),
      url,
      position,
      seen: seen.list(),
      tally: this.#stats.state(),
    };
    const text = JSON.stringify(checkpoint);
    const { file, redact = (same) => same } = this.#options;
    if (redact(text) !== text) return this.refuse('the addresses of its pages hold a secret');
    try {
      await this.#staging.sync();
      await writeFileDurably(file, text);
    } catch (error) {
      this.#options.log('warn', `how far the run has come was not noted: ${String(error)}`);
    }
    const end = performance.now();
    this.#nextAt = end + Math.max(MIN_CHECKPOINT_INTERVAL_MS, CHECKPOINT_INTERVAL_FACTOR * (end - start));
  }

  /** After a failure: only what may pass is worth going on from. */
  async failed(error: unknown): Promise<void> {
    if (!isTransientFailure(error)) await this.forget();
  }

  async forget(): Promise<void> {
    await rm(this.#options.file, { force: true });
  }
}

/** Of all that decides what a run takes. Address by address: a sitemap may have megabytes of them. */
function getFingerprint({ urls, ...config }: ScrapeConfig): string {
  const sum = createHash('sha256').update(JSON.stringify([VERSION, config]));
  for (const url of urls) sum.update(`\n${url}`);
  return sum.digest('hex');
}

/** Why no attempt can go on where another one stood. */
function findRefusal({ authentication, backend, pagination, follow }: ScrapeConfig): string | undefined {
  if (isGrowing(pagination)) return `with ${pagination.type} the pages have no addresses of their own`;
  if (backend === 'browser') return 'what a browser shows depends on the pages before';
  if (authentication?.type === 'form') return 'a sign-in begins a new session';
  return follow?.max_pages === undefined ? undefined : 'follow.max_pages counts over the whole run';
}

function isTransientFailure(error: unknown): boolean {
  if (!(error instanceof ScrapeError)) return false;
  const { kind, status = 0 } = error;
  return (
    kind === 'network' ||
    kind === 'timeout' ||
    kind === 'cancelled' ||
    (kind === 'http' && (status >= 500 || status === 429 || status === 408))
  );
}
