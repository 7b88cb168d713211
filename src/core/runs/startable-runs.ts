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
 * With at most this many pairs of host and pool, only the first runs of each free pair are read instead, which skips
 * runs for busy hosts and held pools.
 */
const MAX_HOST_LOOKUPS = 600;

/** The jobs, hosts and pools that block runs, as JSON lists. */
interface Busy {
  jobs: string;
  hosts: string;
  /** `undefined` when none is held: most homes know no pools. */
  pools: string | undefined;
}

/**
 * Returns the runs that may start now, best first. Such a run is due and not cancelled. Its job has no other started
 * run, unless the job allows overlap. Fewer than `perHost` started runs use its host. Each run is checked alone:
 * callers that start several must count them ({@link selectStartable}). Higher priorities come first, then the runs
 * that have been due longest.
 * @param now epoch milliseconds
 * @param limit the most runs to return, at least 1
 * @param heldPools the pools whose runs cannot start now
 */
export function startableRuns(
  db: QuickscrapeDatabase,
  now: number,
  limit: number,
  perHost = Number.MAX_SAFE_INTEGER,
  heldPools: readonly string[] = [],
): RunRecord[] {
  const busy = countBusy(db, perHost, heldPools);
  const found: RunRow[] = [];
  let priority = highestBelow(db, Number.MAX_SAFE_INTEGER);
  while (priority !== null && found.length < limit) {
    found.push(...ofPriority(db, priority, now, busy, limit - found.length));
    priority = highestBelow(db, priority);
  }
  return found.map(toRunRecord);
}

/** The jobs that have a started run, the hosts that have reached their limit, and the held pools. */
function countBusy(db: QuickscrapeDatabase, perHost: number, heldPools: readonly string[]): Busy {
  const running = db.all<{ job: string; host: string | null }>(
    `SELECT job_id AS job, host FROM runs WHERE ${IS_ACTIVE} AND status IN ('starting', 'running')`,
  );
  const onHost = new Map<string, number>();
  for (const { host } of running) if (host !== null) onHost.set(host, (onHost.get(host) ?? 0) + 1);
  const hosts = [...onHost].filter(([, runs]) => runs >= perHost).map(([host]) => host);
  return {
    jobs: JSON.stringify(running.map(({ job }) => job)),
    hosts: JSON.stringify(hosts),
    pools: heldPools.length === 0 ? undefined : JSON.stringify(heldPools),
  };
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
  const places = freePlaces(db, priority, busy);
  return places === undefined
    ? inOrder(db, priority, now, busy, limit, -1)
    : firstOfPlaces(db, priority, now, busy, limit, places);
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
  const { pools } = busy;
  const isFree = pools === undefined ? '' : 'AND pool NOT IN (SELECT value FROM json_each(?))';
  return db.all<RunRow>(
    `SELECT * FROM runs WHERE rowid IN (
       SELECT row FROM (
         SELECT rowid AS row, job_id, host, pool, overlap, cancel_requested_at FROM runs INDEXED BY runs_waiting
         WHERE ${IS_WAITING} AND priority = ? AND not_before <= ? ORDER BY ${ORDER_BY_DUE} LIMIT ?)
       WHERE ${MAY_START} AND (host IS NULL OR host NOT IN (SELECT value FROM json_each(?))) ${isFree} LIMIT ?)
     ORDER BY ${ORDER_BY_DUE}`,
    [priority, now, among, busy.jobs, busy.hosts, ...(pools === undefined ? [] : [pools]), limit],
  );
}

/** A host and a pool for which runs of a priority wait. */
interface Place {
  host: string | null;
  pool: string;
}

/**
 * The hosts with free capacity and the pools that are not held, among a priority's waiting runs, as a JSON list of
 * pairs; `undefined` when there are too many.
 */
function freePlaces(db: QuickscrapeDatabase, priority: number, busy: Busy): string | undefined {
  const first = (after: string) =>
    `SELECT rowid FROM runs INDEXED BY runs_waiting_by_host
     WHERE ${IS_WAITING} AND priority = ?1 ${after} ORDER BY host, pool LIMIT 1`;
  const found = db.all<Place>(
    // One or two index steps per pair, however many runs wait for it. Runs without a host come first in the index.
    `WITH RECURSIVE waiting (row) AS (
       SELECT * FROM (${first('')})
       UNION ALL
       SELECT coalesce(
         (${first('AND host IS place.host AND pool > place.pool')}),
         (${first("AND host > coalesce(place.host, '')")}))
       FROM waiting CROSS JOIN runs AS place ON place.rowid = waiting.row
       LIMIT ?2)
     SELECT host, pool FROM waiting CROSS JOIN runs ON runs.rowid = waiting.row`,
    [priority, MAX_HOST_LOOKUPS + 1],
  );
  if (found.length > MAX_HOST_LOOKUPS) return undefined;
  const isBusy = new Set(JSON.parse(busy.hosts) as string[]);
  const isHeld = new Set(busy.pools === undefined ? [] : (JSON.parse(busy.pools) as string[]));
  // A run whose host is not known is not limited by a host.
  const isFree = ({ host, pool }: Place) => (host === null || !isBusy.has(host)) && !isHeld.has(pool);
  return JSON.stringify(found.filter(isFree).map(({ host, pool }) => [host, pool]));
}

function firstOfPlaces(
  db: QuickscrapeDatabase,
  priority: number,
  now: number,
  busy: Busy,
  limit: number,
  places: string,
): RunRow[] {
  return db.all<RunRow>(
    `SELECT * FROM runs WHERE rowid IN (
       SELECT first.rowid FROM (SELECT value ->> 0 AS host, value ->> 1 AS pool FROM json_each(?)) AS free
         CROSS JOIN runs AS first ON first.rowid IN (
         SELECT rowid FROM runs INDEXED BY runs_waiting_by_host
         WHERE ${IS_WAITING} AND priority = ? AND host IS free.host AND pool = free.pool AND not_before <= ?
           AND ${MAY_START}
         ORDER BY ${ORDER_BY_DUE} LIMIT ?))
     ORDER BY ${ORDER_BY_DUE} LIMIT ?`,
    [places, priority, now, busy.jobs, limit, limit],
  );
}
