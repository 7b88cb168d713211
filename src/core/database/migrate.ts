import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pid as ownPid } from 'node:process';
import type Libsql from 'libsql';
import { QuickscrapeError } from '../lib/errors.ts';
import { describeUpgrade, programCommand } from '../lib/installation.ts';
import { BUILD } from '../lib/program.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';
import { BACKUP_MARK, backUp } from './backup.ts';
import { openImmutable, openReadOnly, query, rollBack } from './connection.ts';
import { isLeaseLocked, withChangeLock } from './locks.ts';
import { distrustState, recordDataLoss } from './recovery/data-loss.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * Rejects the tables of a newer version.
 * @param found the file's `user_version`
 * @param known the schema version of this program
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewer(file: string, found: number, known: number): void {
  if (found <= known) return;
  throw new QuickscrapeError(
    'store_unavailable',
    `${file} was written by a newer version of QuickScrape Jobs (schema ${found}, this version knows ${known})`,
    { hint: `Nothing in the file was changed. ${describeUpgrade()}` },
  );
}

/**
 * Rejects tables that another process has migrated to a newer version while they were open: their meaning is unknown
 * now.
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewerTables(file: string, connection: Libsql.Database, known: number): void {
  const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
  refuseNewer(file, version?.user_version ?? 0, known);
}

/**
 * Rejects a file of a newer version before it is opened for writing. Opening would already change its journal mode and
 * permissions, and closing would checkpoint its WAL.
 * @throws QuickscrapeError `store_unavailable`
 */
export function refuseNewerFile(file: string, known: number): void {
  if (sizeOf(file) === 0) return;
  refuseNewer(file, readFileVersion(file), known);
}

function readFileVersion(file: string): number {
  let connection: Libsql.Database | undefined;
  try {
    // Without a WAL beside it, `immutable` keeps SQLite from making one.
    connection = sizeOf(`${file}-wal`) === 0 ? openImmutable(file) : openReadOnly(file);
    return query<{ user_version: number }>(connection, 'PRAGMA user_version')[0]?.user_version ?? 0;
  } catch {
    // The file is damaged or held by another process; opening it for writing reports that.
    return 0;
  } finally {
    connection?.close();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** A scheduler of another version that holds the lease of a home. */
interface OtherScheduler {
  process: ProcessIdentity;
  version: string;
}

interface ProcessRow {
  pid: number;
  pid_start: string | null;
  boot_id: string | null;
}

/**
 * Refuses to migrate tables while another version works with them: a live scheduler of another version, or a run whose
 * process belongs to one. All of their work would fail after the migration.
 * @param now epoch milliseconds
 * @throws QuickscrapeError `store_unavailable`, which names the process and how to continue
 */
function refuseWhileInUse(file: string, connection: Libsql.Database, now: number): void {
  const nothing = 'Nothing was changed.';
  const scheduler = otherScheduler(file, connection);
  if (scheduler) {
    const { process, version } = scheduler;
    throw new QuickscrapeError(
      'store_unavailable',
      `the scheduler of ${dirname(file)} (pid ${process.pid}) is version ${version} and works with ${file} as it is; this is ${BUILD}, which would have to change it`,
      {
        hint: `${nothing} Stop that scheduler with: ${programCommand()} scheduler stop (either version can; its runs end first). Or go on with version ${version}.`,
      },
    );
  }
  const run = findForeignRun(connection, now);
  if (run === undefined) return;
  const who = run.pid === null ? 'is being started' : `is carried (pid ${run.pid})`;
  throw new QuickscrapeError(
    'store_unavailable',
    `run ${run.runId} ${who} by an older version, which works with ${file} as it is; this is ${BUILD}, which would have to change it`,
    { hint: `${nothing} Wait until the run has finished, or end it with the version that started it.` },
  );
}

/**
 * Returns the live scheduler that holds the lease according to the database, unless it is the same build as this one.
 */
export function otherScheduler(file: string, connection: Libsql.Database): OtherScheduler | undefined {
  const [row] = query<ProcessRow & { version: string }>(
    connection,
    'SELECT pid, pid_start, boot_id, version FROM scheduler WHERE id = 1',
  );
  const process = row && toIdentity(row);
  if (!process || row.version === BUILD || process.pid === ownPid || !isAlive(process)) return undefined;
  // In a copied home, the row describes the scheduler of the original home.
  const lock = join(dirname(file), 'locks', 'scheduler.db');
  return isLeaseLocked(lock) === false ? undefined : { process, version: row.version };
}

/** With tables older than this version's, every active run belongs to another version. */
function findForeignRun(
  connection: Libsql.Database,
  now: number,
): { runId: string; pid: number | null } | undefined {
  const rows = query<ProcessRow & { run_id: string; start_deadline: number | null; status: string }>(
    connection,
    `SELECT run_id, status, start_deadline, pid, pid_start, boot_id FROM runs
     WHERE status IN ('starting', 'running') OR callback IN ('due', 'running')`,
  );
  for (const row of rows) {
    const process = toIdentity(row);
    if (process && process.pid !== ownPid && isAlive(process)) return { runId: row.run_id, pid: process.pid };
    if (row.status === 'starting' && (row.start_deadline ?? 0) > now) return { runId: row.run_id, pid: null };
  }
  return undefined;
}

function toIdentity({ pid, pid_start: start, boot_id: bootId }: ProcessRow): ProcessIdentity | undefined {
  return pid === null ? undefined : { pid, start: start ?? '', bootId: bootId ?? '' };
}

export interface MigrateOptions {
  now: number;
  /** Replaces the real migrations in tests. */
  migrations?: readonly string[];
}

interface Version {
  user_version: number;
  application_id: number;
}

/**
 * Migrates the tables to the current version in one transaction: the file is the old one or the new one, even after a
 * crash. Several processes may try at once; one of them migrates. Tables with content are backed up first.
 * @returns messages for users
 * @throws QuickscrapeError `store_unavailable` for a file of a newer version, while a scheduler or a run of an older
 *   one works with it, or without room for the backup; the file stays unchanged
 */
export function migrate(file: string, connection: Libsql.Database, options: MigrateOptions): string[] {
  const { now, migrations = MIGRATIONS } = options;
  const found = versionOf(connection);
  refuseNewer(file, found.user_version, migrations.length);
  if (found.user_version === migrations.length && found.application_id !== BACKUP_MARK) return [];
  // A new file has no data to lose, and a transaction is enough for two processes that create one at the same time.
  if (found.user_version === 0) return bringUp(file, connection, migrations, now);
  return withChangeLock(file, () => {
    const { user_version: from } = versionOf(connection);
    // Checked before anything is written, and again in the transaction, where no process can claim a run any more.
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
