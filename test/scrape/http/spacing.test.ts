import { describe, expect, it } from 'vitest';
import type { FetcherOptions } from '../../../src/scrape/http/fetcher.ts';
import { getDelayMs, HostThrottle } from '../../../src/scrape/http/host-throttle.ts';
import { pause } from '../../../src/scrape/lib/pause.ts';
import { failureOf, withSite } from './with-site.ts';

const { site, fetcher } = withSite();
const signal = new AbortController().signal;

/** Milliseconds between the arrivals of three requests of one run. */
async function gaps(options: Partial<FetcherOptions>): Promise<number[]> {
  const one = fetcher(options);
  for (let i = 0; i < 3; i++) await one.get(site().url('/page'), { signal });
  const times = site()
    .visitsOf('/page')
    .map((visit) => visit.at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

describe('requests to one host', () => {
  it('are spaced by a fixed delay', async () => {
    for (const gap of await gaps({ delays: { type: 'fixed', value: 0.12 } }))
      expect(gap).toBeGreaterThanOrEqual(120);
  });

  it('are spaced by at least the lower end of a random delay', async () => {
    const delays = { type: 'random', min: 0.08, max: 0.1 } as const;
    for (const gap of await gaps({ delays })) expect(gap).toBeGreaterThanOrEqual(80);
  });

  it('are spaced by Crawl-delay when it asks for more', async () => {
    site().robots = { status: 200, body: 'User-agent: *\nCrawl-delay: 0.15' };
    const lines: string[] = [];
    const log = (_: string, line: string) => lines.push(line);
    for (const gap of await gaps({ delays: { type: 'fixed', value: 0.01 }, log }))
      expect(gap).toBeGreaterThanOrEqual(150);
    expect(lines).toEqual([`robots.txt of 127.0.0.1:${site().port} asks for 0.15 s between requests`]);
  });

  it('stop waiting when the run is cancelled', async () => {
    const stop = new AbortController();
    const one = fetcher({ delays: { type: 'fixed', value: 600 } });
    await one.get(site().url('/page'), { signal });
    const work = one.get(site().url('/page'), { signal: stop.signal });
    stop.abort();
    expect(await failureOf(work)).toMatchObject({ kind: 'cancelled' });
  });

  it('line up when they come at once, while other hosts go on', async () => {
    const spacing = new HostThrottle();
    const start = performance.now();
    const turns = await Promise.all(
      ['a', 'a', 'b', 'a'].map(async (host) => {
        await spacing.acquire(host, 60, signal);
        return { host, after: performance.now() - start };
      }),
    );
    const ofA = turns.filter(({ host }) => host === 'a').map(({ after }) => after);
    expect(ofA[1]).toBeGreaterThanOrEqual(60);
    expect(ofA[2]).toBeGreaterThanOrEqual(120);
    expect(turns.find(({ host }) => host === 'b')?.after).toBeLessThan(ofA[1] ?? 0);
  });
});

it('without a word in the configuration public hosts are spared and local ones are not', () => {
  expect([getDelayMs(undefined, false, 0), getDelayMs(undefined, true, 0)]).toEqual([500, 0]);
  expect(getDelayMs({ type: 'fixed', value: 0 }, false, 0)).toBe(0);
  expect(getDelayMs({ type: 'fixed', value: 2 }, true, 1500)).toBe(2000);
});

it('a pause longer than a timer can hold does not end at once', async () => {
  const stop = new AbortController();
  let ended = false;
  const wait = pause(2 ** 40, stop.signal).finally(() => {
    ended = true;
  });
  await pause(20, signal);
  expect(ended).toBe(false);
  stop.abort();
  await expect(wait).rejects.toMatchObject({ kind: 'cancelled' });
});
