import type Libsql from 'libsql';
import { BACKUP_MARK, backUp } from './backup.ts';
import { withChangeLock } from './change-lock.ts';
import { query, rollBack } from './connection.ts';
import { refuseWhileInUse } from './in-use.ts';
import { refuseNewer } from './newer-version.ts';
import { distrustState, recordDataLoss } from './recovery/data-loss.ts';
import { MIGRATIONS } from './schema.ts';

export interface MigrateOptions {
  now: number;
  /** Other steps than the real ones, in tests. */
  migrations?: readonly string[];
}

interface Version {
  user_version: number;
  application_id: number;
}

/**
 * Brings the tables to this version's, all steps in one transaction: the file is the old one or the new one, also
 * after a crash. Several processes may try at once; one does it. Tables that hold something are backed up first.
 * @returns messages for whoever opened it
 * @throws QuickscrapeError `store_unavailable` for a file of a newer version, while a scheduler or a run of an older one
 *   works with it, or without room for the backup; the file is as it was
 */
export function migrate(file: string, connection: Libsql.Database, options: MigrateOptions): string[] {
  const { now, migrations = MIGRATIONS } = options;
  const found = versionOf(connection);
  refuseNewer(file, found.user_version, migrations.length);
  if (found.user_version === migrations.length && found.application_id !== BACKUP_MARK) return [];
  // A new file has nothing that could be lost, and a transaction is enough for two who make one at once.
  if (found.user_version === 0) return bringUp(file, connection, migrations, now);
  return withChangeLock(file, () => {
    const { user_version: from } = versionOf(connection);
    // Before anything is written, and once more where nobody can claim a run any more.
    if (from < migrations.length) refuseWhileInUse(file, connection, now);
    const backup = from < migrations.length ? backUp(file, connection, from, now) : undefined;
    const said = bringUp(file, connection, migrations, now);
    if (backup !== undefined)
      said.push(
        `${file} was brought from schema ${from} to ${migrations.length}; as it was before: ${backup}`,
      );
    return said;
  });
}

function bringUp(
  file: string,
  connection: Libsql.Database,
  migrations: readonly string[],
  now: number,
): string[] {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: from, application_id: mark } = versionOf(connection);
    refuseNewer(file, from, migrations.length);
    if (from > 0 && from < migrations.length) refuseWhileInUse(file, connection, now);
    for (const step of migrations.slice(from)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    const said: string[] = [];
    if (from === 0) recordDataLoss(connection, { at: now, kind: 'made' });
    if (mark === BACKUP_MARK) {
      connection.exec('PRAGMA application_id = 0');
      distrustState(connection, now, { mayBeOlder: true });
      recordDataLoss(connection, { at: now, kind: 'restored' });
      said.push(`${file} is a backup that was put back: what may have run since then is not started again`);
    }
    connection.exec('COMMIT');
    return said;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

function versionOf(connection: Libsql.Database): Version {
  const [version] = query<Version>(
    connection,
    'SELECT user_version, application_id FROM pragma_user_version(), pragma_application_id()',
  );
  return version ?? { user_version: 0, application_id: 0 };
}
