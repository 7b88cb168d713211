import type { WaitFor } from '../config/config-schema.ts';
import { pause } from '../lib/pause.ts';
import { throwIfCancelled } from '../lib/scrape-error.ts';
import type { PageSnapshot } from './page-scripts.ts';
import type { Tab } from './tab.ts';

const POLL_INTERVAL_MS = 50;
/** A page is stable after this long without changes, in milliseconds: with rows, and without rows. */
const QUIET_WITH_ROWS_MS = 150;
const QUIET_WITHOUT_ROWS_MS = 1_500;
/** A page whose scripts send requests again and again is used as it is after this long, in milliseconds. */
const MAX_WAIT_MS = 10_000;

/**
 * Takes snapshots of a page until `done` returns true, or until the time-out.
 * @param done receives the snapshot, and how long no elements or requests have come
 * @returns the last snapshot, and whether `done` returned true
 */
export async function pollUntil(
  tab: Tab,
  selectors: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  done: (snapshot: PageSnapshot, quietMs: number) => boolean,
): Promise<{ snapshot: PageSnapshot; isDone: boolean }> {
  const end = performance.now() + limitMs;
  let last: PageSnapshot = { rows: -1, nodes: 0, text: 0 };
  let changedAt = performance.now();
  for (;;) {
    throwIfCancelled(signal);
    const snapshot = await tab.snapshot(selectors);
    const now = performance.now();
    if (snapshot === undefined || snapshot.nodes !== last.nodes || snapshot.rows !== last.rows)
      changedAt = now;
    if (snapshot !== undefined) last = snapshot;
    if (snapshot !== undefined && done(snapshot, Math.min(tab.quietMs(), now - changedAt)))
      return { snapshot, isDone: true };
    if (now > end) return { snapshot: last, isDone: false };
    await pause(POLL_INTERVAL_MS, signal);
  }
}

/**
 * Waits until a newly opened page is ready: until it has rows and its scripts are quiet, or until the condition of
 * `wait_for` is met.
 * @returns one sentence for the user, or undefined
 */
export async function waitUntilStable(
  tab: Tab,
  rows: readonly string[],
  waitFor: WaitFor | undefined,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (waitFor !== undefined && 'seconds' in waitFor) {
    await pause(waitFor.seconds * 1000, signal);
  } else if (waitFor !== undefined) {
    const { selector } = waitFor;
    await tab.button(selector);
    const { isDone } = await pollUntil(tab, [selector], limitMs, signal, (snapshot) => snapshot.rows > 0);
    if (!isDone) return `wait_for "${selector}" did not appear within ${limitMs / 1000} s`;
  }
  await pollUntil(
    tab,
    rows,
    Math.min(limitMs, MAX_WAIT_MS),
    signal,
    (snapshot, quiet) =>
      quiet >= (snapshot.rows > 0 || waitFor !== undefined ? QUIET_WITH_ROWS_MS : QUIET_WITHOUT_ROWS_MS),
  );
  return undefined;
}

/**
 * Waits for the result of a click or a scroll.
 * @returns whether anything new appeared
 */
export async function waitForChange(
  tab: Tab,
  rows: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  isOther: (snapshot: PageSnapshot) => boolean,
): Promise<boolean> {
  const { snapshot } = await pollUntil(
    tab,
    rows,
    Math.min(limitMs, MAX_WAIT_MS),
    signal,
    (now, quiet) => quiet >= (isOther(now) ? QUIET_WITH_ROWS_MS : QUIET_WITHOUT_ROWS_MS),
  );
  return isOther(snapshot);
}
