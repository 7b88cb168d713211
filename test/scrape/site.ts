import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

export interface Visit {
  path: string;
  headers: IncomingMessage['headers'];
  /** Monotonic milliseconds. */
  at: number;
}

/** A website on 127.0.0.1 that behaves well or badly, as the path says; it remembers who asked for what. */
export class Site {
  readonly visits: Visit[] = [];
  /** What robots.txt answers; 404 by default. */
  robots: { status: number; body: string; headers?: Record<string, string> } = { status: 404, body: '' };
  readonly #routes = new Map<string, Answer>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<Site> {
    const site = new Site();
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${this.port}${path}`;
  }

  on(path: string, answer: Answer): void {
    this.#routes.set(path, answer);
  }

  html(path: string, body: string, headers: Record<string, string> = {}): void {
    this.on(path, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body),
    );
  }

  visitsOf(path: string): Visit[] {
    return this.visits.filter((visit) => visit.path === path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url('/'));
    this.visits.push({ path: url.pathname + url.search, headers: request.headers, at: performance.now() });
    if (url.pathname === '/robots.txt') {
      response.writeHead(this.robots.status, this.robots.headers).end(this.robots.body);
      return;
    }
    const answer =
      this.#routes.get(url.pathname + url.search) ??
      this.#routes.get(url.pathname) ??
      STANDARD.get(url.pathname);
    if (answer === undefined) response.writeHead(404).end('not here');
    else answer(request, response, url);
  }
}

const redirectTo =
  (location: string): Answer =>
  (_, response) =>
    void response.writeHead(302, { location }).end();

const encoded = (coding: string, body: Buffer): Answer => {
  return (_, response) => void response.writeHead(200, { 'content-encoding': coding }).end(body);
};

const PAGE = '<h1>Grüße</h1>';

const STANDARD = new Map<string, Answer>([
  ['/page', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)],
  ['/gzip', encoded('gzip', gzipSync(PAGE))],
  ['/deflate', encoded('deflate', deflateSync(PAGE))],
  ['/deflate-raw', encoded('deflate', deflateRawSync(PAGE))],
  ['/br', encoded('br', brotliCompressSync(PAGE))],
  ['/twice', encoded('gzip, br', brotliCompressSync(gzipSync(PAGE)))],
  ['/bad-gzip', encoded('gzip', Buffer.from('no gzip at all'))],
  ['/zstd', encoded('zstd', Buffer.from('whatever'))],
  ['/bomb', encoded('gzip', gzipSync(Buffer.alloc(50_000_000)))],
  ['/endless', endless],
  ['/endless-error', (request, response) => endless(request, response, 500)],
  ['/announced', (_, response) => void response.writeHead(200, { 'content-length': '20000000' }).write('x')],
  ['/hang', () => undefined],
  ['/stall', (_, response) => void response.writeHead(200).write('<h1>and then')],
  ['/drip', drip],
  ['/loop', redirectTo('/loop')],
  ['/to-file', redirectTo('file:///etc/passwd')],
  ['/to-metadata', redirectTo('http://169.254.169.254/latest/meta-data/')],
  ['/to-nowhere', redirectTo('http://[')],
  ['/to-page', redirectTo('/page')],
  ['/forbidden', (_, response) => void response.writeHead(403).end()],
  ['/members', (_, response) => void response.writeHead(401).end()],
  ['/too-often', (_, response) => void response.writeHead(429, { 'retry-after': '3600' }).end()],
  [
    '/sign-in',
    (_, response) =>
      void response.writeHead(302, { 'set-cookie': 'sid=42; Path=/', location: '/page' }).end(),
  ],
  [
    '/latin1',
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' })
        .end(Buffer.from('<h1>Grüße</h1>', 'latin1')),
  ],
]);

function endless(_: IncomingMessage, response: ServerResponse, status: unknown = 200): void {
  response.writeHead(typeof status === 'number' ? status : 200);
  const block = Buffer.alloc(64_000, 'x');
  const write = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', write);
  write();
}

function drip(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write('.'), 10);
  response.on('close', () => clearInterval(timer));
}
