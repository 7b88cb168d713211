import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hourOf } from './drift.ts';
import { compress, isFresh, type Representation, represent } from './representation.ts';
import { HTML, type Site } from './site.ts';

export interface SiteServerOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  host?: string;
  /** The time whose hour the pages show. */
  now?: () => Date;
}

export interface SiteServer {
  /** The address of the start page, with a slash at its end. */
  url: string;
  port: number;
  /** Ends open connections and frees the port. */
  close(): Promise<void>;
}

/** Serves a site over HTTP; `makeSite` is called at the first request. Rejects when the port is taken. */
export async function serveSite(makeSite: () => Site, options: SiteServerOptions = {}): Promise<SiteServer> {
  const { port = 0, host = '127.0.0.1', now = () => new Date() } = options;
  const pages = new PageCache(makeSite);
  const server = createServer((request, response) => answer(request, response, pages, now()));
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

function answer(request: IncomingMessage, response: ServerResponse, pages: PageCache, now: Date): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
    return;
  }
  const path = (request.url ?? '/')
    .replace(/[?#].*$/s, '')
    .replace(/^\/*/, '/')
    .replace(/\/$/, '/index.html');
  const found = pages.get(path, now, /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')));
  if (found === undefined) {
    const body = pages.notFound(path);
    response.writeHead(404, { 'content-type': HTML, 'content-length': body.length }).end(body);
  } else if (isFresh(request.headers, found)) {
    response.writeHead(304, found.headers).end();
  } else {
    response.writeHead(200, { ...found.headers, 'content-length': found.body.length }).end(found.body);
  }
}

/** The pages of one hour, each rendered when it is first asked for. */
class PageCache {
  readonly #makeSite: () => Site;
  readonly #rendered = new Map<string, Representation>();
  #site: Site | undefined;
  #hour = Number.NaN;

  constructor(makeSite: () => Site) {
    this.#makeSite = makeSite;
  }

  get(path: string, now: Date, gzip: boolean): Representation | undefined {
    const hour = hourOf(now);
    if (hour.getTime() !== this.#hour) {
      this.#rendered.clear();
      this.#hour = hour.getTime();
    }
    const key = gzip ? `gzip ${path}` : path;
    const rendered = this.#rendered.get(key) ?? this.#render(path, hour, gzip);
    if (rendered !== undefined) this.#rendered.set(key, rendered);
    return rendered;
  }

  notFound(path: string): Buffer {
    return Buffer.from(this.#openSite().renderNotFound(path));
  }

  #render(path: string, hour: Date, gzip: boolean): Representation | undefined {
    const resource = this.#openSite().resources.get(path);
    if (resource === undefined) return undefined;
    return gzip ? compress(represent(resource, hour)) : represent(resource, hour);
  }

  #openSite(): Site {
    this.#site ??= this.#makeSite();
    return this.#site;
  }
}
