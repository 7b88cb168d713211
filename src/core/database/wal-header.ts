import { closeSync, openSync, readSync, statSync } from 'node:fs';

const HEADER_BYTES = 32;

/**
 * Whether the WAL beside a database cannot be one. SQLite takes such a file for an empty one and says nothing: what was
 * committed into it would be lost unnoticed. Opening it is safe: SQLite's locks are on the other two files.
 * @throws what the system says when it cannot be read
 */
export function isWalUnusable(database: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  let fd: number | undefined;
  try {
    fd = openSync(`${database}-wal`, 'r');
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  const magic = header.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return true;
  const [first, second] = checksum(header.subarray(0, 24), magic === 0x377f0683);
  return first !== header.readUInt32BE(24) || second !== header.readUInt32BE(28);
}

/** Whether the database is empty and its WAL is not, which SQLite never leaves behind: it would drop the WAL. */
export function isEmptyWithWal(database: string): boolean {
  if (statSync(database, { throwIfNoEntry: false })?.size !== 0) return false;
  return (statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) > HEADER_BYTES;
}

/** The WAL's own checksum (sqlite.org/fileformat2.html, 4.2). */
function checksum(bytes: Buffer, bigEndian: boolean): [number, number] {
  const word = (at: number) => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let first = 0;
  let second = 0;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return [first, second];
}
