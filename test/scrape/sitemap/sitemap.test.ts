import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { quickscrape } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { withRun } from '../crawl/with-run.ts';

const { site, run, staged, traces } = withRun();

const titles = () => staged().map((item) => (item as { title: string }).title);
const asked = () => site().visits.map(({ path }) => path);
const log = () => traces.lines.join('\n');

function pages(...paths: string[]): void {
  for (const path of paths) site().html(path, `<h2>${path}</h2>`);
}

/** @param entries paths or whole addresses, each with what follows its `<loc>` */
function sitemap(path: string, entries: readonly (string | [string, string])[], packed = false): void {
  const urls = entries.map((entry) => {
    const [address, more] = [entry].flat() as [string, string?];
    const loc = address.startsWith('/') ? site().url(address) : address;
    return `<url><loc>${loc}</loc>${more ?? ''}</url>`;
  });
  const xml = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>`;
  site().on(path, (_, response) => void response.writeHead(200).end(packed ? gzipSync(xml) : xml));
}

function index(path: string, sitemaps: readonly string[]): void {
  const entries = sitemaps.map((address) => `<sitemap><loc>${address}</loc></sitemap>`).join('');
  site().on(
    path,
    (_, response) => void response.writeHead(200).end(`<sitemapindex>${entries}</sitemapindex>`),
  );
}

const SITEMAP = 'sitemap: "{site}/sitemap.xml"\nselectors: { title: h2 }\n';
const withKeys = (keys: string) =>
  `sitemap: { url: "{site}/sitemap.xml", ${keys} }\nselectors: { title: h2 }\n`;

describe('the pages of a sitemap', () => {
  it('are fetched in its order, each once, and their number is known from the first on', async () => {
    pages('/b', '/a', '/c');
    sitemap('/sitemap.xml', ['/b', '/a', '/b#again', '/c']);
    expect(await run(SITEMAP)).toMatchObject({ pages: 3, items: 3, warnings: [] });
    expect(titles()).toEqual(['/b', '/a', '/c']);
    expect(traces.progress.map(({ pages: done, total_pages }) => [done, total_pages])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(asked()).toEqual(['/robots.txt', '/sitemap.xml', '/b', '/a', '/c']);
  });

  it('come from an index, packed sitemaps and indexes within it, and each file is read once', async () => {
    pages('/1', '/2', '/3');
    sitemap('/one.xml.gz', ['/1'], true);
    sitemap('/two.xml', ['/2', '/1']);
    site().on('/three.txt', (_, response) => void response.end(`${site().url('/3')}\n`));
    index('/inner.xml', ['/two.xml', '/sitemap.xml', '/three.txt']);
    index('/sitemap.xml', [site().url('/one.xml.gz'), '/inner.xml', '/one.xml.gz']);
    await run(SITEMAP);
    expect(titles()).toEqual(['/1', '/2', '/3']);
    expect(asked().filter((path) => path === '/one.xml.gz')).toHaveLength(1);
  });

  it('come from what robots.txt names', async () => {
    pages('/1');
    sitemap('/somewhere.xml', ['/1']);
    site().robots = {
      status: 200,
      body: `User-agent: *\nAllow: /\nSITEMAP: ${site().url('/somewhere.xml')}\n`,
    };
    await run(SITEMAP.replace('sitemap.xml', 'robots.txt'));
    expect(titles()).toEqual(['/1']);
  });

  it('can be chosen by patterns, number and age', async () => {
    pages('/p/1', '/p/2', '/p/3', '/p/4', '/about');
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    sitemap('/sitemap.xml', [
      '/about',
      ['/p/1', `<lastmod>${day(30)}</lastmod>`],
      ['/p/2', `<lastmod>${day(1)}</lastmod>`],
      '/p/3',
      '/p/4',
    ]);
    await run(withKeys('include: "/p/\\\\d+$", exclude: ["/3$", "/5$"], max_age_days: 7'));
    expect(titles()).toEqual(['/p/2', '/p/4']);
    await run(withKeys('include: ["/p/", "/q/"], max: 2'));
    expect(titles()).toEqual(['/p/1', '/p/2']);
  });

  it('are on the sitemap’s host, and on the named hosts', async () => {
    pages('/1');
    const other = site().url('/2', 'localhost');
    pages('/2');
    sitemap('/sitemap.xml', ['', '/1', other, 'ftp://files.example/']);
    const { warnings } = await run(SITEMAP);
    expect(titles()).toEqual(['/1']);
    expect(warnings.join()).toContain(`1 of other hosts (such as ${other})`);
    expect(warnings.join()).toContain(
      '2 that are not http or https addresses (such as ftp://files.example/)',
    );
    await run(`${withKeys('hosts: [localhost]')}allow_private_hosts: [localhost]\n`);
    expect(titles()).toEqual(['/1', '/2']);
    expect((await run(withKeys('hosts: [localhost]'))).warnings.join()).toMatch(
      /1 page of the sitemap was left out: .* an address in a private network that is not in allow_private_hosts/,
    );
  });

  it('that are not there are left out with a warning', async () => {
    pages('/1', '/3');
    sitemap('/sitemap.xml', ['/1', '/2', '/secret', '/3']);
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /secret' };
    const { warnings } = await run(SITEMAP);
    expect(titles()).toEqual(['/1', '/3']);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^2 pages of the sitemap were left out: \S+\/2 \(HTTP 404 Not Found\), \S+\/secret \(robots.txt of \S+ disallows it\)$/,
      ),
    ]);
    expect(log()).toMatch(/warn \S+\/2: left out: HTTP 404 Not Found/);
    await expect(run(`${SITEMAP}on_missing: fail\n`)).rejects.toMatchObject({ status: 404 });
  });

  it('fail the run when most are not there, and with on_error: fail when one fails otherwise', async () => {
    pages('/1');
    sitemap('/sitemap.xml', ['/1', ...Array.from({ length: 20 }, (_, n) => `/gone/${n}`)]);
    await expect(run(SITEMAP)).rejects.toMatchObject({
      message: expect.stringContaining('5 of 6 pages of the sitemap failed'),
    });
    sitemap('/sitemap.xml', ['/1', '/forbidden']);
    expect((await run(SITEMAP)).warnings.join()).toContain('1 page of the sitemap was left out');
    await expect(run(`${SITEMAP}on_error: fail\n`)).rejects.toMatchObject({ kind: 'http', status: 403 });
  });

  it('may have further pages', async () => {
    site().html('/1', '<h2>1</h2><a class="next" href="/2">');
    pages('/2');
    sitemap('/sitemap.xml', ['/1', '/2']);
    expect(await run(`${SITEMAP}pagination: { type: next_button, selector: .next }\n`)).toMatchObject({
      pages: 2,
    });
    expect(titles()).toEqual(['1', '/2']);
  });
});

describe('a sitemap', () => {
  it('without a page to fetch fails the run and lists what was left out', async () => {
    sitemap('/sitemap.xml', ['/1', '/2']);
    await expect(run(withKeys('include: /shop/'))).rejects.toMatchObject({
      kind: 'no_items',
      message: expect.stringMatching(
        /names no page to fetch: left out: 2 that no include pattern matches \(such as .*\/1\)/,
      ),
    });
    sitemap('/sitemap.xml', []);
    await expect(run(SITEMAP)).rejects.toMatchObject({
      message: expect.stringContaining('it has no entries'),
    });
    expect(await run(`${SITEMAP}expect: { allow_empty: true }\n`)).toMatchObject({ pages: 0, items: 0 });
  });

  it.each([
    ['a page', '<html></html>', 'config', 'begins with <html>'],
    ['half of one', '<urlset><url>', 'network', 'cut off'],
    ['too large', gzipSync(Buffer.alloc(60_000_000, ' ')), 'too_large', 'over 52.4 MB (unpacked)'],
  ])('that is invalid fails the run: %s', async (_name, body, kind, message) => {
    site().on('/sitemap.xml', (_request, response) => void response.end(body));
    await expect(run(SITEMAP)).rejects.toMatchObject({ kind, message: expect.stringContaining(message) });
  });

  it('that is missing fails the run, naming the sitemap that lists it', async () => {
    index('/sitemap.xml', ['/gone.xml']);
    await expect(run(SITEMAP)).rejects.toMatchObject({
      status: 404,
      message: expect.stringMatching(/gone\.xml: HTTP 404.*a sitemap that .*\/sitemap\.xml names/),
    });
  });

  it('that breaks off is read again from its beginning, and its first entries do not count', async () => {
    pages('/1', '/2');
    const loc = (address: string) => `<url><loc>${address}</loc></url>`;
    const other = loc('http://other.example/');
    let asks = 0;
    site().on('/sitemap.xml', (_, response) => {
      asks += 1;
      if (asks > 1) return void response.end(`<urlset>${loc(site().url('/2'))}${other}</urlset>`);
      // So much that it has been read from the beginning when all of it is sent.
      const long = `<!--${'x'.repeat(500_000)}-->`.repeat(20);
      response.write(`<urlset>${loc(site().url('/1'))}${other}${long}`, () => response.destroy());
    });
    const { warnings } = await run(SITEMAP);
    expect(titles()).toEqual(['/2']);
    expect(warnings.join()).toContain('1 of other hosts');
  });

  it('may be a feed', async () => {
    pages('/1', '/2');
    const items = ['/2', '/1'].map((path) => `<item><link>${site().url(path)}</link></item>`);
    site().on('/sitemap.xml', (_, response) => {
      response.end(`<rss><channel>${items.join('')}</channel></rss>`);
    });
    await run(SITEMAP);
    expect(titles()).toEqual(['/2', '/1']);
  });

  it('that leads to itself by ever new addresses is read so deep and no deeper', async () => {
    site().on('/deep', (_, response, url) => {
      const next = `/deep?n=${Number(url.searchParams.get('n')) + 1}`;
      response.end(`<sitemapindex><sitemap><loc>${next}</loc></sitemap></sitemapindex>`);
    });
    await expect(run(SITEMAP.replace('sitemap.xml', 'deep'))).rejects.toMatchObject({ kind: 'no_items' });
    expect(asked()).toEqual(['/robots.txt', '/deep', '/deep?n=1', '/deep?n=2']);
    expect(log()).toContain('/deep?n=3 is not read');
  });

  it('of addresses that would fill the memory is read so far and no further', async () => {
    const long = Array.from({ length: 11_000 }, (_, n) => `/${n}/${'x'.repeat(950)}`);
    for (const name of ['one', 'two', 'three'])
      sitemap(
        `/${name}.xml`,
        long.map((path) => `/${name}${path}`),
      );
    index('/sitemap.xml', ['/one.xml', '/two.xml', '/three.xml']);
    await expect(run(SITEMAP)).rejects.toMatchObject({ kind: 'http' });
    expect(log()).toMatch(/the rest is left out after 2\d,?\d{3} pages/);
    expect(asked().filter((path) => path.endsWith('.xml'))).toEqual(['/sitemap.xml', '/one.xml', '/two.xml']);
  });

  it('leads nowhere private', async () => {
    index('/sitemap.xml', ['http://169.254.169.254/sitemap.xml']);
    await expect(run(SITEMAP)).rejects.toMatchObject({
      kind: 'no_items',
      message: expect.stringContaining('of other hosts'),
    });
    site().robots = { status: 200, body: `Sitemap: ${site().url('/s.xml', 'localhost')}` };
    await expect(run(SITEMAP.replace('sitemap.xml', 'robots.txt'))).rejects.toMatchObject({
      kind: 'blocked_address',
    });
  });
});

it('a job runs over its sitemap, and its host is known before', async () => {
  pages('/1', '/2');
  sitemap('/sitemap.xml', ['/1', '/2']);
  const { workspace, runs } = await scheduledHome(SITEMAP.replace('{site}', site().url('')), {
    schedule: { type: 'daily', time: '09:00' },
  });
  expect(workspace.configs.hostOf('source')).toBe(`127.0.0.1:${site().port}`);
  const { home } = workspace.paths;
  expect(await quickscrape(['validate', 'source'], { home })).toMatchObject({ code: 0 });
  expect(await quickscrape(['job', 'run', 'watched'], { home })).toMatchObject({ code: 0 });
  expect(runs()).toMatchObject([{ status: 'succeeded', items: 2, pages: 2, totalPages: 2 }]);
});
