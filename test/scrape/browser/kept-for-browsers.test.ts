import { expect, it } from 'vitest';
import { CacheFolder } from '../../../src/scrape/http/cache/cache-folder.ts';
import { PageCache } from '../../../src/scrape/http/cache/page-cache.ts';
import { RunCookies } from '../../../src/scrape/http/run-cookies.ts';
import { withRun } from '../crawl/with-run.ts';
import { noBrowserHere, reporting } from './browser-site.ts';

const { site, path, run, staged } = withRun();

it.skipIf(noBrowserHere)(
  'a browser begins with kept cookies on a page that has not changed, and its scripts’ cookies are kept',
  async () => {
    const page = reporting(`const before = document.cookie;
    document.cookie = 'made=by-a-script; Path=/; Max-Age=3600';
    return before + ' ' + await (await fetch('/part')).text();`);
    site().on('/list', (request, response) => {
      const isSame = request.headers['if-none-match'] === '"1"';
      const headers = { etag: '"1"', 'content-type': 'text/html', 'set-cookie': 'sid=1; Path=/' };
      response.writeHead(isSame ? 304 : 200, headers).end(isSame ? undefined : page);
    });
    site().html('/part', 'part', { etag: '"2"' });
    const yaml =
      'url: "{site}/list"\nselectors: {text: "xpath://*[@id=\'out\']"}\nexpect: {allow_empty: true}\n';
    let cookies = new RunCookies();
    const counted: number[] = [];
    for (const backend of ['requests', 'browser']) {
      const folder = new CacheFolder(path('cache'));
      const cache = new PageCache(folder, { byCookies: false, log: () => undefined });
      cookies = new RunCookies(cookies.persistent());
      await run(`${yaml}backend: ${backend}\n`, { cookies, cache });
      counted.push(cache.unchanged);
    }
    expect(staged()).toEqual([{ text: 'sid=1 part' }]);
    expect(counted).toEqual([0, 1]);
    const kept = cookies.persistent().map(({ key, value }) => `${key}=${value}`);
    expect(kept.sort()).toEqual(['made=by-a-script', 'sid=1']);
    // What scripts ask for is neither kept nor asked after.
    expect(
      site()
        .visitsOf('/part')
        .map(({ headers }) => headers['if-none-match']),
    ).toEqual([undefined]);
  },
);
