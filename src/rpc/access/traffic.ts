import type { RequestSent } from '../../core/configs/scraper-protocol.ts';

/** So many hosts are named: a page in a browser may reach for thousands. */
const MAX_NAMED_HOSTS = 100;

/** What was sent to the web. */
export interface Traffic {
  /** With their ports, where those are not the usual ones; the first hundred. */
  hosts: string[];
  methods: string[];
  /** Each try counts, and so does robots.txt. */
  requests: number;
  /** Of heads and bodies, before they are encrypted. */
  bytes_out: number;
}

export function emptyTraffic(): Traffic {
  return { hosts: [], methods: [], requests: 0, bytes_out: 0 };
}

/** Counts one more request. */
export function recordRequest(traffic: Traffic, { method, hosts, bytes }: RequestSent): void {
  for (const host of hosts)
    if (traffic.hosts.length < MAX_NAMED_HOSTS && !traffic.hosts.includes(host)) traffic.hosts.push(host);
  if (!traffic.methods.includes(method)) traffic.methods.push(method);
  traffic.requests += 1;
  traffic.bytes_out += bytes;
}
