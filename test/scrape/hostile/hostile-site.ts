import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Site } from '../site.ts';

/** A page of the site: what it answers, or its body (HTML where no type is given). */
export type Page =
  | { answer: (request: IncomingMessage, response: ServerResponse) => void }
  | { body: Buffer | string; type?: string; coding?: string; status?: number; location?: string };

/** Serves pages by path until the test ends. */
export async function hostileSite(pages: Readonly<Record<string, Page>>): Promise<Site> {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  for (const [path, page] of Object.entries(pages)) servePage(site, path, page);
  return site;
}

export function servePage(site: Site, path: string, page: Page): void {
  if ('answer' in page) {
    site.on(path, page.answer);
    return;
  }
  const headers = {
    'content-type': page.type ?? 'text/html',
    ...(page.coding !== undefined && { 'content-encoding': page.coding }),
    ...(page.location !== undefined && { location: page.location }),
  };
  site.on(path, (_, response) => response.writeHead(page.status ?? 200, headers).end(page.body));
}

/** A body that never ends. */
export function endless(_: IncomingMessage, response: ServerResponse): void {
  const block = Buffer.alloc(64_000, '<p>x');
  response.writeHead(200, { 'content-type': 'text/html' });
  const write = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', write);
  write();
}

/**
 * What no HTTP server sends: an answer that begins with `start`, and then `more` for ever, as fast as it is taken or, with
 * `everyMs`, drop by drop.
 * @returns its address
 */
export async function brokenServer(start: string, more: string, everyMs = 0): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(start);
      const write = () => {
        while (!socket.destroyed && socket.write(more));
      };
      if (everyMs === 0) {
        socket.on('drain', write);
        write();
        return;
      }
      const timer = setInterval(() => socket.write(more), everyMs);
      socket.on('close', () => clearInterval(timer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return `http://127.0.0.1:${address.port}/`;
}
