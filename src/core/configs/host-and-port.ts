import { isIPv6 } from 'node:net';

/** A host, and the one port of it that is meant. */
export interface HostAndPort {
  /** Without brackets and final dot, in lower case, an address in its usual spelling: `2130706433` is `127.0.0.1`. */
  host: string;
  /** `null`: any. */
  port: number | null;
}

/** An address of version 6 with a port needs its brackets. */
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[^\s/?#@:[\]*,%\\]+)(?::(\d{1,5}))?$/i;

/** Reads `HOST[:PORT]`: `intranet.example`, `10.0.0.5:8080`, `::1`, `[::1]:8080`. @returns undefined for anything else */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  const written = isIPv6(text) ? `[${text}]` : text;
  const [, name = '', digits] = HOST_AND_PORT.exec(written) ?? [];
  const address = `http://${name}/`;
  if (name === '' || !URL.canParse(address)) return undefined;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return undefined;
  return { host: plainHost(new URL(address).hostname), port };
}

/** How {@link parseHostAndPort} reads it: `[::1]:8080`. */
export function formatHostAndPort({ host, port }: HostAndPort): string {
  const written = host.includes(':') ? `[${host}]` : host;
  return port === null ? host : `${written}:${port}`;
}

/** `[::1]` → `::1`, `LocalHost.` → `localhost`. */
export function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
