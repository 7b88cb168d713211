import { expect, it } from 'vitest';
import type { RequestSent } from '../../../src/core/configs/scraper-protocol.ts';
import { withRequestReporting } from '../../../src/scrape/http/create-transport.ts';
import type { TransportRequest } from '../../../src/scrape/http/dispatch-request.ts';

const ASKED: TransportRequest = {
  ...{ origin: 'https://shop.example:8443', path: '/in?q=1', method: 'POST' },
  headers: { 'user-agent': 'me', 'x-note': 'grüße' },
  body: Buffer.from('a=b'),
};

/** What is told of a request, and in which order with its sending. */
async function toldOf(proxy?: string) {
  const events: (RequestSent | string)[] = [];
  const route = {
    request: async () => {
      events.push('sent');
      throw new Error('no connection');
    },
    destroy: async () => {},
  };
  const told = withRequestReporting(route, (sent) => events.push(sent), proxy);
  await expect(told.request(ASKED, {} as never)).rejects.toThrow('no connection');
  return events;
}

it('reports a request before it is sent, whatever its outcome, with the bytes of head and body', async () => {
  const head = 'POST /in?q=1 HTTP/1.1\r\nhost: shop.example:8443\r\nuser-agent: me\r\nx-note: grüße\r\n\r\n';
  expect(await toldOf()).toEqual([
    { method: 'POST', hosts: ['shop.example:8443'], bytes: Buffer.byteLength(head) + 3 },
    'sent',
  ]);
});

it('names the proxy too, without its name and password', async () => {
  const [sent] = await toldOf('http://me:hush@proxy.example:3128/');
  expect(sent).toMatchObject({ hosts: ['shop.example:8443', 'proxy.example:3128'] });
});
