import { request as openTunnel } from 'node:http';
import type { Socket } from 'node:net';
import { unescape as percentDecode } from 'node:querystring';
import type { SecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { AddressPolicy } from '../lib/address-policy.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { dispatchRequest } from './dispatch-request.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { proxyRefusedError, proxyTimeoutError, proxyUnreachableError } from './proxy-error.ts';
import { ProxyTargetGuard } from './proxy-target-guard.ts';
import { AGENT_LIMITS, type Transport } from './transport.ts';

/** Of the time that the whole request has: when a tunnel takes that long, it is told of the proxy and not of the site. */
const TUNNEL_TIME_SHARE = 0.8;

export interface ProxyTransportOptions {
  /** Name and password may stand in it. */
  proxy: URL;
  /** Where the proxy itself may lie. */
  proxyPolicy: AddressPolicy;
  /** Where pages may lie. */
  policy: AddressPolicy;
  timeoutMs: number;
  /** Whose certificates count, of the proxy and of sites; default: the usual ones. */
  trust?: SecureContext;
}

/**
 * Requests through a proxy (RFC 9110 9.3.6, RFC 9112 3.2.2): https through a tunnel (CONNECT), so that the proxy sees
 * no more than the host; http as a request for the whole address.
 */
export function createProxyTransport(options: ProxyTransportOptions): Transport {
  const { proxy, timeoutMs, trust } = options;
  const guard = new ProxyTargetGuard(options.policy);
  const end = new AbortController();
  const connectProxy = proxyConnector(options, end.signal);
  const plain = new Agent({ ...AGENT_LIMITS, connect: connectProxy });
  const tunnels = new Agent({
    ...AGENT_LIMITS,
    connect: tunnelConnector(proxy, connectProxy, timeoutMs, trust),
  });
  return {
    async request(request, handler) {
      const target = new URL(request.path, request.origin);
      await guard.check(target);
      if (target.protocol === 'https:') return dispatchRequest(tunnels, request, handler);
      const headers = { ...request.headers, host: target.host, ...createProxyAuthorization(proxy) };
      const toProxy = { ...request, origin: proxy.origin, path: target.href, headers };
      const answer = await dispatchRequest(plain, toProxy, handler);
      if (answer.status !== 407) return answer;
      throw proxyRefusedError(407, proxy, target.host);
    },
    async destroy() {
      const destroyed = [plain.destroy(), tunnels.destroy()];
      end.abort();
      await Promise.all(destroyed);
    },
  };
}

function createProxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${percentDecode(username)}:${percentDecode(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function proxyConnector(
  { proxy, proxyPolicy, timeoutMs, trust }: ProxyTransportOptions,
  end: AbortSignal,
): buildConnector.connector {
  const connect = createGuardedConnector(proxyPolicy, timeoutMs, end, trust);
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error === null
        ? callback(null, socket)
        : callback(proxyUnreachableError(error, proxy, timeoutMs), null),
    );
}

function tunnelConnector(
  proxy: URL,
  connectProxy: buildConnector.connector,
  timeoutMs: number,
  trust?: SecureContext,
): buildConnector.connector {
  const connectSite = buildConnector({ timeout: timeoutMs, ...(trust && { secureContext: trust }) });
  const { hostname, protocol, port, host } = proxy;
  return (options, callback) =>
    connectProxy({ hostname, protocol, port, host }, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const target = `${options.hostname}:${options.port || 443}`;
      createTunnel(socket, proxy, target, timeoutMs).then(
        (httpSocket) => connectSite({ ...options, httpSocket }, callback),
        (failure: ScrapeError) => callback(failure, null),
      );
    });
}

/** @param target `host:port` @throws ScrapeError */
function createTunnel(socket: Socket, proxy: URL, target: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const headers = { host: target, ...createProxyAuthorization(proxy) };
    const request = openTunnel({ method: 'CONNECT', path: target, headers, createConnection: () => socket });
    const fail = (error: unknown) => {
      socket.destroy();
      reject(error instanceof ScrapeError ? error : proxyUnreachableError(error, proxy, timeoutMs));
    };
    const waitMs = Math.round(timeoutMs * TUNNEL_TIME_SHARE);
    request.setTimeout(waitMs, () => request.destroy(proxyTimeoutError(proxy, target, waitMs)));
    request.once('error', fail);
    // A web server answers as to any other request.
    request.once('response', ({ statusCode = 0 }) => {
      socket.destroy();
      reject(proxyRefusedError(statusCode, proxy, target));
    });
    request.once('connect', ({ statusCode = 0 }, opened) => {
      request.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) return resolve(opened as Socket);
      opened.destroy();
      reject(proxyRefusedError(statusCode, proxy, target));
    });
    request.end();
  });
}
