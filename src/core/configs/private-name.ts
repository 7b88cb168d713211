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

/** Whether no public DNS serves a host name. @param host in lower case, without a dot at its end; no IP address */
export function isPrivateName(host: string): boolean {
  return !host.includes('.') || PRIVATE_ENDINGS.some((ending) => host.endsWith(ending));
}
