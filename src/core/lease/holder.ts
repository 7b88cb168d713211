import { dirname } from 'node:path';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { homeId } from '../fs/home-folder.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';

/** The holder of the scheduler's lease; `since` in epoch milliseconds. */
export interface LeaseHolder {
  process: ProcessIdentity;
  since: number;
  version: string;
  slots: number;
  stopRequested: 'graceful' | 'force' | null;
}

/** A row of `scheduler`, as SQLite returns it. */
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

/**
 * Returns the scheduler that is running on this home, or `undefined`. It checks the process and never touches the
 * lease's lock.
 */
export function findLeaseHolder(db: QuickscrapeDatabase): LeaseHolder | undefined {
  const row = db.get<HolderRow>('SELECT * FROM scheduler WHERE id = 1');
  if (!row) return undefined;
  // In a copy of a home, the row belongs to the scheduler of the original.
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

/** Whether a scheduler, alive or dead, has announced itself and not released the lease. */
export function hasHolderRow(db: QuickscrapeDatabase): boolean {
  return db.get('SELECT 1 AS there FROM scheduler WHERE id = 1') !== undefined;
}

/** Whether a running scheduler starts queued runs; after a stop request, it does not. */
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

/** Removes a holder's row, unless another holder has replaced it. */
export function clearHolder(db: QuickscrapeDatabase, { pid, start }: ProcessIdentity): void {
  db.run('DELETE FROM scheduler WHERE id = 1 AND pid = ? AND pid_start = ?', [pid, start]);
}

/**
 * Requests that this home's scheduler stop, through its row. A forced stop is never downgraded. Returns false when no
 * scheduler is running.
 */
export function writeStopRequest(db: QuickscrapeDatabase, mode: 'graceful' | 'force'): boolean {
  const sql = `UPDATE scheduler SET stop_requested = iif(stop_requested = 'force', 'force', ?) WHERE id = 1`;
  return db.run(sql, [mode]).changes === 1;
}
