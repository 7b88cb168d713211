import type { IncomingMessage, ServerResponse } from 'node:http';
import { hourOf } from './drift.ts';
import { type ListenOptions, listen, type SiteServer } from './listen.ts';
import { compress, isFresh, type Representation, represent } from './representation.ts';
import { HTML, type Site } from './site.ts';

export interface SiteServerOptions extends ListenOptions {
  /** The time whose hour the pages show. */
  now?: () => Date;
}

/** Serves a site over HTTP; `makeSite` is called at the first request. Rejects when the port is taken. */
export function serveSite(makeSite: () => Site, options: SiteServerOptions = {}): Promise<SiteServer> {
  const { now = () => new Date() } = options;
  const pages = new PageCache(makeSite);
  return listen((request, response) => answer(request, response, pages, now()), options);
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
