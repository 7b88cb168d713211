import type { BrowserPagination } from '../config/pagination.ts';
import type { PageSnapshot } from './page-scripts.ts';
import type { Tab } from './tab.ts';
import { waitForChange } from './wait-until-stable.ts';

/** The most steps if the configuration sets no limit. */
const MAX_STEPS = 100;
/** Pages that load with a delay need more than one scroll to their end. */
const MAX_IDLE_SCROLLS = 2;

export interface LoadMoreOptions {
  tab: Tab;
  /** Selectors of the rows. */
  rows: readonly string[];
  limitMs: number;
  signal: AbortSignal;
  /** An upper limit, whatever the pagination allows. */
  maxSteps: number;
  /** Waits until the site may receive the next request. */
  throttle(): Promise<void>;
  /** Called after each step that loaded more. */
  grew(): void;
  debug(message: string): void;
}

/**
 * Loads more content by clicks on a button, or by scrolling, until nothing more comes or a limit is reached.
 * @returns one sentence for the user, or undefined
 */
export function loadMoreContent(
  pagination: BrowserPagination,
  options: LoadMoreOptions,
): Promise<string | undefined> {
  return pagination.type === 'load_more'
    ? loadMoreByClicks(pagination.selector, pagination.max_clicks, options)
    : loadMoreByScrolling(pagination.selector ?? null, pagination.max_scrolls, options);
}

async function loadMoreByClicks(
  selector: string,
  most: number | undefined,
  options: LoadMoreOptions,
): Promise<string | undefined> {
  const { tab, rows, debug } = options;
  const steps = Math.min(most ?? MAX_STEPS, options.maxSteps);
  for (let clicks = 0; ; clicks++) {
    const state = await tab.button(selector);
    if (state !== 'ready') {
      if (clicks === 0 && state === 'missing') return `load_more: "${selector}" matches nothing to click on`;
      debug(`load_more: after ${clicks} clicks the button is ${state}`);
      return undefined;
    }
    if (clicks >= steps) return describeStop('load_more', 'clicks', clicks, most, options);
    const before = await tab.snapshot(rows);
    await options.throttle();
    await tab.click(selector);
    if (!(await grew(before, options))) return `load_more: click ${clicks + 1} loaded nothing more`;
    options.grew();
    debug(`load_more: click ${clicks + 1}`);
  }
}

async function loadMoreByScrolling(
  selector: string | null,
  most: number | undefined,
  options: LoadMoreOptions,
): Promise<string | undefined> {
  const { tab, rows, debug } = options;
  const steps = Math.min(most ?? MAX_STEPS, options.maxSteps);
  // Throws if the browser rejects the selector.
  if (selector !== null) await tab.button(selector);
  let idleScrolls = 0;
  for (let scrolls = 0; idleScrolls < MAX_IDLE_SCROLLS; ) {
    if (scrolls >= steps) return describeStop('infinite_scroll', 'scrolls', scrolls, most, options);
    const before = await tab.snapshot(rows);
    await options.throttle();
    if (!(await tab.scroll(selector))) return `infinite_scroll: "${selector}" matches nothing to scroll`;
    if (await grew(before, options)) {
      options.grew();
      scrolls += 1;
      idleScrolls = 0;
      debug(`infinite_scroll: scroll ${scrolls}`);
    } else idleScrolls += 1;
  }
  return undefined;
}

function grew(
  before: PageSnapshot | undefined,
  { tab, rows, limitMs, signal }: LoadMoreOptions,
): Promise<boolean> {
  return waitForChange(tab, rows, limitMs, signal, (now) =>
    before === undefined || before.rows < 0 ? now.nodes > (before?.nodes ?? 0) : now.rows > before.rows,
  );
}

/** A limit that the configuration sets is expected; the default may surprise, so it gives a warning. */
function describeStop(
  what: string,
  steps: string,
  count: number,
  most: number | undefined,
  { maxSteps, debug }: LoadMoreOptions,
): string | undefined {
  if (most === undefined && count < maxSteps)
    return `${what}: stopped after ${count} ${steps}; if there is more, set max_${steps}`;
  debug(`${what}: stopped after ${count} ${steps}, as asked`);
  return undefined;
}
