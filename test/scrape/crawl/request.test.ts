import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { CacheFolder } from '../../../src/scrape/http/cache/cache-folder.ts';
import { PageCache } from '../../../src/scrape/http/cache/page-cache.ts';
import { RunCookies } from '../../../src/scrape/http/run-cookies.ts';
import { failureOf } from '../http/with-site.ts';
import { Site } from '../site.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();

const ROWS = 'item: "json:$.rows[*]"\nselectors: {id: "json:$.id"}\n';
const PAGES = 'pagination: {type: url_param, param_name: page}\n';
const POST = `url: "{site}/list"\nrequest: {json: {page: "{page}"}}\n${ROWS}`;

/** What arrived at a place: `POST {"page":1}`. */
type Arrivals = string[];

/** Answers by number of request, from 1. A number is a status without body, a text is where it redirects to. */
function answer(
  at: string,
  reply: (body: string, count: number) => unknown,
  on: { site: Site; status?: number } = { site: site() },
): Arrivals {
  const arrivals: Arrivals = [];
  on.site.on(at, async (request, response) => {
    const body = await text(request);
    arrivals.push(`${request.method} ${body}`.trim());
    const told = reply(body, arrivals.length);
    if (typeof told === 'number') response.writeHead(told).end();
    else if (typeof told === 'string')
      response.writeHead(on.status ?? 302, { location: told, 'content-type': 'text/plain' }).end();
    else
      response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(JSON.stringify(told));
  });
  return arrivals;
}

const rowsOf = (...ids: unknown[]) => ({ rows: ids.map((id) => ({ id })) });

describe('a request that may change something', () => {
  it('is sent once, whatever the site answers', async () => {
    const arrivals = answer('/list', () => 503);
    expect(await failureOf(run(POST))).toMatchObject({ kind: 'http', status: 503 });
    site().on('/gone', (request) => {
      arrivals.push('gone');
      request.destroy();
    });
    expect(await failureOf(run(POST.replace('/list', '/gone')))).toMatchObject({ kind: 'network' });
    expect(arrivals).toEqual(['POST {"page":"{page}"}', 'gone']);
  });

  it('is sent once with cookies of earlier runs, too', async () => {
    const cookies = new RunCookies();
    cookies.storeFrom(new URL(site().url('/')), { 'set-cookie': ['bad=1; Path=/'] });
    const arrivals = answer('/list', () => 403);
    await failureOf(run(POST, { cookies: new RunCookies(cookies.persistent()) }));
    expect(arrivals).toHaveLength(1);
  });

  it('is not sent again after a sign-in that ended', async () => {
    site().html('/login', '<form method="post"><input name="u"><input type="password" name="p"></form>');
    site().html('/in', 'hello');
    site().on('/login', async (request, response) => {
      if (request.method === 'POST') response.writeHead(303, { location: '/in' }).end();
      else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<form method="post"><input name="u"><input type="password" name="p"></form>');
    });
    const arrivals = answer('/list', (_, count) => (count === 1 ? 401 : rowsOf(1)));
    const signIn =
      'authentication: {type: form, login_url: "{site}/login", username: ann, password: right}\n';
    expect(await failureOf(run(POST + signIn))).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining('the request is not sent a second time'),
    });
    expect(arrivals).toHaveLength(1);
    await run(POST.replace('}}', '}, repeat: true}') + signIn);
    expect(staged()).toEqual([{ id: 1 }]);
  });

  it('is sent again if the configuration says so', async () => {
    const arrivals = answer('/list', (_, count) => (count < 3 ? 503 : rowsOf(1)));
    await run(POST.replace('}}', '}, repeat: true}'));
    expect(arrivals).toHaveLength(3);
  });
});

it('a query of GraphQL is sent again, and a mutation is not', async () => {
  const arrivals = answer('/list', (_, count) => (count % 2 === 1 ? 503 : { data: rowsOf(1) }));
  const yaml = `url: "{site}/list"\nrequest: {graphql: {query: "query { rows }"}}\n${ROWS.replace('$.rows', '$.data.rows')}`;
  await run(yaml);
  expect(arrivals).toHaveLength(2);
  await failureOf(run(yaml.replace('"query', '"mutation')));
  expect(arrivals).toHaveLength(3);
});

describe('a redirect', () => {
  it.each([301, 302, 303])('%i is followed by a GET without body', async (status) => {
    answer('/list', () => '/there', { site: site(), status });
    const there = answer('/there', () => rowsOf(1));
    await run(POST);
    expect(there).toEqual(['GET']);
    expect(site().visitsOf('/there')[0]?.headers['content-type']).toBeUndefined();
  });

  it.each([307, 308])('%i is followed by the same request if it may be repeated', async (status) => {
    answer('/list', () => '/there', { site: site(), status });
    const there = answer('/there', () => rowsOf(1));
    expect(await failureOf(run(POST))).toMatchObject({
      kind: 'redirect',
      message: expect.stringContaining('asks for the POST to be sent again'),
      hint: expect.stringContaining('request.repeat'),
    });
    expect(there).toEqual([]);
    await run(POST.replace('}}', '}, repeat: true}'));
    expect(there).toEqual(['POST {"page":"{page}"}']);
  });

  it('to another site takes neither body nor headers there', async () => {
    const other = await Site.start();
    onTestFinished(() => other.stop());
    const there = answer('/there', () => rowsOf(1), { site: other });
    const yaml = `${POST.replace('}}', '}, repeat: true, headers: {X-Token: secret}}')}allow_private_hosts: [127.0.0.1]\n`;
    answer('/list', () => other.url('/there'), { site: site(), status: 307 });
    expect(await failureOf(run(yaml))).toMatchObject({ kind: 'redirect' });
    expect(there).toEqual([]);
    answer('/list', () => other.url('/there'), { site: site(), status: 303 });
    await run(yaml);
    expect(there).toEqual(['GET']);
    expect(other.visitsOf('/there')[0]?.headers['x-token']).toBeUndefined();
    expect(site().visitsOf('/list')[0]?.headers['x-token']).toBe('secret');
  });

  it('that leads each page to the same address does not end the list', async () => {
    answer('/there', (_, count) => rowsOf(...(count < 3 ? [count] : [])));
    site().on('/list', async (_, response) => response.writeHead(303, { location: '/there' }).end());
    await run(POST + PAGES);
    expect(staged()).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

it('goes to no other host that a next link names', async () => {
  const other = await Site.start();
  onTestFinished(() => other.stop());
  const there = answer('/list', () => rowsOf(2), { site: other });
  answer('/list', () => ({ ...rowsOf(1), next: other.url('/list') }));
  const yaml = `${POST}pagination: {type: next_button, selector: "json:$.next"}\nallow_private_hosts: [127.0.0.1]\n`;
  expect(await failureOf(run(yaml))).toMatchObject({
    kind: 'config',
    message: expect.stringContaining('request sends no POST there'),
  });
  expect(there).toEqual([]);
});

it('detail pages and robots.txt are fetched plainly, and each page is logged as it was sent', async () => {
  answer('/list', (body) => {
    const { page } = JSON.parse(body);
    return { rows: page > 2 ? [] : [{ id: page, url: `/d/${page}` }] };
  });
  const details = [1, 2].map((page) => answer(`/d/${page}`, () => ({ title: `Lamp ${page}` })));
  await run(`${POST}${PAGES}follow: {selector: "json:$.url", selectors: {title: "json:$.title"}}\n`);
  expect(staged()).toEqual([
    { id: 1, title: 'Lamp 1' },
    { id: 2, title: 'Lamp 2' },
  ]);
  expect(details).toEqual([['GET'], ['GET']]);
  expect(site().visitsOf('/robots.txt')).toHaveLength(1);
  const lines = traces.lines.join('\n');
  expect(lines).toContain(`info POST ${site().url('/list')} (page 2): HTTP 200, 1 item`);
  expect(lines).toContain(`info ${site().url('/d/2')}: HTTP 200, details`);
});

it('robots.txt is respected', async () => {
  site().robots = { status: 200, body: 'User-agent: *\nDisallow: /list' };
  const arrivals = answer('/list', () => rowsOf(1));
  expect(await failureOf(run(POST))).toMatchObject({ kind: 'robots' });
  expect(arrivals).toEqual([]);
});

it('a page with a body is not cached, and one with headers of its own by these headers', async () => {
  const runCached = (yaml: string) =>
    run(yaml, {
      cache: new PageCache(new CacheFolder(path('cache')), { byCookies: false, log: () => undefined }),
    });
  const conditions = () =>
    site()
      .visitsOf('/list')
      .map(({ headers }) => headers['if-none-match']);
  answer('/list', () => rowsOf(1));
  for (const yaml of [POST, POST]) await runCached(yaml);
  expect(conditions()).toEqual([undefined, undefined]);
  const byHeader = (value: string) => POST.replace(/request:.*/, `request: {headers: {X-Part: ${value}}}`);
  for (const value of ['a', 'b', 'a']) await runCached(byHeader(value));
  expect(conditions().slice(2)).toEqual([undefined, undefined, '"1"']);
});

describe('an answer to a query of GraphQL', () => {
  const yaml = `url: "{site}/list"\nrequest: {graphql: {query: "{ rows }"}}\n${ROWS.replace('$.rows', '$.data.rows')}`;

  it('with errors and no data fails the run with the first message', async () => {
    answer('/list', () => ({ data: { rows: null }, errors: [{ message: 'Unknown field\n"rows"' }] }));
    expect(await failureOf(run(yaml))).toMatchObject({
      kind: 'no_items',
      message: expect.stringContaining('answers with an error: "Unknown field "rows""'),
    });
  });

  it('with errors and data has its rows, and a warning', async () => {
    answer('/list', () => ({ data: rowsOf(1), errors: [{ message: 'too slow' }] }));
    const { warnings } = await run(yaml);
    expect(warnings).toEqual([expect.stringContaining('answers with an error: "too slow"')]);
    expect(staged()).toEqual([{ id: 1 }]);
  });
});

it('an attempt that failed goes on at the page that failed, by number and by cursor', async () => {
  const LAST = 4;
  const attempt = (yaml: string, isAgain: boolean) =>
    run(yaml, {
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain,
        everyPage: true,
        log: (level, message) => traces.lines.push(`${level} ${message}`),
      },
    });
  const byCursor = `${POST.replace('"{page}"', '"{cursor}"')}pagination: {type: cursor, selector: "json:$.next"}\n`;
  for (const yaml of [POST + PAGES, byCursor]) {
    let broken = 3;
    const arrivals = answer('/list', (body) => {
      const page = Number(JSON.parse(body).page ?? 1);
      if (page === broken) return 503;
      return { ...rowsOf(...(page <= LAST ? [page] : [])), next: page < LAST ? String(page + 1) : null };
    });
    await failureOf(attempt(yaml, false));
    broken = 0;
    await attempt(yaml, true);
    expect(staged()).toEqual([1, 2, 3, 4].map((id) => ({ id })));
    expect(arrivals.filter((body) => body.includes('1') || body.includes('null'))).toHaveLength(1);
    expect(arrivals.filter((body) => body.includes('3'))).toHaveLength(2);
    expect(existsSync(path('checkpoint.json'))).toBe(false);
  }
});
