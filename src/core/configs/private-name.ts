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
export function isPrivateName(host: string): boolean {
  return !host.includes('.') || PRIVATE_ENDINGS.some((ending) => host.endsWith(ending));
}
