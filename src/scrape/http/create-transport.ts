import type { SecureContext } from 'node:tls';
import { Agent } from 'undici';
import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { AddressPolicy } from '../lib/address-policy.ts';
import { createTrustingContext } from './certificate-authorities.ts';
import { dispatchRequest } from './dispatch-request.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { createProxyTransport } from './proxy-transport.ts';
import { withRequestReporting } from './request-reporting.ts';
import { AGENT_LIMITS, type Transport } from './transport.ts';

interface TransportOptions {
  policy: AddressPolicy;
  timeoutMs: number;
  /** Address of a proxy, perhaps with name and password. */
  proxy?: string | undefined;
  /** File of authorities that are trusted beside the usual ones. */
  ca?: string | undefined;
  /** Hosts that may be private, the proxy's among them. */
  allowPrivateHosts?: readonly string[];
  /** Told of each request before it is sent. */
  onSent?: (sent: RequestSent) => void;
}

/**
 * The way that the configuration names: straight to the site, or through its proxy. Settings of the environment do not count.
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
}: TransportOptions): Transport {
  const trust = ca === undefined ? undefined : createTrustingContext(ca);
  if (proxy === undefined) return createDirectTransport(policy, timeoutMs, trust);
  const url = new URL(proxy);
  const proxyPolicy = new AddressPolicy([proxy], allowPrivateHosts);
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
