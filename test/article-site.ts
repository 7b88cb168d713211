import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const PAGES: Record<string, string> = {
  '/latest': page(['First headline', 'Second headline'], '/latest/2'),
  '/latest/2': page(['Third headline', 'Fourth headline']),
};

/** Two pages of headlines, linked by "next", on loopback until the test ends. */
export async function startArticleSite(): Promise<{ url: string }> {
  const server = createServer((request, response) => {
    const body = PAGES[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest` };
}

function page(headlines: string[], next?: string): string {
  const articles = headlines.map(
    (text) => `<article><h2><a href="/a/${text.length}">${text}</a></h2></article>`,
  );
  return `<main>${articles.join('')}</main>${next === undefined ? '' : `<a class="next" href="${next}">older</a>`}`;
}
