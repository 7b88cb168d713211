import { dirname } from 'node:path';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { homeId } from '../fs/home-id.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';

/** Who holds the scheduler's lease; `since` in epoch milliseconds. */
export interface LeaseHolder {
  process: ProcessIdentity;
  since: number;
  version: string;
  slots: number;
  stopRequested: 'graceful' | 'force' | null;
}

/** A row of `scheduler`, as SQLite gives it. */
export interface HolderRow {
  pid: number;
  pid_start: string;
  boot_id: string;
  since: number;
  version: string;
  slots: number;
  stop_requested: string | null;
  home: string | null;
}

/** The scheduler that runs on this home, or `undefined`. Looks at its process; never touches the lease's lock. */
export function findLeaseHolder(db: QuickscrapeDatabase): LeaseHolder | undefined {
  const row = db.get<HolderRow>('SELECT * FROM scheduler WHERE id = 1');
  if (!row) return undefined;
  // In a copy of a home the row is of the scheduler of the other one.
  if (row.home !== null && row.home !== homeId(dirname(db.file))) return undefined;
  const holder = toLeaseHolder(row);
  return isAlive(holder.process) ? holder : undefined;
}

export function toLeaseHolder(row: HolderRow): LeaseHolder {
  return {
    process: { pid: row.pid, start: row.pid_start, bootId: row.boot_id },
    since: row.since,
    version: row.version,
    slots: row.slots,
    stopRequested: row.stop_requested as LeaseHolder['stopRequested'],
  };
}

/** Whether a scheduler has announced itself and not given the lease back, alive or dead. */
export function hasHolderRow(db: QuickscrapeDatabase): boolean {
  return db.get('SELECT 1 AS there FROM scheduler WHERE id = 1') !== undefined;
}

/** Whether a scheduler is there that starts queued runs: one that has been asked to stop does not any more. */
export function canStartRuns(db: QuickscrapeDatabase): boolean {
  return findLeaseHolder(db)?.stopRequested === null;
}

export function writeHolder(db: QuickscrapeDatabase, holder: Omit<LeaseHolder, 'stopRequested'>): void {
  db.run(
    `INSERT OR REPLACE INTO scheduler (id, pid, pid_start, boot_id, since, version, slots, stop_requested, home)
     VALUES (1, ?, ?, ?, ?, ?, ?, NULL, ?)`,
    [
      holder.process.pid,
      holder.process.start,
      holder.process.bootId,
      holder.since,
      holder.version,
      holder.slots,
      homeId(dirname(db.file)) ?? null,
    ],
  );
}

/** Takes a holder out again, unless another one has taken its place. */
export function clearHolder(db: QuickscrapeDatabase, { pid, start }: ProcessIdentity): void {
  db.run('DELETE FROM scheduler WHERE id = 1 AND pid = ? AND pid_start = ?', [pid, start]);
}

/** Asks the scheduler of this home to stop; it sees the row. What has been forced stays so. False when none runs. */
export function writeStopRequest(db: QuickscrapeDatabase, mode: 'graceful' | 'force'): boolean {
  const sql = `UPDATE scheduler SET stop_requested = iif(stop_requested = 'force', 'force', ?) WHERE id = 1`;
  return db.run(sql, [mode]).changes === 1;
}
