import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type AddressPolicy, getPort } from '../lib/address-policy.ts';
import type { RawResponse, ResponseHandler, TransportRequest } from './dispatch-request.ts';
import { buildConnector } from './undici.ts';

/** The way that requests take to a site. */
export interface Transport {
  /** @throws what ends the request (receive.ts) */
  request(request: TransportRequest, handler: ResponseHandler): Promise<RawResponse>;
  /** Closes every connection. */
  destroy(): Promise<void>;
}

/** The watchdog of each exchange keeps the time instead of undici's timers. */
export const AGENT_LIMITS = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64_000 };

/**
 * A connector that opens no socket which the policy refuses. Names are checked inside the connection's own lookup,
 * so the address that was checked is the one that is used (no gap for DNS rebinding); IP literals skip the lookup
 * and are checked before.
 * @param timeoutMs how long a connection may take
 * @param trust whose certificates count; default: the usual ones
 * @param end closes those that are not open yet: a dispatcher knows nothing of them, and they keep the process alive
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
        // One refused address is enough: which one gets used is up to timing.
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
  // A lookup is not told the port; a run has few of them.
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
    for (const socket of opening) socket.destroy(new Error('the run is over'));
  };
  end.addEventListener('abort', close, { once: true });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = getPort(options);
    const refusal = isIP(host) === 0 ? undefined : policy.refusal(host, host, port);
    if (refusal !== undefined) return callback(refusal, null);
    // Its types do not say so, but undici returns the socket. A signal of its own per socket would never let go of it.
    const socket = connectorFor(port)(options, (...outcome) => {
      opening.delete(socket);
      callback(...outcome);
    }) as unknown as Socket;
    opening.add(socket);
  };
}
