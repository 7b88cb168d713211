import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AddressPolicy, getPort } from '../lib/address-policy.ts';
import type { ScrapeError } from '../lib/scrape-error.ts';

/** Behind a proxy there may be no DNS: so long is waited for it, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 3_000;

/**
 * Which hosts may be asked for through a proxy. The proxy looks names up itself, so what is checked here is the name, and the
 * addresses that it has here, if it has any; what the proxy makes of it cannot be known. Each name is looked up once.
 */
export class ProxyTargetGuard {
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

/** None when it is not known here. */
async function resolveHost(host: string): Promise<readonly string[]> {
  const stop = new AbortController();
  const late = delay(LOOKUP_TIMEOUT_MS, [], { signal: stop.signal, ref: false }).catch(() => []);
  const found = lookup(host, { all: true }).then(
    (all) => all.map(({ address }) => address),
    () => [],
  );
  return Promise.race([found, late]).finally(() => stop.abort());
}
