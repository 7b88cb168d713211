import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE, IS_WAITING } from '../database/schema.ts';
import type { RunRecord } from '../model/run-record.ts';
import { type RunRow, toRunRecord } from './run-rows.ts';

type Candidate = Pick<RunRecord, 'jobId' | 'host'>;

/**
 * Selects the runs of a batch that may start together. At most one per job is selected, because the job's next run must
 * be checked again. At most `perHost` runs per host are selected, including running ones.
 * @param batch runs that may each start alone, best first
 */
export function selectStartable<Run extends Candidate>(
  batch: readonly Run[],
  running: readonly Candidate[],
  perHost: number,
): Run[] {
  const jobs = new Set<string>();
  const onHost = new Map<string | null, number>();
  const count = ({ host }: Candidate) => onHost.set(host, (onHost.get(host) ?? 0) + 1);
  for (const run of running) count(run);
  return batch.filter((run) => {
    if (jobs.has(run.jobId)) return false;
    if (run.host !== null && (onHost.get(run.host) ?? 0) >= perHost) return false;
    jobs.add(run.jobId);
    count(run);
    return true;
  });
}

/** This many waiting runs of a priority are checked in order. Usually one of the first may start. */
const MAX_SCANNED_RUNS = 1_000;
/**
 * With at most this many hosts, only the first runs of each free host are read instead, which skips runs for busy
 * hosts.
 */
const MAX_HOST_LOOKUPS = 600;

/** The jobs and hosts that block runs, as JSON lists. */
interface Busy {
  jobs: string;
  hosts: string;
}

/**
 * Returns the runs that may start now, best first. Such a run is due and not cancelled. Its job has no other started
 * run, unless the job allows overlap. Fewer than `perHost` started runs use its host. Each run is checked alone:
 * callers that start several must count them ({@link selectStartable}). Higher priorities come first, then the runs
 * that have been due longest.
 * @param now epoch milliseconds
 * @param limit the most runs to return, at least 1
 */
export function startableRuns(
  db: QuickscrapeDatabase,
  now: number,
  limit: number,
  perHost = Number.MAX_SAFE_INTEGER,
): RunRecord[] {
  const busy = countBusy(db, perHost);
  const found: RunRow[] = [];
  let priority = highestBelow(db, Number.MAX_SAFE_INTEGER);
  while (priority !== null && found.length < limit) {
    found.push(...ofPriority(db, priority, now, busy, limit - found.length));
    priority = highestBelow(db, priority);
  }
  return found.map(toRunRecord);
}

/** The jobs that have a started run, and the hosts that have reached their limit. */
function countBusy(db: QuickscrapeDatabase, perHost: number): Busy {
  const running = db.all<{ job: string; host: string | null }>(
    `SELECT job_id AS job, host FROM runs WHERE ${IS_ACTIVE} AND status IN ('starting', 'running')`,
  );
  const onHost = new Map<string, number>();
  for (const { host } of running) if (host !== null) onHost.set(host, (onHost.get(host) ?? 0) + 1);
  const hosts = [...onHost].filter(([, runs]) => runs >= perHost).map(([host]) => host);
  return { jobs: JSON.stringify(running.map(({ job }) => job)), hosts: JSON.stringify(hosts) };
}

function highestBelow(db: QuickscrapeDatabase, priority: number): number | null {
  const sql = `SELECT max(priority) AS found FROM runs INDEXED BY runs_waiting WHERE ${IS_WAITING} AND priority < ?`;
  return db.get<{ found: number | null }>(sql, [priority])?.found ?? null;
}

function ofPriority(
  db: QuickscrapeDatabase,
  priority: number,
  now: number,
  busy: Busy,
  limit: number,
): RunRow[] {
  const found = inOrder(db, priority, now, busy, limit, MAX_SCANNED_RUNS);
  if (found.length === limit) return found;
  const hosts = freeHosts(db, priority, busy);
  return hosts === undefined
    ? inOrder(db, priority, now, busy, limit, -1)
    : firstOfHosts(db, priority, now, busy, limit, hosts);
}

/** The condition for a run that may start; its one parameter is the list of busy jobs. */
const MAY_START = `cancel_requested_at IS NULL
  AND (overlap = 'allow' OR job_id NOT IN (SELECT value FROM json_each(?)))`;
/** The order of both indexes, including the rowid, so SQLite sorts neither. */
const ORDER_BY_DUE = 'not_before, queued_at, scheduled_for, rowid';

/** @param among how many of the due runs are checked, from the first; -1 for all */
function inOrder(
  db: QuickscrapeDatabase,
  priority: number,
  now: number,
  busy: Busy,
  limit: number,
  among: number,
): RunRow[] {
  return db.all<RunRow>(
    `SELECT * FROM runs WHERE rowid IN (
       SELECT row FROM (
         SELECT rowid AS row, job_id, host, overlap, cancel_requested_at FROM runs INDEXED BY runs_waiting
         WHERE ${IS_WAITING} AND priority = ? AND not_before <= ? ORDER BY ${ORDER_BY_DUE} LIMIT ?)
       WHERE ${MAY_START} AND (host IS NULL OR host NOT IN (SELECT value FROM json_each(?))) LIMIT ?)
     ORDER BY ${ORDER_BY_DUE}`,
    [priority, now, among, busy.jobs, busy.hosts, limit],
  );
}

/**
 * The hosts with free capacity among a priority's waiting runs, as a JSON list; `undefined` when there are too many.
 */
function freeHosts(db: QuickscrapeDatabase, priority: number, busy: Busy): string | undefined {
  const next = (after: string) =>
    `SELECT min(host) FROM runs INDEXED BY runs_waiting_by_host WHERE ${IS_WAITING} AND priority = ?1 ${after}`;
  const found = db.all<{ host: string }>(
    // One index step per host, however many runs wait for it.
    `WITH RECURSIVE waiting (host) AS (
       ${next('')}
       UNION ALL
       SELECT (${next('AND host > waiting.host')}) FROM waiting WHERE waiting.host IS NOT NULL
       LIMIT ?2)
     SELECT host FROM waiting WHERE host IS NOT NULL`,
    [priority, MAX_HOST_LOOKUPS + 1],
  );
  if (found.length > MAX_HOST_LOOKUPS) return undefined;
  const isBusy = new Set(JSON.parse(busy.hosts) as string[]);
  // A run whose host is not known is not limited by a host.
  return JSON.stringify([null, ...found.map(({ host }) => host).filter((host) => !isBusy.has(host))]);
}

function firstOfHosts(
  db: QuickscrapeDatabase,
  priority: number,
  now: number,
  busy: Busy,
  limit: number,
  hosts: string,
): RunRow[] {
  return db.all<RunRow>(
    `SELECT * FROM runs WHERE rowid IN (
       SELECT first.rowid FROM json_each(?) AS free CROSS JOIN runs AS first ON first.rowid IN (
         SELECT rowid FROM runs INDEXED BY runs_waiting_by_host
         WHERE ${IS_WAITING} AND priority = ? AND host IS free.value AND not_before <= ? AND ${MAY_START}
         ORDER BY ${ORDER_BY_DUE} LIMIT ?))
     ORDER BY ${ORDER_BY_DUE} LIMIT ?`,
    [hosts, priority, now, busy.jobs, limit, limit],
  );
}
