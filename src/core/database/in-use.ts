import { dirname, join } from 'node:path';
import { pid as ownPid } from 'node:process';
import type Libsql from 'libsql';
import { QuickscrapeError } from '../lib/errors.ts';
import { BUILD } from '../lib/version.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';
import { query } from './connection.ts';
import { isLeaseLocked } from './lease-lock.ts';

/** A scheduler of another version that holds the lease of a home. */
export interface OtherScheduler {
  process: ProcessIdentity;
  version: string;
}

interface ProcessRow {
  pid: number;
  pid_start: string | null;
  boot_id: string | null;
}

/**
 * Refuses to bring tables to a newer version while others work with them as they are: a live scheduler of another
 * version, or a run that a process of such a version carries. All of their work would fail from then on.
 * @param now epoch milliseconds
 * @throws QuickscrapeError `store_unavailable`, saying who it is and how to go on
 */
export function refuseWhileInUse(file: string, connection: Libsql.Database, now: number): void {
  const nothing = 'Nothing was changed.';
  const scheduler = otherScheduler(file, connection);
  if (scheduler) {
    const { process, version } = scheduler;
    throw new QuickscrapeError(
      'store_unavailable',
      `the scheduler of ${dirname(file)} (pid ${process.pid}) is version ${version} and works with ${file} as it is; this is ${BUILD}, which would have to change it`,
      {
        hint: `${nothing} Stop that scheduler with: quickscrape scheduler stop (either version can; its runs end first). Or go on with version ${version}.`,
      },
    );
  }
  const run = findForeignRun(connection, now);
  if (run === undefined) return;
  const who = run.pid === null ? 'is being started' : `is carried (pid ${run.pid})`;
  throw new QuickscrapeError(
    'store_unavailable',
    `run ${run.runId} ${who} by an older version, which works with ${file} as it is; this is ${BUILD}, which would have to change it`,
    { hint: `${nothing} Wait until the run is over, or end it with the version that started it.` },
  );
}

/** The live scheduler whose lease is announced in a database, unless it is of this very build. */
export function otherScheduler(file: string, connection: Libsql.Database): OtherScheduler | undefined {
  const [row] = query<ProcessRow & { version: string }>(
    connection,
    'SELECT pid, pid_start, boot_id, version FROM scheduler WHERE id = 1',
  );
  const process = row && toIdentity(row);
  if (!process || row.version === BUILD || process.pid === ownPid || !isAlive(process)) return undefined;
  // In a copy of a home the row is of the scheduler of the other one.
  const lock = join(dirname(file), 'locks', 'scheduler.db');
  return isLeaseLocked(lock) === false ? undefined : { process, version: row.version };
}

/** Tables that are older than this version's know no run of ours: whoever carries one is another version. */
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
