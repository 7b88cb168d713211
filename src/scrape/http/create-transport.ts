import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { CA_HINT, extractPemCertificates, readCertificates } from '../config/connection.ts';
import { AddressPolicy } from '../lib/address-policy.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { dispatchRequest } from './dispatch-request.ts';
import { AGENT_LIMITS, createGuardedConnector, type Transport } from './guarded-connector.ts';
import { createProxyTransport } from './proxy-transport.ts';
import { Agent } from './undici.ts';

/**
 * Trusts the certificate authorities of a file in addition to the default ones.
 * @param file PEM: one certificate or more
 * @throws ScrapeError `config` if the file cannot be used
 */
function createTrustingContext(file: string): SecureContext {
  const read = readCertificates(file);
  if ('problem' in read) throw unusableError(file, read.problem);
  // `createSecureContext` would silently ignore an unreadable certificate.
  if (!read.certificates.every(isCertificate))
    throw unusableError(file, 'contains a certificate that cannot be read');
  return createSecureContext({ ca: [...rootCertificates, ...readExtraCertificates(), ...read.certificates] });
}

function isCertificate(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

function unusableError(file: string, problem: string): ScrapeError {
  return new ScrapeError('config', `ca: ${file} ${problem}`, { hint: CA_HINT });
}

/** Node adds the authorities of the environment to the default ones only if no others are given. */
function readExtraCertificates(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return [];
  try {
    return extractPemCertificates(readFileSync(file, 'latin1'));
  } catch {
    return [];
  }
}

/**
 * Wraps a transport so that each request is reported before it is sent.
 * @param proxy address of the proxy that the transport uses
 */
export function withRequestReporting(
  transport: Transport,
  onSent: (sent: RequestSent) => void,
  proxy?: string,
): Transport {
  const via = proxy === undefined ? [] : [new URL(proxy).host];
  return {
    request(sentRequest, handler) {
      const { origin, method, path, headers, body } = sentRequest;
      const { host } = new URL(origin);
      const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
      const head = `${lines.join('\r\n')}\r\n\r\n`;
      onSent({ method, hosts: [host, ...via], bytes: Buffer.byteLength(head) + (body?.length ?? 0) });
      return transport.request(sentRequest, handler);
    },
    destroy: () => transport.destroy(),
  };
}

interface TransportOptions {
  policy: AddressPolicy;
  timeoutMs: number;
  /** Address of a proxy. It may contain a name and a password. */
  proxy?: string | undefined;
  /** File of certificate authorities that are trusted in addition to the default ones. */
  ca?: string | undefined;
  /** Hosts that may be private. The list also applies to the proxy's host. */
  allowPrivateHosts?: readonly string[];
  machineHosts?: readonly string[];
  /** Called with each request before it is sent. */
  onSent?: (sent: RequestSent) => void;
}

/**
 * Creates the transport of a configuration: a direct connection to the site, or one through the configured proxy. Proxy
 * settings of the environment are ignored.
 * @throws ScrapeError `config` for a `ca` that cannot be used
 */
export function createTransport(options: TransportOptions): Transport {
  const transport = createPlainTransport(options);
  return options.onSent === undefined
    ? transport
    : withRequestReporting(transport, options.onSent, options.proxy);
}

function createPlainTransport({
  policy,
  timeoutMs,
  proxy,
  ca,
  allowPrivateHosts = [],
  machineHosts,
}: TransportOptions): Transport {
  const trust = ca === undefined ? undefined : createTrustingContext(ca);
  if (proxy === undefined) return createDirectTransport(policy, timeoutMs, trust);
  const url = new URL(proxy);
  const proxyPolicy = new AddressPolicy([proxy], allowPrivateHosts, machineHosts);
  return createProxyTransport({ proxy: url, proxyPolicy, policy, timeoutMs, ...(trust && { trust }) });
}

function createDirectTransport(policy: AddressPolicy, timeoutMs: number, trust?: SecureContext): Transport {
  const end = new AbortController();
  const agent = new Agent({
    ...AGENT_LIMITS,
    connect: createGuardedConnector(policy, timeoutMs, end.signal, trust),
  });
  return {
    request: (request, handler) => dispatchRequest(agent, request, handler),
    async destroy() {
      const destroyed = agent.destroy();
      end.abort();
      await destroyed;
    },
  };
}
