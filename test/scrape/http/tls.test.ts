import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { tempFolder } from '../../temp-folder.ts';
import { type Certificate, makeCertificate } from './tls-certificate.ts';
import { failureOf, withSite } from './with-site.ts';

const { site, get } = withSite();
const authority = makeCertificate({ name: 'Our authority' });
const HOSTS = ['127.0.0.1', 'localhost'];
const good = makeCertificate({ name: 'site', hosts: HOSTS, by: authority });

function started(server: Server): Promise<string> {
  onTestFinished(() => {
    server.close();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    ),
  );
}

/** A site with TLS; its robots.txt and its pages are all the same. */
function tlsSite(
  { cert, key }: Pick<Certificate, 'cert' | 'key'>,
  options: TlsOptions = {},
): Promise<string> {
  return started(
    createServer({ cert, key, ...options }, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('<h1>safe</h1>'),
    ),
  );
}

function fileOf(...texts: string[]): string {
  const file = join(tempFolder(), 'ca.pem');
  writeFileSync(file, texts.join(''));
  return file;
}

const caFile = () => fileOf('Some words\n', makeCertificate({ name: 'Another' }).cert, authority.cert);

describe('a site whose TLS is refused is reported as such, also where robots.txt would be read first', () => {
  it.each<[string, Partial<Parameters<typeof makeCertificate>[0]>, RegExp, RegExp]>([
    ['it has expired', { by: authority, until: new Date(Date.now() - 86_400_000) }, /has expired$/, /renew/],
    ['it is its own', {}, /is self-signed$/, /ca: "\/etc/],
    [
      'nobody knows who made it',
      { by: makeCertificate({ name: 'Somebody' }) },
      /unknown authority/,
      /ca: "\/etc/,
    ],
    [
      'it is another’s',
      { by: authority, hosts: ['shop.example', 'www.shop.example'] },
      /issued for another name \(shop\.example, www\.shop\.example\)$/,
      /Use that name/,
    ],
  ])('%s', async (_name, wanted, message, hint) => {
    const url = await tlsSite(makeCertificate({ name: 'site', hosts: HOSTS, ...wanted }));
    for (const respectRobots of [true, false]) {
      const failure = await failureOf(get(url, { ownUrls: [url], respectRobots, ca: caFile() }));
      expect(failure).toMatchObject({
        kind: 'network',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
      expect(failure.message).toMatch(/^127\.0\.0\.1:\d+: its TLS certificate/);
    }
  });

  it('it speaks HTTP/2 only', async () => {
    const url = await started(createSecureServer({ cert: good.cert, key: good.key }));
    expect(await failureOf(get(url, { ownUrls: [url], ca: caFile() }))).toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+: it speaks HTTP\/2 only/),
    });
  });

  it('it wants an older version of TLS', async () => {
    const old = await tlsSite(good, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
    expect((await failureOf(get(old, { ownUrls: [old], ca: caFile() }))).message).toMatch(
      /shares no TLS version/,
    );
  });

  it('it does not speak TLS', async () => {
    expect(await failureOf(get(site().url('/page').replace('http:', 'https:')))).toMatchObject({
      kind: 'network',
      hint: expect.stringContaining('http:// instead of https://'),
    });
  });
});

describe('ca', () => {
  it('is trusted beside the usual authorities, one of several in a file', async () => {
    const url = await tlsSite(good);
    const page = await get(url, { ownUrls: [url], ca: caFile() });
    expect(page.body.toString()).toContain('safe');
    const others = fileOf(makeCertificate({ name: 'Our authority' }).cert);
    expect(await failureOf(get(url, { ownUrls: [url], ca: others }))).toMatchObject({ kind: 'network' });
  });

  it('may be the site’s own certificate', async () => {
    const own = makeCertificate({ name: 'site', hosts: HOSTS });
    const url = await tlsSite(own);
    expect((await get(url, { ownUrls: [url], ca: fileOf(own.cert) })).status).toBe(200);
  });

  it.each([
    ['of a file that is not there', () => join(tempFolder(), 'no.pem'), 'does not exist'],
    ['of a folder', () => tempFolder(), 'is not a file'],
    ['of a file with a key only', () => fileOf(good.key), 'contains no certificate'],
  ])('%s fails the run, and validate warns of it', (_name, file, problem) => {
    const ca = file();
    expect(() => get('/page', { ca })).toThrow(
      expect.objectContaining({ kind: 'config', message: `ca: ${ca} ${problem}` }),
    );
    const yaml = `url: "https://e.com/"\nselectors: { a: b }\nca: "${ca}"\n`;
    expect(checkConfig(yaml, 'x.yaml', {})).toMatchObject([
      { severity: 'warning', path: 'ca', message: `the file ${problem}` },
    ]);
  });

  it('fails the run where it holds a broken certificate', () => {
    const ca = fileOf(authority.cert, good.cert.replace(/MII/, 'AAA'));
    expect(() => get('/page', { ca })).toThrow(
      expect.objectContaining({
        kind: 'config',
        message: `ca: ${ca} contains a certificate that cannot be read`,
      }),
    );
  });

  it('is an absolute path', () => {
    const yaml = 'url: "https://e.com/"\nselectors: { a: b }\nca: ours.pem\n';
    expect(checkConfig(yaml, 'x.yaml', {})).toMatchObject([
      { severity: 'error', path: 'ca', message: 'not an absolute path' },
    ]);
  });
});
