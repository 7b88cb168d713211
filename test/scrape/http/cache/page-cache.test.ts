import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { CacheFolder } from '../../../../src/scrape/http/cache/cache-folder.ts';
import { PageCache } from '../../../../src/scrape/http/cache/page-cache.ts';
import { withRun } from '../../crawl/with-run.ts';
import { failureOf } from '../with-site.ts';

const { site, path, run, staged, traces } = withRun();

const YAML = 'url: "{site}/list"\nitem: li\nselectors: {name: b}\n';
const OLD = 'Wed, 25 Nov 2020 12:00:00 GMT';
let body = '';
let counted: number[] = [];

beforeEach(() => {
  body = '<li><b>one</b></li>';
  counted = [];
});

/** A run of the same job: with what those before it kept. */
async function again(yaml = YAML, byCookies = false) {
  const log = (level: string, message: string) => traces.lines.push(`${level} ${message}`);
  const cache = new PageCache(new CacheFolder(path('cache')), { byCookies, log });
  const result = await run(yaml, { cache });
  counted.push(cache.unchanged);
  return { ...result, rows: staged() };
}

const tag = () => `"${createHash('sha1').update(body).digest('hex')}"`;

/** Answers as RFC 9110 13.2.2 says, with these validators. */
function conditional(headers: () => Record<string, string>) {
  site().on('/list', (request, response) => {
    const { etag = '', 'last-modified': date = '' } = headers();
    const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
    const weak = (text: string) => text.replace('W/', '');
    const isSame = tags === undefined ? since !== undefined && since === date : weak(tags) === weak(etag);
    response.writeHead(isSame ? 304 : 200, { 'content-type': 'text/html', ...headers() });
    response.end(isSame ? undefined : body);
  });
}

it.each([
  ['a strong tag', () => ({ etag: tag() })],
  ['a weak tag', () => ({ etag: `W/${tag()}` })],
  ['a date', () => ({ 'last-modified': body.includes('one') ? OLD : 'Thu, 26 Nov 2020 12:00:00 GMT' })],
  ['both', () => ({ etag: tag(), 'last-modified': OLD })],
  ['its length in each answer', () => ({ etag: tag(), 'content-length': `${body.length}` })],
])(
  'a page with %s is revalidated, read from the cache, and fetched when it has changed',
  async (_, headers) => {
    conditional(headers);
    expect(await again()).toMatchObject({ pages: 1, items: 1, bytes: body.length });
    const kept = await again();
    expect(kept).toMatchObject({ pages: 1, items: 1, bytes: 0, rows: [{ name: 'one' }] });
    expect(traces.lines.join('\n')).toContain('/list: HTTP 304 (unchanged), 1 item, 0 B');
    // The rows are read anew: another configuration takes other ones from the same page.
    expect(await again(YAML.replace('name: b', 'whole: {selector: li, html: true}'))).toMatchObject({
      rows: [{ whole: '<b>one</b>' }],
    });
    body = '<li><b>two</b></li>';
    expect(await again()).toMatchObject({ bytes: body.length, rows: [{ name: 'two' }] });
    expect(await again()).toMatchObject({ bytes: 0, rows: [{ name: 'two' }] });
    expect(counted).toEqual([0, 1, 1, 0, 1]);
  },
);

it('nothing is kept where the site wants it so, or has nothing to ask by', async () => {
  for (const headers of [{ etag: '"a"', 'cache-control': 'no-store' }, {}]) {
    site().html('/list', body, headers);
    await again();
    await again();
  }
  expect(
    site()
      .visitsOf('/list')
      .filter(({ headers }) => headers['if-none-match']),
  ).toEqual([]);
  expect(existsSync(path('cache'))).toBe(false);
});

it('a kept page is removed when the site no longer allows keeping', async () => {
  let more = {};
  conditional(() => ({ etag: tag(), ...more }));
  await again();
  more = { 'cache-control': 'no-store' };
  expect(await again()).toMatchObject({ bytes: 0, items: 1 });
  expect(readdirSync(path('cache'))).toEqual([]);
  expect(await again()).toMatchObject({ bytes: body.length });
});

it('a page that depends on the cookie is reused only with the same cookie', async () => {
  let session = 1;
  site().html('/start', body, {});
  site().on('/start', (_, response) =>
    response.writeHead(302, { 'set-cookie': `sid=${session}; Path=/`, location: '/list' }).end(),
  );
  site().on('/list', (request, response) => {
    // The tag is the same for all, as a careless site's: the cookie has to tell.
    const isSame = request.headers['if-none-match'] === '"a"';
    response.writeHead(isSame ? 304 : 200, { etag: '"a"', vary: 'Cookie' });
    response.end(isSame ? undefined : `<li><b>${request.headers.cookie}</b></li>`);
  });
  const start = YAML.replace('/list', '/start');
  await again(start);
  session = 2;
  expect((await again(start)).rows).toEqual([{ name: 'sid=2' }]);
  expect((await again(start)).rows).toEqual([{ name: 'sid=2' }]);
  expect(counted).toEqual([0, 0, 1]);
});

it('a signed-in user’s page is not reused for another user, even when the site does not ask for it', async () => {
  site().on('/list', (request, response) => {
    const isSame = request.headers['if-none-match'] === '"a"';
    response.writeHead(isSame ? 304 : 200, { etag: '"a"' });
    response.end(isSame ? undefined : `<li><b>${request.headers.authorization}</b></li>`);
  });
  const as = (name: string) => `${YAML}authentication: {type: http_basic, username: ${name}, password: x}\n`;
  const ann = { name: `Basic ${Buffer.from('ann:x').toString('base64')}` };
  await again();
  expect((await again(as('ann'))).rows).toEqual([ann]);
  expect((await again(as('bob'))).rows).not.toEqual([ann]);
  expect((await again(as('ann'))).rows).toEqual([ann]);
  expect(counted).toEqual([0, 0, 0, 1]);
});

it('a kept page that was cut is fetched in full', async () => {
  conditional(() => ({ etag: tag() }));
  await again();
  const [file = ''] = readdirSync(path('cache'));
  truncateSync(join(path('cache'), file), readFileSync(join(path('cache'), file)).length - 1);
  expect(await again()).toMatchObject({ bytes: body.length, rows: [{ name: 'one' }] });
  expect(await again()).toMatchObject({ bytes: 0 });
});

it('a 304 for another version is asked once more, in full', async () => {
  conditional(() => ({ etag: tag() }));
  await again();
  site().on('/list', (request, response) => {
    if (request.headers['if-none-match']) response.writeHead(304, { etag: '"other"' }).end();
    else response.writeHead(200, { etag: '"other"' }).end('<li><b>other</b></li>');
  });
  expect((await again()).rows).toEqual([{ name: 'other' }]);
  expect(traces.lines.join('\n')).toContain('HTTP 304 for another version than the cached one');
  expect(site().visitsOf('/list')).toHaveLength(3);
});

it('an unrequested 304 is an error', async () => {
  site().on('/list', (_, response) => response.writeHead(304).end());
  expect(await failureOf(again())).toMatchObject({ kind: 'http', status: 304 });
  expect(site().visitsOf('/list')).toHaveLength(1);
});

it('a redirect is followed anew, and the page that it leads to is asked after', async () => {
  conditional(() => ({ etag: tag() }));
  let target = '/list';
  site().on('/moved', (_, response) => response.writeHead(301, { location: target, etag: '"m"' }).end());
  const moved = YAML.replace('/list', '/moved');
  await again(moved);
  expect(await again(moved)).toMatchObject({ bytes: 0, items: 1 });
  target = '/elsewhere';
  site().html('/elsewhere', '<li><b>else</b></li>');
  expect((await again(moved)).rows).toEqual([{ name: 'else' }]);
});
