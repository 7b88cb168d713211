import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
}

export interface SiteServer {
  /** The address of the start page, with a slash at its end. */
  url: string;
  port: number;
  /** Ends open connections and frees the port. */
  close(): Promise<void>;
}

/** Serves the responses that `answer` returns. Rejects when the port is taken. */
export async function listen(
  answer: RequestListener,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
): Promise<SiteServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
