import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Libsql from 'libsql';
import { checkIntegrity } from '../../database/check-integrity.ts';
import { openImmutable, openReadOnly, query } from '../../database/connection.ts';
import { recentDataLoss } from '../../database/recovery/data-loss.ts';
import { describeJournalMismatch } from '../../database/recovery/stale-database.ts';
import { MIGRATIONS } from '../../database/schema.ts';
import { listSnapshots, snapshotFolder } from '../../database/snapshots.ts';
import { homeId } from '../../fs/home-folder.ts';
import { type HolderRow, type LeaseHolder, toLeaseHolder } from '../../lease/lease.ts';
import { type ChannelHealth, listChannelHealth } from '../../messages/channel-health.ts';
import { isAlive } from '../../process/identity.ts';
import type { JobStateRow } from '../../runs/state-from-runs.ts';
import { type ExecutorState, readExecutorState } from '../../workers/executor-state.ts';
import { listWorkerRecords, type WorkerRecord } from '../../workers/worker-records.ts';
import type { DatabaseFacts } from './checks/check-database.ts';
import type { ActiveRunFact } from './checks/check-jobs.ts';

/** Larger databases are not checked completely: that would take minutes. */
const MAX_CHECKED_BYTES = 2 * 1024 ** 3;

/** The data that `doctor` reads from a database, as far as it is readable. */
export interface DatabaseContent {
  facts: DatabaseFacts;
  /** Whether the tables could be read. */
  readable: boolean;
  newestRecord: number | undefined;
  holder: LeaseHolder | undefined;
  active: ActiveRunFact[];
  /** The state of each job; rows of an older version lack columns. */
  jobStates: Map<string, JobStateRow>;
  /** The ids of all runs, by job. */
  runIds: Map<string, Set<string>>;
  /** What was heard of workers on other machines; nothing in an older schema. */
  workers: WorkerRecord[];
  executorState: ExecutorState | undefined;
  /** What the messages say of each channel; nothing in an older schema. */
  channelHealth: ChannelHealth[];
}

/** Reads `quickscrape.db` without changing, creating or migrating anything; never throws. */
export function collectDatabase(file: string): DatabaseContent {
  const exists = tryOrUndefined(() => statSync(file, { throwIfNoEntry: false })) !== undefined;
  const facts: DatabaseFacts = {
    file,
    exists,
    error: undefined,
    damage: undefined,
    schema: undefined,
    knownSchema: MIGRATIONS.length,
    bytes: sizeOf(file),
    walBytes: sizeOf(`${file}-wal`),
    corruptCopies: corruptCopies(file),
    ...tryOrUndefined(() => snapshotFacts(file)),
  };
  const content: DatabaseContent = {
    facts,
    readable: false,
    newestRecord: undefined,
    holder: undefined,
    active: [],
    jobStates: new Map(),
    runIds: new Map(),
    workers: [],
    executorState: undefined,
    channelHealth: [],
  };
  if (!exists) return content;
  const open = () => openToRead(file);
  if (facts.bytes <= MAX_CHECKED_BYTES) facts.damage = checkIntegrity(file, open).problems;
  // A damaged database is not read further: libsql ends the whole process when it reads a text that is not UTF-8.
  if (facts.damage !== undefined && facts.damage.length > 0) return content;
  try {
    const connection = open();
    try {
      read(connection, content);
    } finally {
      connection.close();
    }
  } catch (error) {
    facts.error = error instanceof Error ? error.message : String(error);
  }
  return content;
}

/** Returns the living scheduler of a home, read without changing anything; `undefined` also where it cannot be read. */
export function findScheduler(file: string): LeaseHolder | undefined {
  return tryOrUndefined(() => {
    const connection = openToRead(file);
    try {
      const [row] = query<HolderRow>(connection, 'SELECT * FROM scheduler WHERE id = 1');
      const holder = row && isOfHome(row, file) ? toLeaseHolder(row) : undefined;
      return holder && isAlive(holder.process) ? holder : undefined;
    } finally {
      connection.close();
    }
  });
}

/** In a copy of a home, the lease row and the active runs belong to the original home. */
function isOfHome({ home }: { home?: string | null }, file: string): boolean {
  const here = homeId(dirname(file));
  return (home ?? here) === here;
}

/** Without WAL files, no process is writing, and `immutable` prevents SQLite from creating them. */
function openToRead(file: string): Libsql.Database {
  const immutable = () => openImmutable(file);
  if (sizeOf(`${file}-wal`) === 0 && sizeOf(`${file}-shm`) === 0) return immutable();
  const connection = openReadOnly(file);
  try {
    connection.exec('PRAGMA busy_timeout = 2000');
    connection.exec('SELECT 1 FROM sqlite_schema');
    return connection;
  } catch (error) {
    connection.close();
    // The folder is read-only, so changes that are still in the WAL are not read.
    if (/^SQLITE_(?:CANTOPEN|READONLY)/.test(String((error as { code?: unknown }).code))) return immutable();
    throw error;
  }
}

function read(connection: Libsql.Database, content: DatabaseContent): void {
  const { facts } = content;
  const all = <T>(sql: string) => connection.prepare(sql).all([]) as T[];
  facts.schema = all<{ user_version: number }>('PRAGMA user_version')[0]?.user_version;
  if (facts.schema === 0 || (facts.schema ?? 0) > MIGRATIONS.length) return;
  facts.losses = describeLosses(facts.file, connection);
  const newest = all<{ at: number | null }>('SELECT max(queued_at) AS at FROM runs')[0]?.at ?? undefined;
  const seen = tryOrUndefined(() =>
    all<{ value: string }>(`SELECT value FROM facts WHERE name = 'scheduler_seen_at'`),
  );
  content.newestRecord = Math.max(newest ?? 0, Number(seen?.[0]?.value) || 0) || undefined;
  const [holder] = all<HolderRow>('SELECT * FROM scheduler WHERE id = 1');
  const isOwnHome = (row: { home?: string | null }) => isOfHome(row, facts.file);
  content.holder = holder && isOwnHome(holder) ? toLeaseHolder(holder) : undefined;
  content.active = all<ActiveRow>(
    `SELECT * FROM runs WHERE status IN ('queued', 'starting', 'running', 'waiting_retry')`,
  ).map((row) => toActive(row, isOwnHome(row)));
  for (const row of all<JobStateRow>('SELECT * FROM job_state')) content.jobStates.set(row.job_id, row);
  for (const row of all<{ job_id: string; run_id: string }>('SELECT job_id, run_id FROM runs')) {
    const ids = content.runIds.get(row.job_id) ?? new Set();
    content.runIds.set(row.job_id, ids.add(row.run_id));
  }
  content.workers = tryOrUndefined(() => listWorkerRecords({ all })) ?? [];
  content.channelHealth =
    tryOrUndefined(() =>
      listChannelHealth(
        { all: <T>(sql: string, params: readonly number[]) => query<T>(connection, sql, params) },
        Date.now(),
      ),
    ) ?? [];
  content.executorState = tryOrUndefined(() =>
    readExecutorState({
      get: <T>(sql: string, params: readonly string[]) => query<T>(connection, sql, params)[0],
    }),
  );
  content.readable = true;
}

/** Returns no losses for an older schema, or without a readable journal. */
function describeLosses(file: string, connection: Libsql.Database): string[] {
  const get = <T>(sql: string, params: readonly string[]) => query<T>(connection, sql, params)[0];
  const loss = tryOrUndefined(() => recentDataLoss({ get }, 'it', Date.now()));
  const journalProblem = tryOrUndefined(() => describeJournalMismatch(file, connection)) ?? [];
  return loss ? [loss.text, ...journalProblem] : journalProblem;
}

interface ActiveRow {
  run_id: string;
  job_id: string;
  status: string;
  not_before: number;
  deadline: number | null;
  pid: number | null;
  pid_start: string | null;
  boot_id: string | null;
  /** Missing in rows of versions that did not record it. */
  home?: string | null;
  worker?: string | null;
  start_deadline?: number | null;
}

function toActive(row: ActiveRow, isOwnHome: boolean): ActiveRunFact {
  const { pid, pid_start: start, boot_id: bootId } = row;
  const process = pid !== null && start !== null && bootId !== null ? { pid, start, bootId } : undefined;
  return {
    runId: row.run_id,
    jobId: row.job_id,
    status: row.status,
    notBefore: row.not_before,
    deadline: row.deadline ?? undefined,
    alive: process && isOwnHome && isAlive(process),
    handedOverAt: row.start_deadline ?? undefined,
    isRemote: (row.worker ?? null) !== null && process === undefined,
  };
}

function sizeOf(file: string): number {
  return tryOrUndefined(() => statSync(file, { throwIfNoEntry: false }))?.size ?? 0;
}

function snapshotFacts(file: string): Pick<DatabaseFacts, 'snapshots'> {
  const snapshots = listSnapshots(file, Date.now());
  return {
    snapshots: { folder: snapshotFolder(file), count: snapshots.length, newestAt: snapshots[0]?.at },
  };
}

function corruptCopies(file: string): string[] {
  const name = basename(file);
  const found = tryOrUndefined(() => readdirSync(dirname(file))) ?? [];
  return found
    .filter((other) => other.startsWith(`${name}.corrupt-`) && other.endsWith('Z'))
    .map((other) => join(dirname(file), other));
}

function tryOrUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
