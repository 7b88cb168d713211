import ipaddr from 'ipaddr.js';

/**
 * What an IP address leads to: the internet (`public`), this machine or a network of one's own (`private`), or a
 * link-local or cloud-metadata service that hands out credentials (`metadata`).
 */
export type AddressClass = 'public' | 'private' | 'metadata';

/** Metadata services outside the link-local ranges: Alibaba, AWS over IPv6, Oracle, Google over IPv6. */
const METADATA = new Set([
  '100.100.100.200',
  'fd00:ec2:0:0:0:0:0:254',
  '192.0.0.192',
  'fd20:ce:0:0:0:0:0:254',
]);

/** Prefixes whose addresses carry an IPv4 address that a gateway may unpack: NAT64, IPv4-translated, IPv4-compatible. */
const IPV4_EMBEDDING = ['64:ff9b::/96', '::ffff:0:0:0/96', '::/96'].map((prefix) =>
  ipaddr.IPv6.parseCIDR(prefix),
);
const SIX_TO_FOUR = ipaddr.IPv6.parseCIDR('2002::/16');

/**
 * Classifies an address as a resolver or a URL writes it; IPv4 inside IPv6 counts as the IPv4 address.
 * What is neither plain unicast nor readable is `private`: refused unless allowed.
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
