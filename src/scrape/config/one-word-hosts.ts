import { ADDRESS_EXAMPLE, hasTwoSchemes, hostEntry, oneWordHost } from '../../core/configs/typed-address.ts';
import { parseHostEntry } from '../lib/address-policy.ts';
import { findConfigUrls } from './config-urls.ts';
import type { Finding } from './issue-location.ts';

/**
 * Hosts of addresses that are a single word, and that `allow_private_hosts` does not name: `https://shop/` is most
 * likely an unfinished address. A proxy may have such a name, and a host that a variable says is nobody's slip.
 * @param raw the tree as it is written
 * @returns each host once, where it stands first
 */
export function findOneWordHosts(raw: Readonly<Record<string, unknown>>): Finding[] {
  const { allow_private_hosts: allowed } = raw;
  const known = new Set(
    (Array.isArray(allowed) ? allowed : []).map((entry) => parseHostEntry(String(entry)).host),
  );
  return findConfigUrls(raw).flatMap(({ path, text }): Finding[] => {
    // Two schemes make a host of the second, and are an error of their own.
    if (path[0] === 'proxy' || VARIABLE_HOST.test(text) || hasTwoSchemes(text)) return [];
    const host = oneWordHost(text);
    if (host === undefined || known.has(host)) return [];
    known.add(host);
    const message = `the host "${host}" has no dot, and allow_private_hosts does not name it`;
    const hint = `Write the whole name, as in ${ADDRESS_EXAMPLE}; or, for a host of your own network: allow_private_hosts: ["${hostEntry(text)}"]`;
    return [{ path, message, hint }];
  });
}

const VARIABLE_HOST = /^[^/]*\/\/[^/?#]*\$\{/;
