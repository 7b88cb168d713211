import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import {
  formatHostAndPort,
  type HostAndPort,
  isPrivateHostName,
  parseHostAndPort,
  plainHost,
} from '../../core/configs/host-and-port.ts';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { ScrapeError } from './scrape-error.ts';

/**
 * Where an IP address leads: the internet (`public`), this machine or a private network (`private`), or a link-local or
 * cloud-metadata service that hands out credentials (`metadata`).
 */
type AddressClass = 'public' | 'private' | 'metadata';

/** Metadata services outside the link-local ranges: Alibaba, AWS over IPv6, Oracle, Google over IPv6. */
const METADATA = new Set([
  '100.100.100.200',
  'fd00:ec2:0:0:0:0:0:254',
  '192.0.0.192',
  'fd20:ce:0:0:0:0:0:254',
]);

/** Prefixes of addresses with an embedded IPv4 address that gateways use: NAT64, IPv4-translated, IPv4-compatible. */
const IPV4_EMBEDDING = ['64:ff9b::/96', '::ffff:0:0:0/96', '::/96'].map((prefix) =>
  ipaddr.IPv6.parseCIDR(prefix),
);
const SIX_TO_FOUR = ipaddr.IPv6.parseCIDR('2002::/16');

/**
 * Classifies an address as written by a resolver or in a URL. IPv4 inside IPv6 counts as the IPv4 address. Anything
 * else that is not plain unicast, or cannot be parsed, is `private`: refused unless allowed.
 */
export function classifyAddress(text: string): AddressClass {
  if (!ipaddr.isValid(text)) return 'private';
  const address = unpackIpv4(ipaddr.process(text));
  const range = address.range();
  if (range === 'linkLocal' || METADATA.has(address.toNormalizedString())) return 'metadata';
  return range === 'unicast' ? 'public' : 'private';
}

function unpackIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const range = address.range();
  if (range === 'loopback' || range === 'unspecified') return address;
  const bytes = address.toByteArray();
  if (address.match(SIX_TO_FOUR)) return new ipaddr.IPv4(bytes.slice(2, 6));
  return IPV4_EMBEDDING.some((prefix) => address.match(prefix)) ? new ipaddr.IPv4(bytes.slice(12)) : address;
}

/** Parses an entry of `allow_private_hosts` into host and optional port. An entry may be a whole address. */
export function parseHostEntry(entry: string): HostAndPort {
  const text = entry.trim();
  const [, written = text] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text) ?? [];
  return parseHostAndPort(written) ?? { host: text.toLowerCase(), port: null };
}

/** Returns the targets of a configuration's own address. Port 80 includes 443, because many sites redirect to it. */
function toHostsAndPorts(address: string): HostAndPort[] {
  const url = new URL(address);
  const host = plainHost(url.hostname);
  const port = getPort(url);
  return port === 80
    ? [
        { host, port },
        { host, port: 443 },
      ]
    : [{ host, port }];
}

/** Returns the port of a request: the written one, or the default of the scheme. */
export function getPort({ protocol, port }: Pick<URL, 'protocol' | 'port'>): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/**
 * Decides which hosts may lead into private networks.
 * - A host of the configuration's own addresses may, if its name is a private one.
 * - A public name may only if `allow_private_hosts` lists it, because its owner decides where it leads.
 * - Link-local and metadata addresses are never allowed.
 * - A permission with a port applies to that port only, and otherwise to every port. A permission from the
 *   configuration's own addresses always has a port.
 * - A machine that executes the runs of another one may limit all of these to hosts of its own choice.
 */
export class AddressPolicy {
  readonly #named: readonly HostAndPort[];
  readonly #listed: readonly HostAndPort[];
  readonly #ofMachine: readonly HostAndPort[] | undefined;
  /** Cached, because it is needed before each request. */
  readonly #local = new Map<string, boolean>();

  /**
   * @param ownUrls the configuration's own addresses
   * @param allowPrivateHosts host names and IP addresses, optionally with a port
   * @param machineHosts the private hosts that this machine lets any configuration reach; default: all
   */
  constructor(
    ownUrls: readonly string[],
    allowPrivateHosts: readonly string[],
    machineHosts?: readonly string[],
  ) {
    this.#named = ownUrls.flatMap(toHostsAndPorts);
    this.#listed = allowPrivateHosts.map(parseHostEntry);
    this.#ofMachine = machineHosts?.map(parseHostEntry);
  }

  /** Returns why `hostname` must not be reached at `address` and `port`; undefined if it may. */
  refusal(hostname: string, address: string, port: number): ScrapeError | undefined {
    const kind = classifyAddress(address);
    if (kind === 'public') return undefined;
    const host = plainHost(hostname);
    const leads = host === plainHost(address) ? host : `${host} leads to ${address}`;
    if (kind === 'metadata') {
      return new ScrapeError(
        'blocked_address',
        `${leads}: link-local and metadata addresses are never fetched`,
        {
          hint: 'Such an address gives out credentials of the machine, so no setting allows it.',
        },
      );
    }
    if (this.#mayBePrivate(host, port)) return undefined;
    return this.#unnamed({ host, port }, `${leads}, an address in a private network`);
  }

  /** Returns why a host must not be reached, by its name alone: for cases in which its address is unknown. */
  nameRefusal(hostname: string, port: number): ScrapeError | undefined {
    const host = plainHost(hostname);
    if (!isPrivateHost(host) || this.#mayBePrivate(host, port)) return undefined;
    return this.#unnamed({ host, port }, `${host} is the name of a host in a private network`);
  }

  #mayBePrivate(host: string, port: number): boolean {
    return this.#mayMachineReach(host, port) && includesPort(this.#permissions(host), port);
  }

  #mayMachineReach(host: string, port: number): boolean {
    const own = this.#ofMachine?.filter((known) => known.host === host);
    return own === undefined || includesPort(own, port);
  }

  #permissions(host: string): HostAndPort[] {
    const named = isPrivateHost(host) ? this.#named : [];
    return [...this.#listed, ...named].filter((known) => known.host === host);
  }

  #unnamed(place: HostAndPort, what: string): ScrapeError {
    if (!this.#mayMachineReach(place.host, place.port ?? 0))
      return new ScrapeError('blocked_address', `${what}, which this worker may not reach`, {
        hint: `If this is intended, start the worker with --allow-private ${formatHostAndPort(place)}`,
      });
    const isOtherPort = this.#permissions(place.host).length > 0;
    const said = isOtherPort ? `${what}, at port ${place.port},` : what;
    const entry = isOtherPort ? formatHostAndPort(place) : place.host;
    return new ScrapeError('blocked_address', `${said} that is not in allow_private_hosts`, {
      hint: `If this is intended, add to the configuration: allow_private_hosts: ["${entry}"]`,
    });
  }

  /** Whether the host is this machine or is in a private network. Such hosts are not throttled by default. */
  isLocal(hostname: string): boolean {
    let isLocal = this.#local.get(hostname);
    if (isLocal === undefined) {
      const host = plainHost(hostname);
      isLocal = isPrivateHost(host) || this.#listed.some((known) => known.host === host);
      this.#local.set(hostname, isLocal);
    }
    return isLocal;
  }
}

function includesPort(known: readonly HostAndPort[], port: number): boolean {
  return known.some((one) => one.port === null || one.port === port);
}

/**
 * Returns the private hosts that a configuration may reach, including metadata addresses: the hosts of its own
 * addresses with their ports, and all listed entries.
 * @param ownUrls texts that are not addresses are ignored
 * @returns `10.0.0.5:8080`, or only the host for any port; each once
 */
export function getPrivateHosts(ownUrls: readonly string[], allowPrivateHosts: readonly string[]): string[] {
  const named = ownUrls.filter((url) => canParseUrl(url)).flatMap(toHostsAndPorts);
  const places = [
    ...named.filter(({ host }) => isPrivateHost(host)),
    ...allowPrivateHosts.map(parseHostEntry),
  ];
  return [...new Set(places.map(formatHostAndPort))];
}

/** Whether a host is an IP address outside the internet, or a name that no public DNS resolves. */
function isPrivateHost(host: string): boolean {
  if (isIP(host) !== 0) return classifyAddress(host) !== 'public';
  return isPrivateHostName(host);
}
