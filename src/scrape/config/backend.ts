import * as z from 'zod';

/** How pages are fetched; `auto` fetches plainly and takes a browser where that finds nothing. */
export type Backend = 'auto' | 'plain' | 'browser';

const NAMES = {
  auto: 'auto',
  requests: 'plain',
  cloudscraper: 'plain',
  browser: 'browser',
  playwright: 'browser',
} as const satisfies Record<string, Backend>;

type BackendName = keyof typeof NAMES;

export const BACKEND_NAMES = Object.keys(NAMES) as [BackendName, ...BackendName[]];

export const backendInput = z
  .enum(BACKEND_NAMES)
  .default('auto')
  .describe('browser (also playwright) runs the pages’ scripts, requests and cloudscraper do not');

export function completeBackend(name: BackendName): Backend {
  return NAMES[name];
}
