import { once } from 'node:events';
import { createServer } from 'node:http';

/** One page of one row on loopback, and when each request came. */
export class OnePageSite {
  #server = createServer((request, response) => {
    const at = Date.now();
    const isPage = request.url === '/';
    this.#waiting = this.#waiting.filter(({ from, onlyPage, resolve }) => {
      if (at < from || (onlyPage && !isPage)) return true;
      resolve(at);
      return false;
    });
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html' });
    response.end(isPage ? '<ul><li><b>a row</b></ul>' : '');
  });
  #waiting = [];

  /** @returns the page's address */
  async listening() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  /** When the first request came from `from` on, epoch milliseconds. */
  requestAfter(from) {
    return this.#after(from, false);
  }

  /** When the page itself was asked for. */
  pageAfter(from) {
    return this.#after(from, true);
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #after(from, onlyPage) {
    return new Promise((resolve) => {
      this.#waiting.push({ from, onlyPage, resolve });
    });
  }
}
