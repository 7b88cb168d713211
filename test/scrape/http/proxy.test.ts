import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { checkConfig, examineConfig } from '../../../src/scrape/config/parse-config.ts';
import { quickscrape } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { tempFolder } from '../../temp-folder.ts';
import { startProxy } from './proxy-server.ts';
import { failureOf, withSite } from './with-site.ts';

const { site, get } = withSite();
const OPENSSL = 'openssl';
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0;
const ONCE = { retries: 0, baseMs: 1 };

/** A site with a certificate for `shop.invalid` that it has signed itself. */
async function tlsShop(rows: string) {
  const folder = tempFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=shop.invalid', '-addext', 'subjectAltName=DNS:shop.invalid'];
  const how = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync(OPENSSL, ['req', ...how, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) =>
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(rows),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cert };
}

describe('with a proxy', () => {
  it('all requests go through it, robots.txt and redirects too', async () => {
    const proxy = await startProxy();
    const { body, url } = await get('/to-page', { proxy: proxy.url });
    expect(body.toString()).toContain('Grüße');
    expect(url).toBe(site().url('/page'));
    expect(proxy.asked).toEqual(
      ['/robots.txt', '/to-page', '/page'].map((path) => `GET ${site().url(path)}`),
    );
    expect(site().visits).toHaveLength(3);
    expect(site().visits[0]?.headers.host).toBe(`127.0.0.1:${site().port}`);
  });

  it('a name that only the proxy knows can be reached', async () => {
    const proxy = await startProxy({ hosts: { 'shop.invalid': site().port } });
    const page = await get('http://shop.invalid/page', { proxy: proxy.url });
    expect(page.body.toString()).toContain('Grüße');
  });

  it('name and password go to the proxy only', async () => {
    const proxy = await startProxy({ password: 'ann:p@ss/w' });
    await get('/page', { proxy: proxy.url.replace('//', '//ann:p%40ss%2Fw@') });
    expect(new Set(proxy.credentials)).toEqual(new Set(['ann:p@ss/w']));
    expect(JSON.stringify(site().visits)).not.toContain('proxy-authorization');
  });

  it.each(['http', 'https'])('a failure says that it is the proxy’s: %s', async (scheme) => {
    const url = `${scheme}://shop.invalid/page`;
    const fail = async (proxy: string) => failureOf(get(url, { proxy, retries: ONCE }));
    const locked = await startProxy({ password: 'ann:word' });
    expect(await fail(locked.url.replace('//', '//ann:wrong@'))).toMatchObject({
      kind: 'network',
      message: `the proxy 127.0.0.1:${locked.port} asks for a sign-in: 407 Proxy Authentication Required`,
      hint: expect.stringContaining('name and password under proxy'),
    });
    expect(await fail('http://127.0.0.1:9')).toMatchObject({
      kind: 'network',
      message: 'the proxy: nothing listens on 127.0.0.1:9',
      hint: expect.stringContaining('Check proxy'),
    });
  });

  it('a tunnel that the proxy does not give is asked for again, a forbidden one is not', async () => {
    const fail = async (refuses: number) => {
      const proxy = await startProxy({ refuses });
      const failure = await failureOf(
        get('https://shop.invalid/page', {
          proxy: proxy.url,
          respectRobots: false,
          retries: { retries: 2, baseMs: 1 },
        }),
      );
      return { failure, tries: proxy.asked.length };
    };
    const busy = await fail(502);
    expect(busy.failure.message).toMatch(
      /^the proxy .* does not connect to shop.invalid:443: 502 Bad Gateway \(tried 3 times\)/,
    );
    expect(busy.tries).toBe(3);
    expect(await fail(403)).toMatchObject({ tries: 1, failure: { message: expect.stringContaining('403') } });
  });

  it('a tunnel without an answer is reported as the proxy’s fault, not the site’s', async () => {
    const proxy = await startProxy({ refuses: 'silent' });
    const asking = get('https://shop.invalid/page', {
      proxy: proxy.url,
      respectRobots: false,
      // The name is looked up within that time, too.
      timeoutMs: 3_000,
      retries: ONCE,
    });
    expect(await failureOf(asking)).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining(
        `the proxy 127.0.0.1:${proxy.port} did not connect to shop.invalid:443 within`,
      ),
    });
  });
});

describe('addresses behind a proxy', () => {
  const ownUrls = ['https://books.example/'];
  it.each([
    ['http://127.0.0.1/', 'an address in a private network'],
    ['https://10.0.0.1/', 'an address in a private network'],
    ['http://localhost/', 'leads to'],
    ['http://wiki.internal/', 'the name of a host in a private network'],
    ['https://[fd00:ec2::254]/', 'metadata'],
    ['http://169.254.169.254/', 'metadata'],
  ])('are refused before the proxy is asked: %s', async (url, reason) => {
    const proxy = await startProxy();
    const failure = await failureOf(get(url, { ownUrls, proxy: proxy.url, retries: ONCE }));
    expect(failure).toMatchObject({ kind: 'blocked_address', message: expect.stringContaining(reason) });
    expect(proxy.asked).toEqual([]);
  });

  it('may be the ones that the configuration names; that of the proxy is not among them', async () => {
    const proxy = await startProxy({ hosts: { 'wiki.internal': site().port } });
    const wiki = 'http://wiki.internal/page';
    expect(await get(wiki, { ownUrls: [wiki], proxy: proxy.url })).toMatchObject({ status: 200 });
    expect(await failureOf(get(proxy.url, { ownUrls, proxy: proxy.url }))).toMatchObject({
      kind: 'blocked_address',
    });
  });

  it('of the proxy itself may not be one that hands out credentials', async () => {
    const failure = await failureOf(get('/page', { proxy: 'http://169.254.169.254:80', retries: ONCE }));
    expect(failure).toMatchObject({
      kind: 'blocked_address',
      message: expect.stringMatching(/^the proxy 169\.254/),
    });
  });
});

describe('proxy in a configuration', () => {
  const check = (proxy: string) =>
    checkConfig(`url: "https://e.com/"\nselectors: { a: b }\nproxy: "${proxy}"\n`, 'x.yaml', {}).map(
      ({ message, severity }) => `${severity}: ${message}`,
    );

  it.each([
    ['http://proxy.example:8080', []],
    ['socks5://proxy.example:1080', ['error: SOCKS proxies are not supported']],
    ['proxy.example:8080', ['error: not the address of an http or https proxy']],
    ['http://proxy.example/path', ['error: the address of a proxy has no path']],
    ['http://ann:secret@proxy.example', ['warning: the password is written in the configuration itself']],
  ])('%s', (proxy, said) => {
    expect(check(proxy)).toEqual(said);
  });

  it('is one of the configuration’s addresses, which a policy checks', () => {
    const yaml = 'url: "https://e.com/"\nselectors: { a: b }\nproxy: "http://10.0.0.5:3128"\n';
    expect(examineConfig(yaml, 'x.yaml', {}).facts).toMatchObject({
      privateHosts: ['10.0.0.5:3128'],
      addresses: ['https://e.com/', 'http://10.0.0.5:3128'],
    });
  });
});

it.skipIf(!hasOpenssl)(
  'a job runs through a proxy with TLS to the site, and its password is in no log',
  async () => {
    const shop = await tlsShop('<h2>one</h2>');
    const proxy = await startProxy({ password: 'ann:tunnel-secret', hosts: { 'shop.invalid': shop.port } });
    const { workspace, runs } = await scheduledHome(
      `url: "https://shop.invalid/"\nselectors: { title: h2 }\nproxy: "http://ann:\${PROXY_PASSWORD}@127.0.0.1:${proxy.port}"\n`,
      { schedule: { type: 'daily', time: '09:00' }, max_retries: 0 },
    );
    const { home } = workspace.paths;
    const run = (password: string) =>
      quickscrape(['job', 'run', 'watched'], {
        home,
        env: { PROXY_PASSWORD: password, NODE_EXTRA_CA_CERTS: shop.cert },
      });
    const good = await run('tunnel-secret');
    expect(good.stdout + good.stderr).toContain('1 item');
    const bad = await run('wrong-secret');
    expect(bad.stderr + bad.stdout).toContain('asks for a sign-in: 407');
    expect(runs().map(({ status }) => status)).toEqual(['failed', 'succeeded']);
    expect(proxy.asked).toContain('CONNECT shop.invalid:443');
    for (const { runId } of runs()) {
      const { log } = runFiles(workspace.paths, 'watched', runId);
      expect(readFileSync(log, 'utf8')).not.toMatch(/tunnel-secret|wrong-secret/);
    }
  },
);
