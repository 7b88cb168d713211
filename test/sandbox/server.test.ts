import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { build } from 'rolldown';
import { expect, onTestFinished, test } from 'vitest';
import { makeBooks } from '../../src/sandbox/books.ts';
import { startBookshop } from '../../src/sandbox/bookshop.ts';
import { HANG_MS } from '../wait-for.ts';
import { NINE, openShop } from './open-shop.ts';

const PRODUCT = makeBooks()[0]?.path.slice(1) ?? '';
const plain = { headers: { 'accept-encoding': 'identity' } };

test('pages say their type, charset, length, tag and time of last change', async () => {
  const { url } = await openShop();
  const response = await fetch(url, plain);
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-length')).toBe(String(body.length));
  expect(response.headers.get('etag')).toMatch(/^"[\w-]+"$/);
  expect(Date.parse(response.headers.get('last-modified') ?? '')).toBeLessThanOrEqual(NINE.getTime());
  expect(response.headers.has('content-encoding')).toBe(false);
});

test('a compressed page has the same content and a tag of its own', async () => {
  const { url } = await openShop();
  const [bare, packed] = await Promise.all([fetch(url, plain), fetch(url)]);
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(Number(packed.headers.get('content-length'))).toBeLessThan(
    Number(bare.headers.get('content-length')),
  );
  expect(packed.headers.get('etag')).not.toBe(bare.headers.get('etag'));
  expect(await packed.text()).toBe(await bare.text());
});

test('the start page is also there by name and by number, with the same books', async () => {
  const { url } = await openShop();
  const sources = ['', 'index.html', '?page=1'].map(async (path) => (await fetch(url + path)).text());
  expect(new Set(await Promise.all(sources)).size).toBe(1);
  const numbered = await fetch(`${url}catalogue/page-1.html`);
  expect(await numbered.text()).toContain('Page 1 of 50');
});

test('a copy that is still good gets 304 without a body, by tag or by date', async () => {
  const { url } = await openShop();
  for (const path of ['', PRODUCT]) {
    const first = await fetch(url + path);
    const tag = first.headers.get('etag') ?? '';
    const date = first.headers.get('last-modified') ?? '';
    const older = new Date(Date.parse(date) - 1000).toUTCString();
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(url + path, { headers: { ...headers, 'cache-control': 'no-cache' } });
      const body = await response.text();
      expect(body === '').toBe(response.status === 304);
      return response.status;
    };
    expect(await ask({ 'if-none-match': tag })).toBe(304);
    expect(await ask({ 'if-none-match': `"other", W/${tag}` })).toBe(304);
    expect(await ask({ 'if-none-match': '"other"' })).toBe(200);
    expect(await ask({ 'if-modified-since': date })).toBe(304);
    expect(await ask({ 'if-modified-since': older })).toBe(200);
    expect(await ask({ 'if-modified-since': 'yesterday' })).toBe(200);
    expect(await ask({ 'if-none-match': '"other"', 'if-modified-since': date })).toBe(200);
  }
});

test('an hour has the same bytes whenever and wherever it is served, the next hour others', async () => {
  let now = new Date(NINE.getTime() + 5 * 60_000);
  const one = await openShop({ now: () => now });
  const two = await openShop({ now: () => new Date(NINE.getTime() + 59 * 60_000) });
  const read = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
  const early = await read(one.url);
  expect((await read(two.url)).equals(early)).toBe(true);
  now = new Date(NINE.getTime() + 3_600_000);
  expect((await read(one.url)).equals(early)).toBe(false);
  now = NINE;
  expect((await read(one.url)).equals(early)).toBe(true);
});

test('the tag of a product page survives hours in which the book does not change', async () => {
  let now = NINE;
  const { url } = await openShop({ now: () => now });
  const tags = new Set<string | null>();
  for (let hour = 0; hour < 24; hour += 1) {
    now = new Date(NINE.getTime() + hour * 3_600_000);
    tags.add((await fetch(url + PRODUCT)).headers.get('etag'));
  }
  expect(tags.size).toBeGreaterThan(1);
  expect(tags.size).toBeLessThan(8);
});

test('HEAD answers like GET without a body; other methods are refused', async () => {
  const { url } = await openShop();
  const head = await fetch(url, { method: 'HEAD', ...plain });
  const get = await fetch(url, plain);
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  expect(await head.text()).toBe('');
  const post = await fetch(url, { method: 'POST', body: 'x' });
  expect(post.status).toBe(405);
  expect(post.headers.get('allow')).toBe('GET, HEAD');
});

test('robots.txt allows everything; a missing page is a 404 that escapes the address', async () => {
  const { url } = await openShop();
  const robots = await fetch(`${url}robots.txt`);
  expect(robots.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await robots.text()).toBe('User-agent: *\nDisallow:\n');
  const missing = ['favicon.ico', 'catalogue/page-51.html', 'catalogue/page-0.html', '../../etc/passwd'];
  for (const path of [...missing, PRODUCT.replace('_1/', '_2/'), "<script>'", '%ff', '//x/']) {
    const response = await fetch(url + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const source = await response.text();
    expect(source).toContain('Page not found');
    expect(source).not.toContain('<script>');
  }
});

test('ten clients at once get 1,050 pages', async () => {
  const { url } = await openShop();
  const lists = Array.from({ length: 50 }, (_, index) => `catalogue/page-${index + 1}.html`);
  const paths = [...lists, ...makeBooks().map((book) => book.path.slice(1))];
  const statuses: number[] = [];
  const worker = async () => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const response = await fetch(url + path);
      await response.arrayBuffer();
      statuses.push(response.status);
    }
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  expect(statuses).toEqual(Array(1050).fill(200));
});

test('closing ends connections that are kept open and frees the port', async () => {
  const shop = await startBookshop({ now: () => NINE });
  const socket = createConnection(shop.port, '127.0.0.1');
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  await new Promise((resolve) => {
    socket.once('data', resolve);
    socket.write('GET / HTTP/1.1\r\nhost: shop\r\n\r\n');
  });
  await shop.close();
  await ended;
  await expect(fetch(shop.url)).rejects.toThrow();
  const again = await openShop({ port: shop.port });
  expect(again.url).toBe(shop.url);
  await expect(startBookshop({ port: shop.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a program that closes its shop ends by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qs-sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bundle = join(folder, 'server.mjs');
  const input = fileURLToPath(new URL('../../src/sandbox/bookshop.ts', import.meta.url));
  await build({ input, platform: 'node', output: { file: bundle, format: 'esm' }, logLevel: 'silent' });
  const program = `
    import { startBookshop } from ${JSON.stringify(pathToFileURL(bundle).href)};
    const shop = await startBookshop();
    const pages = await Promise.all([shop.url, shop.url].map((url) => fetch(url).then((page) => page.text())));
    await shop.close();
    process.stdout.write(String(pages.length));`;
  const { stdout } = await execa('node', ['--input-type=module', '-e', program], { timeout: HANG_MS });
  expect(stdout).toBe('2');
});
