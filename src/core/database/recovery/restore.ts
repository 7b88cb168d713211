import { realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type Libsql from 'libsql';
import { syncToDisk } from '../../fs/atomic-file.ts';
import { refuseUnsafeHome } from '../../fs/home-folder.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { makePrivateFolder } from '../../fs/private-folder.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import { programCommand } from '../../lib/installation.ts';
import { isAlive } from '../../process/identity.ts';
import { copyInto, sweepTempBackups, tempBackupOf } from '../backup.ts';
import { findDamage } from '../check-integrity.ts';
import { openPrivateFile, openToRead, query } from '../connection.ts';
import { tryLock } from '../locks.ts';
import { refuseNewer } from '../migrate.ts';
import { IS_ACTIVE, MIGRATIONS } from '../schema.ts';
import { withSqlErrors } from '../sql-errors.ts';
import { type HistoryPosition, readPosition, StartJournal } from '../start-journal.ts';
import { putInPlace } from './replace-damaged.ts';

/**
 * Writes a copy of a home's database in its current state, even while other processes use it. The copy is marked as a
 * backup and contains its position in the home's history. It is synced under a temporary name before it replaces
 * `target`.
 * @param target a file in an existing folder outside the home; an existing file is replaced
 * @returns its size in bytes
 * @throws QuickscrapeError `invalid_params` for a file within the home; `store_unavailable`
 */
export function backUpTo(
  { home, database: file }: Pick<HomePaths, 'home' | 'database'>,
  target: string,
): number {
  refuseWithin(home, target);
  return withSqlErrors(file, () => {
    const temp = tempBackupOf(target);
    sweepTempBackups(target);
    const connection = openToRead(file);
    try {
      copyInto(temp, connection);
      renameSync(temp, target);
      syncToDisk(dirname(target));
    } finally {
      connection.close();
      rmSync(temp, { force: true });
    }
    return statSync(target).size;
  });
}

/** A backup in the home could overwrite a file of the home, and would be lost with the home's disk. */
function refuseWithin(home: string, target: string): void {
  const folder = statSync(dirname(target), { throwIfNoEntry: false }) && realpathSync(dirname(target));
  const within = folder === undefined ? '..' : relative(realpathSync(home), folder);
  if (within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) return;
  throw new QuickscrapeError('invalid_params', `${target} lies in the home that is backed up`, {
    field: 'file',
    hint: 'Give a file in another folder, best on another disk. Nothing was written.',
  });
}

export interface Restored {
  /** The new name of the previous database; `undefined` when there was none. */
  keptAs: string | undefined;
  /** Runs of the previous database that waited for a start or a retry, which are dropped. */
  droppedRuns: { runId: string; jobId: string }[];
}

/**
 * Replaces a home's database with a backup or another copy of a database. The previous one is saved beside it. The next
 * process that opens the database detects the backup: nothing that was due before that moment starts.
 * @param force also accepts the history of another home
 * @throws QuickscrapeError `conflict` while a scheduler or a run is active, and for the history of another home;
 *   `invalid_params` for a file that is not an undamaged database of a home; `store_unavailable`
 */
export function restoreFrom(paths: HomePaths, backup: string, now: number, force = false): Restored {
  const { database: file } = paths;
  refuseUnsafeHome(paths);
  makePrivateFolder(paths.locks);
  const lock = openPrivateFile(join(paths.locks, 'scheduler.db'));
  try {
    if (!tryLock(lock))
      throw new QuickscrapeError('conflict', `a scheduler runs on ${paths.home}`, {
        hint: { id: 'scheduler_is_on' },
      });
    refuseStartedRuns(readActive(file), now);
    const temp = `${file}.restore.tmp`;
    rmSync(temp, { force: true });
    try {
      withSqlErrors(backup, () => checkedCopy(backup, temp));
      if (!force) refuseOtherHome(file, temp, backup);
      let active: ActiveRun[] = [];
      const checkAgain = () => {
        active = readActive(file);
        refuseStartedRuns(active, now);
      };
      const keptAs = withSqlErrors(file, () => putInPlace(file, temp, now, checkAgain));
      const droppedRuns = active
        .filter(({ status }) => status !== 'running')
        .map(({ runId, jobId }) => ({ runId, jobId }));
      return { keptAs, droppedRuns };
    } finally {
      rmSync(temp, { force: true });
    }
  } finally {
    lock.close();
  }
}

function checkedCopy(backup: string, temp: string): void {
  const refuse = (why: string): never => {
    throw new QuickscrapeError('invalid_params', `${backup} cannot be restored: ${why}`, {
      field: 'file',
      hint: `Give a file that ${programCommand()} backup wrote, or a whole copy of quickscrape.db. Nothing was changed.`,
    });
  };
  const stats = statSync(backup, { throwIfNoEntry: false });
  if (!stats) refuse('it is not there');
  if (!stats?.isFile() || stats.size === 0) refuse('it is not a file, or it is empty');
  const [problem] = findDamage(backup, () => openToRead(backup));
  if (problem !== undefined) refuse(problem);
  const connection = openToRead(backup);
  try {
    const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
    refuseNewer(backup, version?.user_version ?? 0, MIGRATIONS.length);
    copyInto(temp, connection);
  } finally {
    connection.close();
  }
}

/** A home without a history accepts any backup, so that a home can move to another machine. */
function refuseOtherHome(file: string, copy: string, backup: string): void {
  const [here, there] = [journalPosition(file) ?? positionIn(file), positionIn(copy)];
  if (!here || here.count === 0 || !there || here.lineage === there.lineage) return;
  throw new QuickscrapeError('conflict', `${backup} holds the history of another home`, {
    hint: 'Nothing was changed. To replace this home’s history with it: --force',
  });
}

function journalPosition(file: string): HistoryPosition | undefined {
  try {
    return new StartJournal(file).latest();
  } catch {
    return undefined;
  }
}

function positionIn(file: string): HistoryPosition | undefined {
  let connection: Libsql.Database | undefined;
  try {
    if (!statSync(file, { throwIfNoEntry: false })) return undefined;
    const opened = openToRead(file);
    connection = opened;
    return readPosition((sql, params) => query(opened, sql, params));
  } catch {
    // The database is damaged, or its version stores no position.
    return undefined;
  } finally {
    connection?.close();
  }
}

/**
 * Refuses to restore while runs have a process, because they would record their results in the restored database. A
 * damaged database has no readable runs, and so never prevents a restore.
 */
function refuseStartedRuns(active: readonly ActiveRun[], now: number): void {
  const started = active.filter((run) => hasProcess(run, now));
  if (started.length === 0) return;
  const ids = started.map(({ runId }) => runId).join(', ');
  throw new QuickscrapeError('conflict', `runs are active: ${ids}`, {
    hint: `Wait until they have finished, or cancel them: ${programCommand()} job cancel RUN`,
  });
}

interface ActiveRun {
  runId: string;
  jobId: string;
  status: string;
  startDeadline: number | null;
  pid: number | null;
  start: string | null;
  bootId: string | null;
}

/** Whether a process executes the run, or was started for it and may still claim it. */
function hasProcess({ status, startDeadline, pid, start, bootId }: ActiveRun, now: number): boolean {
  if (startDeadline !== null && startDeadline > now) return true;
  if (status !== 'running' || pid === null || start === null || bootId === null) return false;
  return isAlive({ pid, start, bootId });
}

function readActive(file: string): ActiveRun[] {
  let connection: Libsql.Database | undefined;
  try {
    if (!statSync(file, { throwIfNoEntry: false })) return [];
    connection = openToRead(file);
    return query(
      connection,
      `SELECT run_id AS runId, job_id AS jobId, status, start_deadline AS startDeadline, pid, pid_start AS "start", boot_id AS bootId
       FROM runs WHERE ${IS_ACTIVE}`,
    );
  } catch {
    return [];
  } finally {
    connection?.close();
  }
}
