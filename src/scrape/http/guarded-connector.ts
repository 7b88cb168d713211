import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type AddressPolicy, getPort } from '../lib/address-policy.ts';
import type { RawResponse, ResponseHandler, TransportRequest } from './dispatch-request.ts';
import { buildConnector } from './undici.ts';

/** How requests reach a site. */
export interface Transport {
  /** @throws the error that ends the request (dispatch-request.ts) */
  request(request: TransportRequest, handler: ResponseHandler): Promise<RawResponse>;
  /** Closes every connection. */
  destroy(): Promise<void>;
}

/** undici's timers are off, because the watchdog of each exchange measures the time. */
export const AGENT_LIMITS = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64_000 };

/**
 * Creates a connector that refuses every socket the policy does not allow. Names are checked inside the connection's
 * own lookup, so the checked address is the one used (no gap for DNS rebinding). IP literals skip the lookup and are
 * checked before.
 * @param timeoutMs how long a connection may take
 * @param trust the trusted certificates; default: the usual authorities
 * @param end closes sockets that are not open yet: a dispatcher does not track them, and they keep the process alive
 */
export function createGuardedConnector(
  policy: AddressPolicy,
  timeoutMs: number,
  end: AbortSignal,
  trust?: SecureContext,
): buildConnector.connector {
  const lookupFor =
    (port: number): LookupFunction =>
    (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '');
        // One refused address is enough, because timing decides which address is used.
        for (const { address } of addresses) {
          const refusal = policy.refusal(hostname, address, port);
          if (refusal !== undefined) return callback(refusal, '');
        }
        if (options.all) return callback(null, addresses);
        const [first] = addresses;
        return first === undefined
          ? callback(new Error(`${hostname} has no address`), '')
          : callback(null, first.address, first.family);
      });
    };
  // A lookup does not receive the port, so each port has a connector. A run uses few ports.
  const connectors = new Map<number, buildConnector.connector>();
  const connectorFor = (port: number) => {
    const known =
      connectors.get(port) ??
      buildConnector({ lookup: lookupFor(port), timeout: timeoutMs, ...(trust && { secureContext: trust }) });
    connectors.set(port, known);
    return known;
  };
  const opening = new Set<Socket>();
  const close = () => {
    for (const socket of opening) socket.destroy(new Error('the run has ended'));
  };
  end.addEventListener('abort', close, { once: true });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = getPort(options);
    const refusal = isIP(host) === 0 ? undefined : policy.refusal(host, host, port);
    if (refusal !== undefined) return callback(refusal, null);
    // The types do not say so, but undici returns the socket. A separate abort signal per socket would never release
    // it.
    const socket = connectorFor(port)(options, (...outcome) => {
      opening.delete(socket);
      callback(...outcome);
    }) as unknown as Socket;
    opening.add(socket);
  };
}
