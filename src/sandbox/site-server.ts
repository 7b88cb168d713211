import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { hourOf } from './drift.ts';

/** The resource at one address of a site. */
export interface Resource {
  contentType: string;
  /** Returns the content during the hour that begins `at`. */
  render(at: Date): string;
  /** When the content that {@link render} returns for that hour last changed; absent when that is not known. */
  changedAt?(at: Date): Date;
}

/** A site by the paths of its resources; the path of a folder stands for its `index.html`. */
export interface Site {
  resources: ReadonlyMap<string, Resource>;
  /** Renders the page that reports that nothing exists at `path`. */
  renderNotFound(path: string): string;
}

export const HTML = 'text/html; charset=utf-8';

export interface ListenOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
}

export interface SiteServerOptions extends ListenOptions {
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

/** A resource as it is sent: its bytes and the headers that describe them. */
interface Representation {
  body: Buffer;
  headers: Readonly<Record<string, string | number>>;
  /** When the content last changed, in whole seconds since the epoch. */
  changed?: number;
}

/** Renders a resource for the hour that begins `at`. */
function represent(resource: Resource, at: Date): Representation {
  const body = Buffer.from(resource.render(at));
  const changed = resource.changedAt?.(at);
  return {
    body,
    headers: {
      'content-type': resource.contentType,
      etag: `"${createHash('sha1').update(body).digest('base64url')}"`,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      ...(changed && { 'last-modified': changed.toUTCString() }),
    },
    ...(changed && { changed: Math.floor(changed.getTime() / 1000) }),
  };
}

/** Returns the same content, compressed. It has its own entity tag, because its bytes differ. */
function compress({ body, headers, ...rest }: Representation): Representation {
  const etag = String(headers['etag']).replace(/"$/, '-gz"');
  return {
    ...rest,
    body: gzipSync(body, { level: 1 }),
    headers: { ...headers, etag, 'content-encoding': 'gzip' },
  };
}

/** Whether the client's copy is still current (RFC 9110, 13.2.2: an entity tag takes precedence over a date). */
function isFresh(request: IncomingHttpHeaders, { headers, changed }: Representation): boolean {
  const tags = request['if-none-match'];
  if (tags !== undefined) {
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === headers['etag']);
  }
  const since = Date.parse(request['if-modified-since'] ?? '');
  return changed !== undefined && !Number.isNaN(since) && changed * 1000 <= since;
}
