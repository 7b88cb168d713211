import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureOf, withSite } from './with-site.ts';

const { site, get } = withSite();
const getAlone = (url: string) => get(url, { ownUrls: [url], respectRobots: false });

async function during<T>(server: Server, work: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('an unreachable site is reported in words', () => {
  it('no such host', async () => {
    const url = 'http://no-such-host.invalid/';
    const failure = await failureOf(get(url, { ownUrls: [url], retries: { retries: 0, baseMs: 1 } }));
    // Without any network the resolver cannot even say that the name does not exist.
    expect(failure.message).toMatch(
      /^no-such-host\.invalid: (no such host \(DNS\)|the name could not be looked up)|robots.*could not be looked up/,
    );
  });

  it('no listener', async () => {
    expect(await failureOf(getAlone('http://127.0.0.1:9/'))).toMatchObject({
      kind: 'network',
      message: 'nothing listens on 127.0.0.1:9',
      hint: expect.stringContaining('Check the address'),
    });
  });

  it('no TLS', async () => {
    const failure = await failureOf(get(site().url('/page').replace('http:', 'https:')));
    expect(failure.message).toContain(`127.0.0.1:${site().port}: it does not speak TLS at this port`);
  });

  it('no HTTP', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('220 mail ready\r\n'),
    );
    const failure = await during(server, (port) => failureOf(getAlone(`http://127.0.0.1:${port}/`)));
    expect(failure.message).toMatch(/answered with something that is not HTTP/);
  });
});
