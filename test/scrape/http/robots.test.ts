import { describe, expect, it } from 'vitest';
import { failureOf, withSite } from './with-site.ts';

const { site, get, fetcher } = withSite();
const signal = new AbortController().signal;

function robots(body: string, status = 200): void {
  site().robots = { status, body };
}

describe('robots.txt', () => {
  it('blocks what it disallows, and says how to proceed anyway', async () => {
    robots('User-agent: *\nDisallow: /p\nAllow: /page');
    expect((await get('/page')).status).toBe(200);
    const failure = await failureOf(get('/private'));
    expect(failure).toMatchObject({ kind: 'robots', hint: expect.stringContaining('respect_robots: false') });
    expect(site().visitsOf('/private')).toHaveLength(0);
    expect(await failureOf(get('/private', { respectRobots: false }))).toMatchObject({
      kind: 'http',
      status: 404,
    });
  });

  it('speaks to us by our product name, also when it starts with a byte order mark', async () => {
    robots('\uFEFFUser-agent: quickscrape-jobs\nDisallow: /\n\nUser-agent: *\nAllow: /');
    expect(await failureOf(get('/page'))).toMatchObject({ kind: 'robots' });
    expect((await get('/page', { userAgent: 'Finder/2' })).status).toBe(200);
  });

  it('is read once for each origin and run, under the same name', async () => {
    const one = fetcher();
    for (let i = 0; i < 3; i++) await one.get(site().url('/page'), { signal });
    expect(site().visitsOf('/robots.txt')).toHaveLength(1);
    expect(site().visitsOf('/robots.txt')[0]?.headers['user-agent']).toMatch(/^quickscrape-jobs/);
    await fetcher({ respectRobots: false }).get(site().url('/page'), { signal });
    expect(site().visitsOf('/robots.txt')).toHaveLength(1);
  });

  it('holds for the target of a redirect, too', async () => {
    robots('User-agent: *\nDisallow: /page');
    expect(await failureOf(get('/to-page'))).toMatchObject({ kind: 'robots' });
    expect(site().visitsOf('/page')).toHaveLength(0);
  });

  it.each([401, 403, 404, 410])('that answers %i allows everything (RFC 9309)', async (status) => {
    robots('User-agent: *\nDisallow: /', status);
    expect((await get('/page')).status).toBe(200);
  });

  it('that answers 5xx disallows everything, with an error that says so', async () => {
    robots('', 503);
    expect(await failureOf(get('/page'))).toMatchObject({
      kind: 'robots',
      message: expect.stringMatching(/robots\.txt cannot be read.*HTTP 503/),
      hint: expect.stringContaining('respect_robots: false'),
    });
    expect(site().visitsOf('/robots.txt')).toHaveLength(5);
  });

  it('that never answers disallows everything', async () => {
    site().robots = { status: 302, body: '', headers: { location: '/hang' } };
    const failure = await failureOf(get('/page', { timeoutMs: 60, retries: { retries: 0, baseMs: 1 } }));
    expect(failure).toMatchObject({ kind: 'robots', message: expect.stringContaining('no answer within') });
  });

  it('is found behind a redirect, and counts as absent behind too many', async () => {
    site().on('/rules', (_, response) => response.end('User-agent: *\nDisallow: /page'));
    site().robots = { status: 301, body: '', headers: { location: '/rules' } };
    expect(await failureOf(get('/page'))).toMatchObject({ kind: 'robots' });
    site().robots = { status: 301, body: '', headers: { location: '/robots.txt' } };
    expect((await get('/page')).status).toBe(200);
  });

  it('must not lead us to a private address', async () => {
    site().robots = { status: 301, body: '', headers: { location: 'http://169.254.169.254/' } };
    expect(await failureOf(get('/page'))).toMatchObject({ kind: 'blocked_address' });
  });

  it('is read up to a limit', async () => {
    robots(`User-agent: *\nDisallow: /private\n${'#'.repeat(11_000_000)}\nDisallow: /`);
    expect((await get('/page')).status).toBe(200);
    expect(await failureOf(get('/private'))).toMatchObject({ kind: 'robots' });
  });

  it('of a site that is away is not what the message is about', async () => {
    const failure = await failureOf(get('http://127.0.0.1:9/', { ownUrls: ['http://127.0.0.1:9/'] }));
    expect(failure).toMatchObject({ kind: 'network', message: 'nothing listens on 127.0.0.1:9' });
  });
});
