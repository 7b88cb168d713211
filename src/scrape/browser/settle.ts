import type { WaitFor } from '../config/wait-for.ts';
import { throwIfCancelled } from '../errors.ts';
import { pause } from '../fetch/pause.ts';
import type { Look } from './in-page.ts';
import type { Tab } from './tab.ts';

const LOOK_EVERY_MS = 50;
/** A page with rows, and one without, is done when nothing has happened for so long, in milliseconds. */
const QUIET_WITH_ROWS_MS = 150;
const QUIET_WITHOUT_MS = 1_500;
/** A page whose scripts ask for something again and again is taken as it is after this long, in milliseconds. */
const LONGEST_MS = 10_000;

/**
 * Looks at a page until it is as `done` wants it, or the time is over.
 * @param done told what is there, and for how long neither elements nor requests have come
 * @returns the last look, and whether `done` was content
 */
export async function lookUntil(
  tab: Tab,
  selectors: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  done: (look: Look, quietMs: number) => boolean,
): Promise<{ look: Look; isDone: boolean }> {
  const end = performance.now() + limitMs;
  let last: Look = { rows: -1, nodes: 0, text: 0 };
  let changedAt = performance.now();
  for (;;) {
    throwIfCancelled(signal);
    const look = await tab.look(selectors);
    const now = performance.now();
    if (look === undefined || look.nodes !== last.nodes || look.rows !== last.rows) changedAt = now;
    if (look !== undefined) last = look;
    if (look !== undefined && done(look, Math.min(tab.quietMs(), now - changedAt)))
      return { look, isDone: true };
    if (now > end) return { look: last, isDone: false };
    await pause(LOOK_EVERY_MS, signal);
  }
}

/**
 * Waits until a page that was just opened is there: until there are rows and its scripts are quiet, or what `wait_for`
 * says.
 * @returns what is to be said about it: nothing, or one sentence
 */
export async function settle(
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
    const { isDone } = await lookUntil(tab, [selector], limitMs, signal, (look) => look.rows > 0);
    if (!isDone) return `wait_for "${selector}" did not come within ${limitMs / 1000} s`;
  }
  await lookUntil(
    tab,
    rows,
    Math.min(limitMs, LONGEST_MS),
    signal,
    (look, quiet) =>
      quiet >= (look.rows > 0 || waitFor !== undefined ? QUIET_WITH_ROWS_MS : QUIET_WITHOUT_MS),
  );
  return undefined;
}

/** Waits for what a click or scrolling brings. @returns whether anything is there that was not before */
export async function changed(
  tab: Tab,
  rows: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  isOther: (look: Look) => boolean,
): Promise<boolean> {
  const { look } = await lookUntil(
    tab,
    rows,
    Math.min(limitMs, LONGEST_MS),
    signal,
    (now, quiet) => quiet >= (isOther(now) ? QUIET_WITH_ROWS_MS : QUIET_WITHOUT_MS),
  );
  return isOther(look);
}
