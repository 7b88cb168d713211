import type { QuickscrapeDatabase } from '../database/database.ts';
import { tagsOfPool, toPool } from '../model/worker-names.ts';

/** What a worker says of itself with each sign of life. */
export interface WorkerReport {
  name: string;
  tags: readonly string[];
  /** How many runs it executes at once. */
  slots: number;
  /** How many it executes now. */
  running: number;
  version: string;
  /** By how many milliseconds its clock is ahead of the home's. */
  skewMs: number;
  /** Why it takes no runs, although it is there; `null` when it takes them. */
  problem?: string | null;
}

/** What was last heard of a worker; instants in epoch milliseconds. */
export interface WorkerRecord extends WorkerReport {
  firstSeen: number;
  /** May lag behind by {@link RECORD_INTERVAL_MS}. */
  lastSeen: number;
  drain: DrainLevel;
  problem: string | null;
}

/** 0: it takes runs; 1: it takes no more; 2: and its runs are cancelled. */
export type DrainLevel = 0 | 1 | 2;

/** How often the row of a worker that says nothing new is written. */
export const RECORD_INTERVAL_MS = 30_000;
/** A smaller difference of the clock's skew is nothing new. */
const SKEW_STEP_MS = 500;

interface WorkerRow {
  name: string;
  tags: string;
  slots: number;
  running: number;
  version: string;
  first_seen: number;
  last_seen: number;
  skew_ms: number;
  drain: number;
  problem: string | null;
}

/** Records what a worker says. While it says nothing new, its row is written at most twice a minute. */
export function recordWorker(db: QuickscrapeDatabase, report: WorkerReport, now: number): void {
  const before = readWorker(db, report.name);
  if (before !== undefined && !isNews(before, report) && now - before.lastSeen < RECORD_INTERVAL_MS) return;
  db.run(
    `INSERT INTO workers (name, tags, slots, running, version, first_seen, last_seen, skew_ms, problem)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)
     ON CONFLICT (name) DO UPDATE SET tags = ?2, slots = ?3, running = ?4, version = ?5, last_seen = ?6, skew_ms = ?7,
       problem = ?8`,
    [
      report.name,
      toPool(report.tags),
      report.slots,
      report.running,
      report.version,
      now,
      Math.round(report.skewMs),
      report.problem ?? null,
    ],
  );
}

function isNews(before: WorkerRecord, report: WorkerReport): boolean {
  return (
    before.slots !== report.slots ||
    before.running !== report.running ||
    before.version !== report.version ||
    toPool(before.tags) !== toPool(report.tags) ||
    before.problem !== (report.problem ?? null) ||
    Math.abs(before.skewMs - report.skewMs) >= SKEW_STEP_MS
  );
}

export function readWorker(db: QuickscrapeDatabase, name: string): WorkerRecord | undefined {
  const row = db.get<WorkerRow>('SELECT * FROM workers WHERE name = ?', [name]);
  return row && toWorkerRecord(row);
}

/** Lists what was heard of all workers, by name. */
export function listWorkerRecords(db: { all<T>(sql: string): T[] }): WorkerRecord[] {
  return db.all<WorkerRow>('SELECT * FROM workers ORDER BY name').map(toWorkerRecord);
}

/**
 * Asks for a drain, or withdraws it with 0. The scheduler tells the worker.
 * @returns whether anything was ever heard of this worker
 */
export function setWorkerDrain(db: QuickscrapeDatabase, name: string, drain: DrainLevel): boolean {
  return db.run('UPDATE workers SET drain = ? WHERE name = ?', [drain, name]).changes === 1;
}

/** Records that a worker takes no runs any more, and has none: it has ended, or is not answered. */
export function retireWorker(db: QuickscrapeDatabase, name: string): void {
  db.run('UPDATE workers SET running = 0, drain = max(drain, 1) WHERE name = ?', [name]);
}

/** Forgets what was heard under a name: a new invitation starts without a history. */
export function forgetWorker(db: QuickscrapeDatabase, name: string): void {
  db.run('DELETE FROM workers WHERE name = ?', [name]);
}

function toWorkerRecord(row: WorkerRow): WorkerRecord {
  return {
    name: row.name,
    tags: tagsOfPool(row.tags),
    slots: row.slots,
    running: row.running,
    version: row.version,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    skewMs: row.skew_ms,
    drain: row.drain === 2 ? 2 : row.drain === 1 ? 1 : 0,
    problem: row.problem,
  };
}
