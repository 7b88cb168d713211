import { describe, expect, it } from 'vitest';
import { getBackoffMs, parseRetryAfter } from '../../../src/scrape/http/retry-request.ts';
import { failureOf, withSite } from './with-site.ts';

const { site, get, fetcher } = withSite();

/** Answers with these statuses, then with the page. */
function flaky(path: string, statuses: number[], headers: () => Record<string, string> = () => ({})): void {
  const left = [...statuses];
  site().on(path, (_, response) => {
    const status = left.shift();
    if (status === undefined) response.writeHead(200).end('fine');
    else response.writeHead(status, headers()).end();
  });
}

describe('a failure that may pass', () => {
  it.each([408, 429, 500, 502, 503, 504])('HTTP %i is tried again', async (status) => {
    flaky('/flaky', [status, status]);
    expect((await get('/flaky')).body.toString()).toBe('fine');
    expect(site().visitsOf('/flaky')).toHaveLength(3);
  });

  it('is given up after four more tries, each a line in the log', async () => {
    flaky('/flaky', Array(9).fill(503));
    const lines: string[] = [];
    const failure = await failureOf(get('/flaky', { log: (_, line) => lines.push(line) }));
    expect(failure).toMatchObject({
      kind: 'http',
      status: 503,
      message: `${site().url('/flaky')}: HTTP 503 Service Unavailable (tried 5 times)`,
    });
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/HTTP 503 Service Unavailable; try 2 of 5 in 0\.0 s/);
  });

  it('includes a connection that breaks, before the answer or in it', async () => {
    let count = 0;
    site().on('/broken', (request, response) => {
      count += 1;
      if (count === 1) request.socket.destroy();
      else if (count === 2)
        response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy());
      else response.writeHead(200).end('whole');
    });
    expect((await get('/broken')).body.toString()).toBe('whole');
  });

  it.each([
    ['in a chunk', 'transfer-encoding: chunked', '5\r\nhalf '],
    ['between two chunks', 'transfer-encoding: chunked', '5\r\nhalf \r\n'],
    ['before its length', 'content-length: 100', 'half'],
  ])(
    'includes an answer that breaks off %s, of a site that closes each connection',
    async (_, header, half) => {
      let count = 0;
      site().on('/broken', (request, response) => {
        count += 1;
        if (count > 1) response.writeHead(200).end('whole');
        else request.socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n${header}\r\n\r\n${half}`);
      });
      const lines: string[] = [];
      const page = await get('/broken', { log: (_, line) => lines.push(line) });
      expect(page.body.toString()).toBe('whole');
      expect(lines).toEqual([
        expect.stringMatching(/127\.0\.0\.1 closed the connection before the answer was complete; try 2/),
      ]);
    },
  );

  it('includes silence, but only once', async () => {
    await failureOf(get('/hang', { timeoutMs: 500, respectRobots: false }));
    expect(site().visitsOf('/hang')).toHaveLength(2);
  });

  it('is not 403 or 404', async () => {
    expect(await failureOf(get('/forbidden'))).toMatchObject({ kind: 'http', status: 403 });
    expect(await failureOf(get('/missing'))).toMatchObject({
      kind: 'http',
      status: 404,
      message: `${site().url('/missing')}: HTTP 404 Not Found`,
      hint: expect.stringContaining('Check the address'),
    });
    expect(site().visitsOf('/forbidden').length + site().visitsOf('/missing').length).toBe(2);
  });
});

describe('Retry-After', () => {
  it('in seconds is waited for', async () => {
    flaky('/busy', [429], () => ({ 'retry-after': '0.3' }));
    await get('/busy');
    const [first, second] = site().visitsOf('/busy');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(299);
  });

  it('as a date is waited for', async () => {
    flaky('/busy', [503], () => ({ 'retry-after': new Date(Date.now() + 1500).toUTCString() }));
    await get('/busy');
    const [first, second] = site().visitsOf('/busy');
    // A date has whole seconds: at least half a second is left of it.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(499);
  });

  it('of more than a minute ends the run at once, saying so', async () => {
    flaky('/busy', [429], () => ({ 'retry-after': '3600' }));
    const failure = await failureOf(get('/busy'));
    expect(failure).toMatchObject({ kind: 'http', status: 429, hint: 'Run again in 3600 s or later.' });
    expect(failure.message).toContain('asks to wait 3600 s, longer than the 60 s a run waits');
    expect(site().visitsOf('/busy')).toHaveLength(1);
  });

  it('is cut short by the end of the run', async () => {
    const stop = new AbortController();
    flaky('/busy', [429], () => ({ 'retry-after': '50' }));
    const log = () => stop.abort();
    const work = fetcher({ log }).get(site().url('/busy'), { signal: stop.signal });
    expect(await failureOf(work)).toMatchObject({ kind: 'cancelled' });
  });

  it.each([
    ['120', 120_000],
    ['Wed, 25 Nov 2026 08:00:30 GMT', 30_000],
    ['Wed, 25 Nov 2026 07:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('"%s" means %s ms', (header, ms) => {
    expect(parseRetryAfter(header, Date.parse('2026-11-25T08:00:00Z'))).toBe(ms);
  });
});

it('the wait doubles with each try and is spread by half', () => {
  const policy = { retries: 4, baseMs: 500 };
  for (const attempt of [0, 1, 2, 3]) {
    const waits = Array.from({ length: 200 }, () => getBackoffMs(policy, attempt));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(250 * 2 ** attempt);
    expect(Math.max(...waits)).toBeLessThan(750 * 2 ** attempt);
    expect(new Set(waits).size).toBeGreaterThan(100);
  }
});
