import { request as ask, createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A small proxy on 127.0.0.1: forwards http, opens tunnels, and tells what it was asked for. */
export interface Proxy {
  url: string;
  port: number;
  /** `CONNECT host:port` or `GET http://…`. */
  asked: string[];
  /** The credentials that came with the requests. */
  credentials: (string | undefined)[];
}

export interface ProxyManners {
  /** Answers everything with this status, or with `silent` never. */
  refuses?: number | 'silent';
  /** Wants `name:password`. */
  password?: string;
  /** Where it finds hosts: by name, a port on 127.0.0.1. */
  hosts?: Record<string, number>;
}

export async function startProxy({ refuses, password, hosts = {} }: ProxyManners = {}): Promise<Proxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const wanted = password && `Basic ${Buffer.from(password).toString('base64')}`;
  const judge = (what: string, given: string | undefined): number | 'silent' | undefined => {
    asked.push(what);
    credentials.push(given && Buffer.from(given.slice('Basic '.length), 'base64').toString());
    return refuses ?? (wanted && given !== wanted ? 407 : undefined);
  };
  const server = createServer((request, response) => {
    const status = judge(`${request.method} ${request.url}`, request.headers['proxy-authorization']);
    if (status === 'silent') return;
    if (status !== undefined) return void response.writeHead(status).end();
    const url = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const port = hosts[url.hostname] ?? Number(url.port);
    const path = url.pathname + url.search;
    ask({ host: '127.0.0.1', port, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    }).end();
  });
  server.on('connect', (request, socket: Socket) => {
    const status = judge(`CONNECT ${request.url}`, request.headers['proxy-authorization']);
    if (status === 'silent') return;
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${request.url}`);
    const site = connect(hosts[hostname] ?? Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      site.pipe(socket).pipe(site);
    });
    for (const end of [site, socket]) end.on('error', () => [site, socket].map((each) => each.destroy()));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked, credentials };
}
