import { describe, expect, it } from 'vitest';
import { VERSION } from '../../../src/core/lib/program.ts';
import { defaultUserAgent } from '../../../src/scrape/http/request-headers.ts';
import { failureOf, withSite } from './with-site.ts';

const { site, get, fetcher } = withSite();
const signal = new AbortController().signal;

describe('a page', () => {
  it('is fetched under an honest name', async () => {
    const page = await get('/page');
    expect(page).toMatchObject({ url: site().url('/page'), status: 200, bytes: 16 });
    expect(page.body.toString()).toBe('<h1>Grüße</h1>');
    expect(site().visitsOf('/page')[0]?.headers['user-agent']).toBe(`quickscrape-jobs/${VERSION}`);
  });

  it('is fetched under a name with the address of the project, once it has one', () => {
    expect(defaultUserAgent('https://jobs.example/')).toBe(
      `quickscrape-jobs/${VERSION} (+https://jobs.example/)`,
    );
  });

  it.each(['/gzip', '/deflate', '/deflate-raw', '/br', '/twice'])('%s is unpacked', async (path) => {
    expect((await get(path)).body.toString()).toBe('<h1>Grüße</h1>');
  });

  it.each(['/bad-gzip', '/zstd'])('%s cannot be unpacked, which is an error', async (path) => {
    expect(await failureOf(get(path))).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('the body is'),
    });
  });

  it('keeps its bytes, so that its charset can be determined later', async () => {
    const { body, headers } = await get('/latin1');
    expect([body[6], headers['content-type']]).toEqual([0xfc, 'text/html; charset=iso-8859-1']);
  });

  it('of another kind than http is not tried', async () => {
    expect(await failureOf(get('file:///etc/passwd'))).toMatchObject({ kind: 'config' });
    expect(await failureOf(get('no address'))).toMatchObject({ kind: 'config' });
  });
});

describe('headers', () => {
  it('of the configuration go along', async () => {
    await get('/page', { headers: { 'X-Key': 'secret', 'Accept-Language': 'de' } });
    expect(site().visitsOf('/page')[0]?.headers).toMatchObject({
      'x-key': 'secret',
      'accept-language': 'de',
    });
  });

  it('that may hold a secret stay at home when a redirect leads to another site', async () => {
    site().on('/away', (_, response) =>
      response.writeHead(302, { location: site().url('/page', 'localhost') }).end(),
    );
    const headers = { Authorization: 'Bearer x', 'X-Key': 'secret', Cookie: 'a=b', 'Accept-Language': 'de' };
    await get('/away', { headers, allowPrivateHosts: ['localhost'] });
    const seen = site().visitsOf('/page')[0]?.headers ?? {};
    expect(site().visitsOf('/away')[0]?.headers).toMatchObject({
      authorization: 'Bearer x',
      'x-key': 'secret',
      cookie: 'a=b',
    });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
    expect([seen['x-key'], seen.cookie, seen['accept-language']]).toEqual([undefined, undefined, 'de']);
  });

  it.each(['Accept', 'Accept-Language', 'Cache-Control', 'DNT', 'Pragma', 'Referer', 'User-Agent'])(
    '%s, too, stays at home where a variable is filled in',
    async (name) => {
      site().on('/away', (_, response) =>
        response.writeHead(302, { location: site().url('/page', 'localhost') }).end(),
      );
      const away = { headers: { [name]: 'secret' }, allowPrivateHosts: ['localhost'] };
      await get('/away', { ...away, ownHeaders: [name.toLowerCase()] });
      await get('/away', away);
      const [own] = site().visitsOf('/away');
      const [foreign, plain] = site().visitsOf('/page');
      expect(own?.headers[name.toLowerCase()]).toBe('secret');
      expect(JSON.stringify(foreign?.headers)).not.toContain('secret');
      expect(plain?.headers[name.toLowerCase()]).toBe('secret');
    },
  );

  it('tell the browser’s scripts no user agent that stays at home', () => {
    const { userAgent } = fetcher({ userAgent: 'Bot secret', ownHeaders: ['user-agent'] });
    expect(userAgent).toBe(`quickscrape-jobs/${VERSION}`);
  });

  it('name a user agent of one’s own', async () => {
    await get('/page', { userAgent: 'Finder/2' });
    await get('/page', { headers: { 'User-Agent': 'Reader/3' } });
    expect(
      site()
        .visitsOf('/page')
        .map((visit) => visit.headers['user-agent']),
    ).toEqual(['Finder/2', 'Reader/3']);
  });

  it('carry name and password of the address, which no message shows', async () => {
    const address = site().url('/page').replace('//', '//ann:pw@');
    await get(address, { ownUrls: [address] });
    expect(site().visitsOf('/page')[0]?.headers.authorization).toBe(`Basic ${btoa('ann:pw')}`);
    const missing = site().url('/missing').replace('//', '//ann:pw@');
    expect((await failureOf(get(missing))).message).not.toContain('pw@');
  });

  it('that cannot be sent are a mistake in the configuration', async () => {
    expect(await failureOf(get('/page', { headers: { 'X-Bad': 'a\nb' } }))).toMatchObject({ kind: 'config' });
  });
});

describe('cookies', () => {
  it('are kept for the run, also those of a redirect', async () => {
    const one = fetcher();
    await one.get(site().url('/sign-in'), { signal });
    await one.get(site().url('/page'), { signal });
    expect(
      site()
        .visitsOf('/page')
        .map((visit) => visit.headers.cookie),
    ).toEqual(['sid=42', 'sid=42']);
  });

  it('of one run are unknown to the next', async () => {
    await get('/sign-in');
    await get('/page');
    expect(site().visitsOf('/page').at(-1)?.headers.cookie).toBeUndefined();
  });
});

describe('redirects', () => {
  it('are followed, and the page bears its last address', async () => {
    expect((await get('/to-page')).url).toBe(site().url('/page'));
  });

  it.each([
    ['UTF-8', Buffer.from('/café/größe?q=naïve'), '/caf%C3%A9/gr%C3%B6%C3%9Fe?q=na%C3%AFve'],
    ['another character set', Buffer.from('/café', 'latin1'), '/caf%E9'],
    ['percent signs', Buffer.from('/caf%C3%A9'), '/caf%C3%A9'],
  ])('to an address in raw bytes of %s ask for the right one', async (_name, location, path) => {
    site().on('/to-raw', (_, response) =>
      response.writeHead(302, { location: location.toString('latin1') }).end(),
    );
    site().on(path, (_, response) => void response.end('<h1>there</h1>'));
    expect((await get('/to-raw')).url).toBe(site().url(path));
    expect(site().visits.at(-1)?.path).toBe(path);
  });

  const refreshing = (content: string, before = '') =>
    site().html(
      '/leads-on',
      `<!doctype html><head>${before}<META content="${content}" http-equiv=Refresh></head>`,
    );

  it.each([
    ['0; url=/page', ''],
    ['0;URL=page', ''],
    ['5 ; url = &#39;/page&#39;', ''],
    ['0;/page', ''],
    ['0; url=page?a=1&amp;b=2#top', ''],
    ['0; url=page', '<base href="/">'],
    ['0; url=/page', '<script>"</script >'],
  ])('by a page itself are followed: %s %s', async (content, before) => {
    refreshing(content, before);
    const page = await get('/leads-on');
    expect(page.body.toString()).toContain('Grüße');
    expect(page.url).toMatch(/\/page(\?a=1&b=2)?$/);
  });

  it.each([
    ['to itself', '0; url=/leads-on#again', ''],
    ['to itself, without an address', '5', ''],
    ['after so long that it can be read', '6; url=/page', ''],
    ['to what is no page', '0; url=javascript:go()', ''],
    ['in a comment', '0; url=/page', '<!-- '],
    ['for those who run no scripts', '0; url=/page', '<noscript>'],
    ['in a script', '0; url=/page', '<script>'],
  ])('by a page itself are not followed %s', async (_name, content, before) => {
    refreshing(content, before);
    expect((await get('/leads-on')).url).toBe(site().url('/leads-on'));
    expect(site().visitsOf('/page')).toHaveLength(0);
  });

  it('by a page itself count as redirects, and are as little allowed to lead into a private network', async () => {
    site().on('/round', (_, response, url) => {
      const n = Number(url.searchParams.get('n') ?? 0) + 1;
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<meta http-equiv="refresh" content="0; url=/round?n=${n}">`);
    });
    expect(await failureOf(get('/round'))).toMatchObject({
      kind: 'redirect',
      message: expect.stringContaining('after 5 redirects'),
    });
    expect(site().visits.filter(({ path }) => path.startsWith('/round'))).toHaveLength(6);
    refreshing(`0; url=${site().url('/page', 'localhost')}`);
    expect(await failureOf(get('/leads-on'))).toMatchObject({ kind: 'blocked_address' });
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /page' };
    refreshing('0; url=/page');
    expect(await failureOf(get('/leads-on'))).toMatchObject({ kind: 'robots' });
  });

  it('end after five', async () => {
    expect(await failureOf(get('/loop'))).toMatchObject({
      kind: 'redirect',
      message: expect.stringContaining('after 5 redirects'),
    });
    expect(site().visitsOf('/loop')).toHaveLength(6);
  });

  it.each(['/to-file', '/to-nowhere'])('%s is refused', async (path) => {
    expect(await failureOf(get(path))).toMatchObject({ kind: 'redirect' });
  });
});

describe('limits', () => {
  it.each(['/bomb', '/endless', '/announced'])('%s is too large', async (path) => {
    expect(await failureOf(get(path))).toMatchObject({
      kind: 'too_large',
      message: expect.stringContaining('over 10.0 MB'),
    });
  });

  it('an error page without an end is read in part only', async () => {
    const failure = await failureOf(get('/endless-error', { retries: { retries: 0, baseMs: 1 } }));
    expect(failure).toMatchObject({ kind: 'http', status: 500 });
  });

  it.each([
    ['/hang', 100, 'no answer within 0.1 s'],
    ['/stall', 1_000, 'nothing more arrived within 1 s'],
    // A drop each 10 ms: on a busy machine they come late, and must not be taken for silence.
    ['/drip', 1_500, 'was not complete within 6 s'],
  ])('%s runs into the time-out', async (path, timeoutMs, message) => {
    const failure = await failureOf(
      get(path, { timeoutMs, retries: { retries: 0, baseMs: 1 }, respectRobots: false }),
    );
    expect(failure).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('--timeout'),
    });
  });

  it('a cancelled run stops waiting at once', async () => {
    const stop = new AbortController();
    const work = fetcher({ respectRobots: false }).get(site().url('/hang'), { signal: stop.signal });
    site().on('/hang', () => stop.abort());
    expect(await failureOf(work)).toMatchObject({ kind: 'cancelled' });
  });
});
