import { describe, expect, it } from 'vitest';
import { AddressPolicy, classifyAddress } from '../../../src/scrape/lib/address-policy.ts';
import { failureOf, withSite } from '../http/with-site.ts';

const { site, get } = withSite();
const elsewhere = { ownUrls: ['https://books.example/'] };

describe('a private address', () => {
  // The ways to write 127.0.0.1 that get past a comparison of text.
  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'LOCALHOST',
  ])('written %s is refused when the configuration names another host', async (host) => {
    const failure = await failureOf(get(site().url('/page', host), elsewhere));
    expect(failure).toMatchObject({
      kind: 'blocked_address',
      hint: expect.stringContaining('allow_private_hosts: ['),
    });
    expect(site().visits).toHaveLength(0);
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost'])(
    '%s is reached when the configuration names it, at that port alone',
    async (host) => {
      const page = await get(site().url('/page', host), { ownUrls: [site().url('/', host)] });
      expect(page.status).toBe(200);
      const other = { ownUrls: [`http://${host}:1/`] };
      const failure = await failureOf(get(site().url('/page', host), other));
      expect(failure).toMatchObject({
        kind: 'blocked_address',
        message: expect.stringContaining(`at port ${site().port}, that is not in allow_private_hosts`),
        hint: expect.stringMatching(`allow_private_hosts: \\["[^"]+:${site().port}"\\]`),
      });
    },
  );

  it('is reached when allow_private_hosts lists it: without a port at any, else at that one', async () => {
    const listing = (entry: string) => get('/page', { ...elsewhere, allowPrivateHosts: [entry] });
    for (const entry of ['127.0.0.1', `127.0.0.1:${site().port}`, 'http://127.0.0.1/'])
      expect((await listing(entry)).status).toBe(200);
    expect(await failureOf(listing('127.0.0.1:1'))).toMatchObject({ kind: 'blocked_address' });
  });

  it('is refused when a redirect leads to another port of it', async () => {
    const { port } = site();
    site().on('/to-port', (_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/page` }).end(),
    );
    const own = { ownUrls: ['http://127.0.0.1:1/'], allowPrivateHosts: ['localhost'] };
    expect(await failureOf(get(site().url('/to-port', 'localhost'), own))).toMatchObject({
      kind: 'blocked_address',
      message: expect.stringContaining(`at port ${port}`),
    });
    expect(site().visitsOf('/page')).toHaveLength(0);
  });

  it('is refused when a redirect leads to it', async () => {
    site().on('/away', (_, response) =>
      response.writeHead(302, { location: site().url('/page', 'localhost') }).end(),
    );
    expect(await failureOf(get('/away'))).toMatchObject({
      kind: 'blocked_address',
      message: expect.stringContaining('localhost leads to'),
    });
    expect(site().visitsOf('/page')).toHaveLength(0);
  });

  it('is refused when a redirect leads to it in other characters', async () => {
    const raw = Buffer.from(`http://ｌｏｃａｌｈｏｓｔ:${site().port}/page`).toString('latin1');
    site().on('/away', (_, response) => response.writeHead(302, { location: raw }).end());
    expect(await failureOf(get('/away'))).toMatchObject({
      kind: 'blocked_address',
      message: expect.stringContaining('localhost leads to'),
    });
    expect(site().visitsOf('/page')).toHaveLength(0);
  });

  it('of the link-local and metadata kind is refused even when it is named and listed', async () => {
    expect(await failureOf(get('/to-metadata', { allowPrivateHosts: ['169.254.169.254'] }))).toMatchObject({
      kind: 'blocked_address',
    });
    for (const address of [
      '169.254.169.254',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '100.100.100.200',
      '[::ffff:169.254.169.254]',
    ]) {
      const url = `http://${address}/`;
      const failure = await failureOf(get(url, { ownUrls: [url], allowPrivateHosts: [address] }));
      expect(failure).toMatchObject({
        kind: 'blocked_address',
        hint: expect.stringContaining('no setting allows it'),
      });
    }
  });
});

describe('a name that leads to a private address', () => {
  const policy = new AddressPolicy(
    ['https://books.example/list', 'http://intranet/', 'http://shop.test/', 'http://nas.local:8080/'],
    ['wiki.example', '[::1]:8080'],
  );

  it('is refused when it is a public one, even the configuration’s own: its owner decides where it leads', () => {
    expect(policy.refusal('books.example', '10.0.0.5', 443)).toMatchObject({
      kind: 'blocked_address',
      message:
        'books.example leads to 10.0.0.5, an address in a private network that is not in allow_private_hosts',
    });
    expect(policy.refusal('books.example', '93.184.216.34', 81)).toBeUndefined();
  });

  it('is fine when it is a private name that the configuration names', () => {
    // Many sites at port 80 lead to port 443.
    for (const host of ['intranet', 'INTRANET.', 'shop.test'])
      for (const port of [80, 443]) expect(policy.refusal(host, '10.0.0.5', port)).toBeUndefined();
    expect(policy.refusal('nas.local', '10.0.0.5', 8080)).toBeUndefined();
    for (const port of [80, 443, 22])
      expect(policy.refusal('nas.local', '10.0.0.5', port)?.hint).toContain(`["nas.local:${port}"]`);
    expect(policy.nameRefusal('nas.local', 22)).toMatchObject({ kind: 'blocked_address' });
    expect(policy.nameRefusal('nas.local', 8080)).toBeUndefined();
    expect(policy.refusal('printer', '10.0.0.5', 80)).toMatchObject({ kind: 'blocked_address' });
  });

  it('is fine when it is listed, but not for link-local addresses', () => {
    expect(policy.refusal('wiki.example', '10.0.0.5', 81)).toBeUndefined();
    expect(policy.refusal('::1', '::1', 8080)).toBeUndefined();
    expect(policy.refusal('::1', '::1', 8081)).toMatchObject({ kind: 'blocked_address' });
    expect(policy.refusal('wiki.example', '169.254.1.1', 80)).toMatchObject({ kind: 'blocked_address' });
  });
});

it.each([
  ['8.8.8.8', 'public'],
  ['2606:4700::1', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['127.8.9.1', 'private'],
  ['0.0.0.0', 'private'],
  ['100.64.0.1', 'private'],
  ['224.0.0.1', 'private'],
  ['255.255.255.255', 'private'],
  ['198.18.0.1', 'private'],
  ['::', 'private'],
  ['::1', 'private'],
  ['::127.0.0.1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['fd12::1', 'private'],
  ['fec0::1', 'private'],
  ['64:ff9b::7f00:1', 'private'],
  ['2002:7f00:1::', 'private'],
  ['2002:a9fe:a9fe::', 'metadata'],
  ['64:ff9b::a9fe:a9fe', 'metadata'],
  ['169.254.169.254', 'metadata'],
  ['fe80::1%eth0', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['nonsense', 'private'],
])('%s is %s', (address, kind) => {
  expect(classifyAddress(address)).toBe(kind);
});

describe('a machine that executes the runs of another one', () => {
  const own = ['http://10.0.0.5:8080/'];

  it('reaches no private host that only the configuration names', () => {
    const policy = new AddressPolicy(own, ['intranet.example', '10.0.0.5'], []);
    expect(policy.refusal('10.0.0.5', '10.0.0.5', 8080)).toMatchObject({
      kind: 'blocked_address',
      hint: 'If this is intended, start the worker with --allow-private 10.0.0.5:8080',
    });
    expect(policy.nameRefusal('printer.local', 80)).toMatchObject({ kind: 'blocked_address' });
    expect(policy.refusal('books.example', '93.184.216.34', 443)).toBeUndefined();
  });

  it('reaches those that both allow, at that port alone', () => {
    const policy = new AddressPolicy(own, ['10.0.0.7'], ['10.0.0.5:8080', '10.0.0.7']);
    expect(policy.refusal('10.0.0.5', '10.0.0.5', 8080)).toBeUndefined();
    expect(policy.refusal('10.0.0.7', '10.0.0.7', 1)).toBeUndefined();
    const narrow = new AddressPolicy(own, ['10.0.0.5'], ['10.0.0.5:8080']);
    expect(narrow.refusal('10.0.0.5', '10.0.0.5', 9090)).toMatchObject({ kind: 'blocked_address' });
    const more = new AddressPolicy(own, [], ['10.0.0.5', '10.0.0.6']);
    expect(more.refusal('10.0.0.6', '10.0.0.6', 80)).toMatchObject({
      hint: expect.stringContaining('allow_private_hosts'),
    });
    expect(more.refusal('169.254.169.254', '169.254.169.254', 80)).toMatchObject({
      message: expect.stringContaining('metadata'),
    });
  });
});
