import * as z from 'zod';
import { pageSelector } from './page-selector.ts';

/** What a browser waits for before a page counts as there. */
export type WaitFor = { seconds: number } | { selector: string };

/** Longer waits belong to `delays`. */
const MAX_SECONDS = 60;

export const waitForInput = z
  .union([z.number().positive().max(MAX_SECONDS), pageSelector])
  .describe(`In a browser: what must be on the page, or how many seconds to wait (at most ${MAX_SECONDS})`);

export function completeWaitFor(input: z.output<typeof waitForInput>): WaitFor {
  return typeof input === 'number' ? { seconds: input } : { selector: input };
}
