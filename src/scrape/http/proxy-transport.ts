import { lookup } from 'node:dns/promises';
import { request as openTunnel, STATUS_CODES } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { unescape as percentDecode } from 'node:querystring';
import { setTimeout as delay } from 'node:timers/promises';
import type { SecureContext } from 'node:tls';
import { type AddressPolicy, getPort } from '../lib/address-policy.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { dispatchRequest } from './dispatch-request.ts';
import { AGENT_LIMITS, createGuardedConnector, type Transport } from './guarded-connector.ts';
import { PROXY_BUSY, PROXY_REFUSED, toNetworkError } from './network-error.ts';
import { Agent, buildConnector } from './undici.ts';

/** Statuses of a proxy that may pass within seconds. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const HINTS: Readonly<Record<number, string>> = {
  403: 'The proxy does not allow every host and port. Ask its operator.',
  407: 'Check name and password under proxy in the configuration (secrets.env). Write special characters as %40 for @, %3A for :, %2F for /.',
  405: 'It may be a web server and not a proxy. Check proxy in the configuration.',
  502: 'The proxy cannot reach the site. Check the address, or try again later.',
  503: 'The proxy cannot reach the site. Check the address, or try again later.',
  504: 'The site does not answer the proxy. Try again later.',
};

/** Creates the error for a proxy that cannot be reached. It names the proxy, not the site. */
export function proxyUnreachableError(error: unknown, proxy: URL, timeoutMs: number): ScrapeError {
  if (error instanceof ScrapeError)
    return new ScrapeError(error.kind, `the proxy ${error.message}`, {
      hint: error.hint ?? '',
      cause: error.cause,
    });
  const described = toNetworkError(error, new URL(proxy.origin), timeoutMs);
  const { message, kind, cause } = described;
  if (kind === 'memory') return described;
  return new ScrapeError(kind, `the proxy: ${message}`, {
    hint: 'Check proxy in the configuration, and that the proxy is up.',
    cause,
  });
}

/**
 * The proxy does not report whether it has a connection.
 * @param target `host:port`
 */
function proxyTimeoutError(proxy: URL, target: string, ms: number): ScrapeError {
  return new ScrapeError(
    'timeout',
    `the proxy ${proxy.host} did not connect to ${target} within ${ms / 1000} s`,
    {
      hint: 'The proxy or the site is slow or does not respond. Try again later, or allow more time: timeout in the configuration, or --timeout.',
    },
  );
}

/**
 * The proxy responds instead of the site.
 * @param target `host:port`
 */
function proxyRefusedError(status: number, proxy: URL, target: string): ScrapeError {
  const reason = STATUS_CODES[status];
  const statusText = `${status}${reason === undefined ? '' : ` ${reason}`}`;
  const what = status === 407 ? 'asks for a sign-in' : `does not connect to ${target}`;
  return new ScrapeError('network', `the proxy ${proxy.host} ${what}: ${statusText}`, {
    hint:
      HINTS[status] ??
      'The proxy refuses the connection. Ask its operator, or check proxy in the configuration.',
    cause: Object.assign(new Error(statusText), {
      code: TRANSIENT_STATUSES.has(status) ? PROXY_BUSY : PROXY_REFUSED,
    }),
  });
}

/** Behind a proxy there may be no DNS. A lookup waits at most this many milliseconds. */
const LOOKUP_TIMEOUT_MS = 3_000;

/**
 * Decides which hosts may be requested through a proxy. The proxy resolves names itself. The guard therefore checks the
 * name, and the addresses that it resolves to on this machine, if any. The address that the proxy uses cannot be known.
 * Each name is looked up once.
 */
class ProxyTargetGuard {
  readonly #policy: AddressPolicy;
  readonly #known = new Map<string, Promise<readonly string[]>>();

  constructor(policy: AddressPolicy) {
    this.#policy = policy;
  }

  /** @throws ScrapeError `blocked_address` */
  async check(url: URL): Promise<void> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = getPort(url);
    const refusal =
      isIP(host) === 0 ? await this.#byName(host, port) : this.#policy.refusal(host, host, port);
    if (refusal !== undefined) throw refusal;
  }

  async #byName(host: string, port: number): Promise<ScrapeError | undefined> {
    let addresses = this.#known.get(host);
    if (addresses === undefined) {
      addresses = resolveHost(host);
      this.#known.set(host, addresses);
    }
    const found = (await addresses).map((address) => this.#policy.refusal(host, address, port));
    return found.find((refusal) => refusal !== undefined) ?? this.#policy.nameRefusal(host, port);
  }
}

/** Empty if the name cannot be resolved here. */
async function resolveHost(host: string): Promise<readonly string[]> {
  const stop = new AbortController();
  const late = delay(LOOKUP_TIMEOUT_MS, [], { signal: stop.signal, ref: false }).catch(() => []);
  const found = lookup(host, { all: true }).then(
    (all) => all.map(({ address }) => address),
    () => [],
  );
  return Promise.race([found, late]).finally(() => stop.abort());
}

/**
 * Share of the whole request's time. A tunnel that takes longer is reported as a problem of the proxy, not of the site.
 */
const TUNNEL_TIME_SHARE = 0.8;

interface ProxyTransportOptions {
  /** The address may contain a name and a password. */
  proxy: URL;
  /** Which addresses the proxy itself may have. */
  proxyPolicy: AddressPolicy;
  /** Which addresses pages may have. */
  policy: AddressPolicy;
  timeoutMs: number;
  /** Trusted certificates, for the proxy and for sites; default: the usual authorities. */
  trust?: SecureContext;
}

/**
 * Creates a transport through a proxy (RFC 9110 9.3.6, RFC 9112 3.2.2). For https it uses a tunnel (CONNECT), so that
 * the proxy sees only the host. For http it sends the absolute address to the proxy.
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

/**
 * @param target `host:port`
 * @throws ScrapeError
 */
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
    // A web server answers CONNECT like any other request.
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
