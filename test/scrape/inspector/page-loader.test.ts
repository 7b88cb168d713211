import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { PageOrigin } from '../../../src/core/configs/scraper-protocol.ts';
import { loadQuestionPage } from '../../../src/scrape/inspector/page-loader.ts';
import { it as plainIt } from '../../extend.ts';
import { Site } from '../site.ts';

const it = plainIt
  .extend('shop', async () => {
    const site = await Site.start();
    onTestFinished(() => site.stop());
    return site;
  })
  .extend('load', ({ home }) => (page: PageOrigin, conceal?: object) => {
    const sent: string[] = [];
    const question = { page, name: 'x', home, time_limit_ms: 1e9, ...(conceal && { conceal }) };
    return loadQuestionPage(question, ({ method }) => sent.push(method)).then((loaded) => ({
      ...loaded,
      sent,
    }));
  });

it('fetches an address with default settings, robots.txt first, and reports both requests', async ({
  shop,
  load,
}) => {
  shop.html('/books', '<h1>Books</h1>');
  const loaded = await load({ from: 'url', url: shop.url('/books') });
  expect(loaded).toMatchObject({
    source: 'live',
    bytes: 14,
    text: undefined,
    isRendered: false,
    sent: ['GET', 'GET'],
  });
  expect(loaded.page.url).toBe(shop.url('/books'));
  shop.robots = { status: 200, body: 'User-agent: *\nDisallow: /private\n' };
  await expect(load({ from: 'url', url: shop.url('/private') })).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'url',
    message: expect.stringContaining('robots.txt'),
  });
});

it('fetches a page of a configuration as its runs would: with its headers, by its pagination', async ({
  shop,
  load,
}) => {
  shop.on('/list', ({ headers }, response, url) => {
    const number = Number(url.searchParams.get('page') ?? 1);
    const next = number < 3 ? `<a class="next" href="/list?page=${number + 1}">next</a>` : '';
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<p>${headers['x-shop']} ${number}</p>${next}`);
  });
  const yaml =
    `url: "${shop.url('/list')}"\nselectors: {a: p}\nheaders: {X-Shop: mine}\n` +
    'pagination: {type: next_button, selector: a.next}\n';
  const { page } = await load({ from: 'config', yaml, number: 2 });
  expect(page.$('p').text()).toBe('mine 2');
  await expect(load({ from: 'config', yaml, number: 7 })).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'page',
    message: 'page: there is no page 7; this configuration leads to 3 pages',
    hint: 'Give a smaller page. test_config shows what the selector of the next page matches.',
  });
});

it('says that page counts list pages, and where a detail page is', async ({ shop, load }) => {
  shop.html('/list', '<article><a href="/book/1">One</a></article>');
  shop.html('/book/1', '<p class="about">A story</p>');
  const yaml = `url: "${shop.url('/list')}"\nitem: article\nselectors: {a: a}\n`;
  const follow = 'follow: {selector: a, selectors: {about: .about}}\n';
  await expect(load({ from: 'config', yaml: yaml + follow, number: 2 })).rejects.toMatchObject({
    message: 'page: there is no page 2; this configuration leads to 1 list page',
    hint: `The configuration has no pagination. page counts list pages only. The pages that follow leads to are seen by their addresses: url "${shop.url('/book/1')}".`,
  });
  await expect(load({ from: 'config', yaml, number: 2 })).rejects.toMatchObject({
    hint: 'The configuration has no pagination. Give page 1.',
  });
});

it('hides values from texts, attributes, JSON and the address of a page, but fetches with them', async ({
  shop,
  load,
  home,
}) => {
  writeFileSync(join(home, 'secrets.env'), 'KEY=S3cr3tK3y-4711\n');
  shop.on('/list', (_, response, url) => {
    const key = url.searchParams.get('key') ?? '';
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<a href="/x?key=${key}">${key.slice(0, 6)}<b>${key.slice(6)}</b></a>`);
  });
  shop.on('/api', (_, response, url) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ key: url.searchParams.get('key') })),
  );
  for (const path of ['/list', '/api']) {
    const yaml = `url: "${shop.url(path)}?key=\${KEY}"\nselectors: {a: a}\n`;
    const { page, text, isConcealed } = await load({ from: 'config', yaml, number: 1 }, { is_persons: true });
    expect(shop.visits.at(-1)?.path).toBe(`${path}?key=S3cr3tK3y-4711`);
    expect(isConcealed).toBe(true);
    const shown = `${page.url} ${page.$.html()} ${page.$.text()} ${text}`;
    expect(shown).toContain('${KEY}');
    expect(shown).not.toMatch(/S3cr3t|K3y-4711/);
  }
});

it('gives JSON and plain text as text, in their character sets', async ({ shop, load }) => {
  shop.html('/api', '{"title":"<b>x</b>"}', { 'content-type': 'application/json' });
  expect((await load({ from: 'url', url: shop.url('/api') })).text).toBe('{"title":"<b>x</b>"}');
  shop.on('/old', (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      .end(Buffer.from('Caf\xe9', 'latin1')),
  );
  expect((await load({ from: 'url', url: shop.url('/old') })).text).toBe('Café');
});

it.for([
  ['application/pdf', '%PDF-1.7'],
  ['image/png', '\u0089PNG'],
  ['application/octet-stream', 'ab\0cd'],
  ['text/html', '<p>\0\0\0</p>'],
])('refuses a file of type %s', async ([type = '', body = ''], { shop, load }) => {
  shop.html('/file', body, { 'content-type': type });
  await expect(load({ from: 'url', url: shop.url('/file') })).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'url',
    message: expect.stringContaining(type),
  });
});

it('refuses a page of more than 10 MB, and one that is nested 100,000 levels deep', async ({
  shop,
  load,
}) => {
  shop.html('/large', `<p>${'x'.repeat(10_000_001)}</p>`);
  shop.html('/deep', '<div>'.repeat(100_000));
  for (const [path, problem] of [
    ['/large', /10[.,]?\d* ?(MB|million)/],
    ['/deep', /too deeply/],
  ] as const)
    await expect(load({ from: 'url', url: shop.url(path) })).rejects.toMatchObject({
      code: 'invalid_params',
      field: 'url',
      message: expect.stringMatching(problem),
    });
});

it('reads a kept page, and says when it is gone meanwhile', async ({ load, folder }) => {
  const kept = {
    from: 'kept' as const,
    url: 'https://a.example/',
    content_type: 'text/html; charset=Shift_JIS',
  };
  const file = join(folder, '1.html');
  writeFileSync(file, Buffer.from([0x3c, 0x70, 0x3e, 0x93, 0xfa, 0x96, 0x7b]));
  const { page, source } = await load({ ...kept, file, fetched_at: 1_000 });
  expect([page.$('p').text(), page.fetchedAt, source]).toEqual(['日本', 1_000, 'kept']);
  await expect(load({ ...kept, file: join(folder, '2.html') })).rejects.toMatchObject({
    code: 'store_unavailable',
  });
});

it.for([
  ['/to-metadata', /169\.254\.169\.254: link-local/],
  ['/to-file', /file:/],
  ['/to-nowhere', /redirect/i],
  ['/loop', /redirect/i],
  ['/bomb', /10[.,]?\d* ?(MB|million)/],
  ['/endless', /10[.,]?\d* ?(MB|million)/],
  ['/announced', /10[.,]?\d* ?(MB|million)/],
  ['/bad-gzip', /gzip|compress|decod/i],
  ['/not-here', /404/],
  ['/forbidden', /403/],
  ['/members', /401/],
  ['/too-often', /429/],
] as const)(
  'refuses an address that leads to %s, and says why and what to do',
  async ([path, problem], { shop, load }) => {
    const error = await load({ from: 'url', url: shop.url(path) }).then(
      () => expect.fail('it was loaded'),
      (refused: { code: string; message: string; hint?: string; field?: string }) => refused,
    );
    expect(error).toMatchObject({
      code: 'invalid_params',
      field: 'url',
      message: expect.stringMatching(problem),
    });
    expect(error.message.length).toBeLessThan(400);
    // The caller gave an address and has no configuration.
    expect(error.hint ?? '').not.toMatch(/the configuration|run again|--timeout/i);
    if (path === '/to-metadata') expect(error.hint).toMatch(/no setting allows it/);
    if (path === '/not-here') expect(error.hint).toBe('The page does not exist. Check the given url.');
  },
);

it('names certificates for TLS alone, and the setting of a private host', async ({ shop, load }) => {
  const hintOf = (url: string) =>
    load({ from: 'url', url }).then(
      () => expect.fail('it was loaded'),
      ({ hint }: { hint?: string }) => hint,
    );
  expect(await hintOf('http://no-such-host.invalid/')).toBe(
    'Check the given url, the network connection, and that the site is up.',
  );
  const other = await Site.start();
  onTestFinished(() => other.stop());
  shop.on('/private', (_, response) => response.writeHead(302, { location: other.url('/page') }).end());
  expect(await hintOf(shop.url('/private'))).toContain('allow_private_hosts names it');
});

it('follows no redirect to another port of the same host', async ({ shop, load }) => {
  const other = await Site.start();
  onTestFinished(() => other.stop());
  shop.on('/other', (_, response) => response.writeHead(302, { location: other.url('/page') }).end());
  await expect(load({ from: 'url', url: shop.url('/other') })).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'url',
    message: expect.stringContaining('127.0.0.1'),
  });
  expect(other.visits).toEqual([]);
});

it('sends a name and a password of an address only to it, and says neither', async ({ shop, load }) => {
  shop.on('/page', ({ headers }, response) =>
    response.writeHead(headers.authorization === undefined ? 401 : 500).end(),
  );
  const address = shop.url('/page').replace('//', '//user:S3cr3tW0rd@');
  const error = await load({ from: 'url', url: address }).then(
    () => expect.fail('it was loaded'),
    (refused: Error & { hint?: string }) => refused,
  );
  expect(`${error.message} ${error.hint}`).not.toContain('S3cr3tW0rd');
});

it('reads a page in the wrong character set, without a character that is none', async ({ shop, load }) => {
  shop.on('/wrong', (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(Buffer.from('<p>Caf\xe9</p>', 'latin1')),
  );
  const { page } = await load({ from: 'url', url: shop.url('/wrong') });
  expect(page.$('p').text()).toBe('Caf\ufffd');
});
