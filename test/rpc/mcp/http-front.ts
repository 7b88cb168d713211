import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canParseUrl } from '../../../src/core/lib/can-parse-url.ts';
import { PipedSession } from './piped-session.ts';

/** A server on stdio that answers by Streamable HTTP. */
export interface HttpFront {
  url: string;
  /** Ends what is open, the processes too. */
  close(): Promise<void>;
}

/** What a browser that was sent to us by a strange name does not say (DNS rebinding). */
const OURS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Puts a stdio server behind Streamable HTTP on loopback, which is all that the conformance suite speaks (its issue
 * 258): one process for each session, messages passed on as they are.
 */
export async function httpFront(command: string, args: readonly string[]): Promise<HttpFront> {
  const sessions: PipedSession[] = [];
  const begin = () => {
    const session = new PipedSession(command, args);
    sessions.push(session);
    return session;
  };
  // The next one starts while this one is judged: half of the suite's time is the start of processes.
  let next = begin();
  const open = () => {
    const session = next;
    next = begin();
    return session;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isOurs(request.headers.host) || !isOurs(request.headers.origin)) return refuse(response, 403);
    const id = request.headers['mcp-session-id'];
    const session = id === undefined ? open() : sessions.find((one) => one.id === id);
    return session === undefined ? refuse(response, 404) : session.handle(request, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      server.closeAllConnections();
      server.close();
    },
  };
}

function isOurs(from: string | undefined): boolean {
  if (from === undefined) return true;
  const address = from.includes('://') ? from : `http://${from}`;
  return canParseUrl(address) && OURS.has(new URL(address).hostname);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
