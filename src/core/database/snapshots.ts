import { readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeLeftover, syncToDisk } from '../fs/atomic-file.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { DAY_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { copyInto, fileInstant, removeUnlessWritten } from './backup.ts';
import { findDamageIn } from './check-integrity.ts';
import { BUSY_WAIT_MS, openImmutable, openReadOnly } from './connection.ts';
import { withSqlErrors } from './sql-errors.ts';

/** A copy of the database from a point in time. */
export interface Snapshot {
  file: string;
  /** Epoch milliseconds. */
  at: number;
}

/** The maximum number of snapshots; older ones are removed. */
const MAX_SNAPSHOTS = 7;
const INTERVAL_MS = DAY_MS;

const NAME = /^quickscrape-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\.db$/;
/** Matches temporary files and the journals that SQLite puts beside them. */
const TEMP_NAME = /^\.quickscrape-.+\.db\.(\d+)\.tmp(?:-journal)?$/;

/** Returns the folder of a database's snapshots. */
export function snapshotFolder(database: string): string {
  return join(dirname(database), 'snapshots');
}

/**
 * Lists the snapshots of a database, the newest first; an empty list where the folder is missing.
 * @throws NodeJS.ErrnoException for a folder that cannot be listed
 */
export function listSnapshots(database: string, now: number): Snapshot[] {
  const folder = snapshotFolder(database);
  return namesIn(folder)
    .filter((name) => mayBeFile(join(folder, name)))
    .flatMap((name) => {
      const at = instantOf(name);
      return at === undefined ? [] : [{ file: join(folder, name), at }];
    })
    .sort((a, b) => rank(b, now) - rank(a, now));
}

/** Whether a path may lead to a file. A system error of one snapshot must not hide the others. */
function mayBeFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return true;
  }
}

/** A snapshot with a future time was taken while the clock was wrong, and counts as older than all others. */
function rank({ at }: Snapshot, now: number): number {
  return at <= now ? at : -at;
}

/** Whether the newest snapshot is at least a day old, or none exists. */
export function isSnapshotDue(database: string, now: number): boolean {
  const [newest] = listSnapshots(database, now);
  return newest === undefined || newest.at > now || now - newest.at >= INTERVAL_MS;
}

/** The exit code of the snapshot process for a damaged database. */
export const DAMAGED_EXIT_CODE = 65;

/** The copy of a database is damaged, and therefore the database is too. */
export class DamagedSnapshotError extends QuickscrapeError {
  constructor(database: string, problem: string) {
    super('store_unavailable', `${database} is damaged: ${problem}`, {
      hint: ['Job files are not affected.', { id: 'examine_home' }],
    });
  }
}

/**
 * Copies the database in its current state, even while other processes use it. The copy is written to the disk under a
 * temporary name first. It is renamed only when it is complete and undamaged; then snapshots beyond the limit are
 * removed. Blocks: call it in a separate process.
 * @throws QuickscrapeError `store_unavailable`: a {@link DamagedSnapshotError} where the copy is damaged
 */
export function takeSnapshot(database: string, now: number): void {
  withSqlErrors(database, () => {
    const folder = snapshotFolder(database);
    makePrivateFolder(folder);
    sweepSnapshotTemps(database);
    const name = `quickscrape-${fileInstant(now)}.db`;
    const temp = join(folder, `.${name}.${process.pid}.tmp`);
    try {
      copyWhole(database, temp);
      renameSync(temp, join(folder, name));
      syncToDisk(folder);
    } finally {
      removeLeftover(temp);
    }
    for (const { file } of listSnapshots(database, now).slice(MAX_SNAPSHOTS)) removeLeftover(file);
  });
}

function copyWhole(database: string, temp: string): void {
  // Not `openImmutable`: a copy without the WAL would be outdated or torn.
  const connection = openReadOnly(database);
  try {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}`);
    copyInto(temp, connection);
  } finally {
    connection.close();
  }
  const [problem] = findDamageIn(() => openImmutable(temp));
  if (problem !== undefined) throw new DamagedSnapshotError(database, problem);
}

/** Returns the maximum size of a snapshot of a database, in bytes. */
export function snapshotBytes(database: string): number {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf(database) + sizeOf(`${database}-wal`);
}

/** Removes what a snapshot that was killed has left. */
export function sweepSnapshotTemps(database: string): void {
  const folder = snapshotFolder(database);
  for (const name of namesIn(folder)) {
    const pid = TEMP_NAME.exec(name)?.[1];
    if (pid !== undefined) removeUnlessWritten(join(folder, name), Number(pid));
  }
}

function instantOf(name: string): number | undefined {
  const [, hour, minute, second, rest] = NAME.exec(name) ?? [];
  const at = Date.parse(`${hour}:${minute}:${second}.${rest}`);
  return Number.isNaN(at) ? undefined : at;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
