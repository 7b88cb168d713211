import * as z from 'zod';
import { once } from '../../core/lib/once.ts';
import { pluralize } from '../../core/lib/text.ts';

/**
 * Why addresses were left out, as the end of a sentence. `isDoubtful` reasons are warned of: a limit that the site ran
 * into, not a choice of the configuration.
 */
const REASONS = {
  other_host: { text: 'of other hosts' },
  match: { text: 'matched by no pattern of crawl.match' },
  not: { text: 'matched by a pattern of crawl.not' },
  depth: { text: 'deeper than crawl.depth' },
  nofollow: { text: 'marked nofollow by the site' },
  robots: { text: 'disallowed by robots.txt' },
  file: { text: 'leading to a file, not to a page' },
  redirect: { text: 'redirected to a page fetched before' },
  canonical: { text: 'with rows of the page that is named as their own (rel=canonical)' },
  copy: { text: 'with the rows and the text of another page' },
  too_large: { text: 'leading to a page too large to be read', isDoubtful: true },
  too_long: { text: 'too long to be fetched', isDoubtful: true },
  circle: { text: 'with a path that goes in circles', isDoubtful: true },
  idle: {
    text: 'that differ from a page fetched before only in a parameter that changes nothing',
    isDoubtful: true,
  },
  copies: { text: 'named only by copies of a page', isDoubtful: true },
  full: { text: 'beyond the number that a crawl remembers', isDoubtful: true },
} as const satisfies Record<string, { text: string; isDoubtful?: true }>;

export type LeftReason = keyof typeof REASONS;

const REASON_NAMES = Object.keys(REASONS) as LeftReason[];

const counted = z.object({ count: z.number(), example: z.string() });

/** The state as saved for the next attempt. */
export const crawlCountsSchema = once(() =>
  z.object({
    pages: z.number(),
    read: z.number(),
    left: z.partialRecord(z.enum(REASON_NAMES as [LeftReason, ...LeftReason[]]), counted),
    shapes: z.array(counted.extend({ shape: z.string() })),
    /** Addresses of further shapes. */
    more_shapes: z.number(),
    /** A page beyond the start pages that rows were not looked for on; empty without any. */
    unread: z.string(),
    waiting: z.number(),
    patience: z.number(),
    max_pages: z.number(),
  }),
);

type CrawlState = z.output<ReturnType<typeof crawlCountsSchema>>;

/** Only this many shapes are named. */
const MAX_SHAPES = 10;
const MAX_EXAMPLE = 200;

/** Counts what a crawl has seen, and what it has left out. */
export class CrawlCounts {
  #state: CrawlState;

  constructor({ patience = 0, max_pages = 0 }: { patience?: number; max_pages?: number } = {}) {
    this.#state = {
      pages: 0,
      read: 0,
      left: {},
      shapes: [],
      more_shapes: 0,
      unread: '',
      waiting: 0,
      patience,
      max_pages,
    };
  }

  state(): CrawlState {
    return this.#state;
  }

  restore(state: CrawlState): void {
    this.#state = structuredClone(state);
  }

  /**
   * Counts a page that was fetched and is one.
   * @param isRead whether its rows count
   * @param url without secrets
   */
  addPage(isRead: boolean, url: string): void {
    this.#state.pages += 1;
    if (isRead) this.#state.read += 1;
    else this.#state.unread = url.slice(0, MAX_EXAMPLE);
  }

  /** @param example an address without secrets */
  leave(reason: LeftReason, example: string): void {
    const before = this.#state.left[reason];
    if (before === undefined) this.#state.left[reason] = { count: 1, example: example.slice(0, MAX_EXAMPLE) };
    else before.count += 1;
  }

  /** Counts an address of a shape that has brought nothing new for too long. */
  leaveShape(shape: string, example: string): void {
    const { shapes } = this.#state;
    const name = shape.slice(0, MAX_EXAMPLE);
    const before = shapes.find((one) => one.shape === name);
    if (before !== undefined) before.count += 1;
    else if (shapes.length < MAX_SHAPES)
      shapes.push({ shape: name, count: 1, example: example.slice(0, MAX_EXAMPLE) });
    else this.#state.more_shapes += 1;
  }

  /** @param waiting known addresses that are not fetched because max_pages is reached; 0 if all are */
  end(waiting: number): void {
    this.#state.waiting = waiting;
  }

  /** The warnings: a sentence for each limit that the crawl ran into. */
  warnings(): string[] {
    const { shapes, more_shapes, patience } = this.#state;
    const texts = shapes.map(
      ({ shape, count, example }) =>
        `the crawl left out ${countAddresses(count)} such as ${example}: ${patience} pages in a row like ${shape} had neither a new row nor a link worth following. If their pages matter, raise crawl.patience; if not, name them under crawl.not`,
    );
    if (more_shapes > 0)
      texts.push(`the crawl left out ${countAddresses(more_shapes)} of other shapes for the same reason`);
    texts.push(...this.#list(true).map((text) => `the crawl left out ${text}`));
    const stop = this.describeStop();
    return stop === undefined ? texts : [...texts, `the crawl ${stop}`];
  }

  /** Says that max_pages ended the crawl, as the rest of a sentence; undefined if it did not. */
  describeStop(): string | undefined {
    const { waiting, max_pages } = this.#state;
    if (waiting === 0) return undefined;
    return `stopped after ${pluralize(max_pages, 'page')} (crawl.max_pages), when ${pluralize(waiting, 'further address was', 'further addresses were')} known`;
  }

  /** What the configuration and the site left out: `3,120 addresses that a pattern of crawl.not matches (such as …)`. */
  notes(): string[] {
    return this.#list(false);
  }

  /** Everything that was left out, in one text; empty without any. */
  describeLeft(): string {
    const shapes = this.#state.shapes.map(
      ({ count, example }) => `${countAddresses(count)} like ${example} (crawl.patience)`,
    );
    return [...this.#list(false), ...this.#list(true), ...shapes].join('; ');
  }

  /** A page that rows were not looked for on, the last one; empty without any. */
  get unread(): string {
    return this.#state.unread;
  }

  get pages(): number {
    return this.#state.pages;
  }

  /** The pages that rows were looked for on. */
  get read(): number {
    return this.#state.read;
  }

  #list(isDoubtful: boolean): string[] {
    return REASON_NAMES.flatMap((reason) => {
      const found = this.#state.left[reason];
      const { text, ...more } = REASONS[reason];
      if (found === undefined || 'isDoubtful' in more !== isDoubtful) return [];
      return [`${countAddresses(found.count)} ${text} (such as ${found.example})`];
    });
  }
}

function countAddresses(count: number): string {
  return pluralize(count, 'address', 'addresses');
}
