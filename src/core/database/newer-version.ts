import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { QuickscrapeError } from '../lib/errors.ts';
import { openImmutable, openReadOnly, query } from './connection.ts';

/**
 * Refuses the tables of a newer version.
 * @param found the file's `user_version`
 * @param known this version's
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewer(file: string, found: number, known: number): void {
  if (found <= known) return;
  throw new QuickscrapeError(
    'store_unavailable',
    `${file} was written by a newer version of QuickScrape Jobs (schema ${found}, this version knows ${known})`,
    { hint: 'Install that version or newer; nothing in the file was changed.' },
  );
}

/**
 * Refuses tables that somebody has brought to a newer version while they are open: what they mean is unknown by now.
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewerTables(file: string, connection: Libsql.Database, known: number): void {
  const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
  refuseNewer(file, version?.user_version ?? 0, known);
}

/**
 * Refuses a file of a newer version before it is opened to write, which would already change it: its journal mode, its
 * permissions, and what is in its WAL comes into it when it is closed.
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewerFile(file: string, known: number): void {
  if (sizeOf(file) === 0) return;
  refuseNewer(file, versionOf(file), known);
}

function versionOf(file: string): number {
  let connection: Libsql.Database | undefined;
  try {
    // Without a WAL beside it, `immutable` keeps SQLite from making one.
    connection = sizeOf(`${file}-wal`) === 0 ? openImmutable(file) : openReadOnly(file);
    return query<{ user_version: number }>(connection, 'PRAGMA user_version')[0]?.user_version ?? 0;
  } catch {
    // Damaged, or held by somebody: whoever opens it to write finds out.
    return 0;
  } finally {
    connection?.close();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
