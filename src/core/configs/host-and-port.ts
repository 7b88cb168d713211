import { isIPv6 } from 'node:net';
import { canParseUrl } from '../lib/can-parse-url.ts';

/** A host, and optionally one port of it. */
export interface HostAndPort {
  /**
   * In lower case, without brackets and final dot. An IP address is in its canonical form: `2130706433` is `127.0.0.1`.
   */
  host: string;
  /** `null`: any port. */
  port: number | null;
}

/** An IPv6 address with a port needs brackets. */
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[^\s/?#@:[\]*,%\\]+)(?::(\d{1,5}))?$/i;

/**
 * Parses `HOST[:PORT]`: `intranet.example`, `10.0.0.5:8080`, `::1`, `[::1]:8080`.
 * @returns undefined for anything else
 */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  const written = isIPv6(text) ? `[${text}]` : text;
  const [, name = '', digits] = HOST_AND_PORT.exec(written) ?? [];
  const address = `http://${name}/`;
  if (name === '' || !canParseUrl(address)) return undefined;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return undefined;
  return { host: plainHost(new URL(address).hostname), port };
}

/** Formats a host and port as {@link parseHostAndPort} reads it: `[::1]:8080`. */
export function formatHostAndPort({ host, port }: HostAndPort): string {
  const written = host.includes(':') ? `[${host}]` : host;
  return port === null ? host : `${written}:${port}`;
}

/** Normalizes a host name: `[::1]` → `::1`, `LocalHost.` → `localhost`. */
export function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Endings that no public host name has: RFC 6761, RFC 6762, RFC 8375, and `.internal` (ICANN, 2024). */
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

/**
 * Whether a host name is private, so that no public DNS resolves it.
 * @param host in lower case, without a final dot; not an IP address
 */
export function isPrivateHostName(host: string): boolean {
  return !host.includes('.') || PRIVATE_ENDINGS.some((ending) => host.endsWith(ending));
}
