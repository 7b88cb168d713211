import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import type { Transport } from './transport.ts';

/**
 * The same way, where each request is told of before it is sent.
 * @param proxy the address of the proxy that it leads through
 */
export function withRequestReporting(
  transport: Transport,
  onSent: (sent: RequestSent) => void,
  proxy?: string,
): Transport {
  const via = proxy === undefined ? [] : [new URL(proxy).host];
  return {
    request(sentRequest, handler) {
      const { origin, method, path, headers, body } = sentRequest;
      const { host } = new URL(origin);
      const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
      const head = `${lines.join('\r\n')}\r\n\r\n`;
      onSent({ method, hosts: [host, ...via], bytes: Buffer.byteLength(head) + (body?.length ?? 0) });
      return transport.request(sentRequest, handler);
    },
    destroy: () => transport.destroy(),
  };
}
