import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Serves a page with something that repeats until the test ends. @returns its address */
export async function listSite(): Promise<string> {
  const rows = ['Oak', 'Elm', 'Ash', 'Fir', 'Yew', 'Bay'].map(
    (name, at) =>
      `<li class="tree"><h3><a href="/${at}">${name}</a></h3><p class="price">${at}.50 €</p></li>`,
  );
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<title>Trees</title><ul>${rows.join('')}</ul>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
