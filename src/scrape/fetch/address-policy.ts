import { isIP } from 'node:net';
import { ScrapeError } from '../errors.ts';
import { classifyAddress } from './address-class.ts';

/** Endings that no public name has: RFC 6761, RFC 6762, RFC 8375, and `.internal` (ICANN, 2024). */
const PRIVATE_ENDINGS = [
  '.local',
  '.internal',
  '.lan',
  '.home.arpa',
  '.test',
  '.localhost',
  '.intranet',
  '.home',
];

/** `[::1]` → `::1`, `LocalHost.` → `localhost`. */
function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** The host that an entry of `allow_private_hosts` names; a port or a whole address may stand with it. */
function listedHost(entry: string): string {
  const text = entry.trim();
  const host = isIP(text) === 6 ? `[${text}]` : text;
  const address = text.includes('://') ? text : `http://${host}`;
  return URL.canParse(address) ? bareHost(new URL(address).hostname) : text.toLowerCase();
}

/**
 * Which hosts may lead into private networks. A host of the configuration's own addresses may, when its name is a
 * private one; a public name only when `allow_private_hosts` lists it, since whoever owns the name decides where it
 * leads. Link-local and metadata addresses never. A permission holds for every port.
 */
export class AddressPolicy {
  readonly #named: ReadonlySet<string>;
  readonly #listed: ReadonlySet<string>;
  /** Asked before each request. */
  readonly #local = new Map<string, boolean>();

  /** @param ownUrls the configuration's own addresses @param allowPrivateHosts host names and IP addresses */
  constructor(ownUrls: readonly string[], allowPrivateHosts: readonly string[]) {
    this.#named = new Set(ownUrls.map((url) => bareHost(new URL(url).hostname)));
    this.#listed = new Set(allowPrivateHosts.map(listedHost));
  }

  /** Why `hostname` must not be reached at `address`; undefined when it may. */
  refusal(hostname: string, address: string): ScrapeError | undefined {
    const kind = classifyAddress(address);
    if (kind === 'public') return undefined;
    const host = bareHost(hostname);
    const leads = host === bareHost(address) ? host : `${host} leads to ${address}`;
    if (kind === 'metadata') {
      return new ScrapeError(
        'blocked_address',
        `${leads}: link-local and metadata addresses are never fetched`,
        {
          hint: 'Such an address hands out the credentials of the machine. No setting allows it.',
        },
      );
    }
    if (this.#mayBePrivate(host)) return undefined;
    return unnamed(host, `${leads}, an address in a private network`);
  }

  /** Why a host must not be reached by its name alone, where its address is not known. */
  nameRefusal(hostname: string): ScrapeError | undefined {
    const host = bareHost(hostname);
    if (!isPrivateHost(host) || this.#mayBePrivate(host)) return undefined;
    return unnamed(host, `${host} is the name of a host in a private network`);
  }

  #mayBePrivate(host: string): boolean {
    return this.#listed.has(host) || (this.#named.has(host) && isPrivateHost(host));
  }

  /** Whether the host is this machine or stands in a network of one's own, where nobody needs sparing by default. */
  isLocal(hostname: string): boolean {
    let isLocal = this.#local.get(hostname);
    if (isLocal === undefined) {
      const host = bareHost(hostname);
      isLocal = this.#listed.has(host) || isPrivateHost(host);
      this.#local.set(hostname, isLocal);
    }
    return isLocal;
  }
}

function unnamed(host: string, what: string): ScrapeError {
  return new ScrapeError('blocked_address', `${what} that the configuration does not name`, {
    hint: `If that is meant, add to the configuration: allow_private_hosts: ["${host}"]`,
  });
}

/**
 * The hosts in private networks that a configuration may lead to, metadata addresses among them: those of its own
 * addresses, and all that it lists.
 * @param ownUrls texts that are no addresses are passed over @returns without port and brackets, in lower case, each once
 */
export function privateHosts(ownUrls: readonly string[], allowPrivateHosts: readonly string[]): string[] {
  const named = ownUrls.filter((url) => URL.canParse(url)).map((url) => bareHost(new URL(url).hostname));
  return [...new Set([...named.filter(isPrivateHost), ...allowPrivateHosts.map(listedHost)])];
}

/** An IP address outside the internet, or a name that no public DNS serves. */
function isPrivateHost(host: string): boolean {
  if (isIP(host) !== 0) return classifyAddress(host) !== 'public';
  return !host.includes('.') || PRIVATE_ENDINGS.some((ending) => host.endsWith(ending));
}
