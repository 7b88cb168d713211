import type { QuickscrapeDatabase } from '../database/database.ts';
import { readMetadata, writeMetadata } from '../database/schema.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

/** A period in which no run could start; instants in epoch milliseconds. */
export interface Downtime {
  from: number;
  to: number;
  /**
   * `off`: no scheduler was running; `asleep`: the wall clock skipped this period, because it was set forward or the
   * machine slept; `blocked`: the scheduler could not write its decisions; `full`: the disk had no room for runs.
   */
  kind: 'off' | 'asleep' | 'blocked' | 'full';
}

/** Name of the row in `facts` that holds when a scheduler was last running. */
const SEEN_AT = 'scheduler_seen_at';
/**
 * A scheduler records at this interval that it is running, in milliseconds. The downtime of a killed scheduler may
 * begin too early by up to this much.
 */
const RECORD_INTERVAL_MS = 20_000;
/** Shorter gaps are not recorded, in milliseconds: an occurrence in such a gap still starts on time. */
const MIN_DOWNTIME_MS = 1_000;
const MAX_DOWNTIMES = 1_000;
/** Start of the downtime in a home that never had a scheduler. */
const NEVER = 0;

/** Records when a scheduler is running, so that the next scheduler can determine the downtime before its start. */
export class UptimeRecorder {
  readonly #db: QuickscrapeDatabase;
  #recordedAt = Number.NEGATIVE_INFINITY;

  constructor(db: QuickscrapeDatabase) {
    this.#db = db;
  }

  /**
   * Records a scheduler's start. The time since the last scheduler is a downtime; without an earlier scheduler, all
   * time before now is.
   */
  recordStart(now: number): void {
    this.#db.transaction(() => {
      this.#record({ from: schedulerSeenAt(this.#db) ?? NEVER, to: now, kind: 'off' });
      this.recordSeen(now);
    });
  }

  /** Records that the wall clock has advanced by more than the elapsed time. */
  recordSleep(from: number, to: number): void {
    this.#db.transaction(() => {
      this.#record({ from, to, kind: 'asleep' });
      this.recordSeen(to);
    });
  }

  /**
   * Records that the scheduler could decide nothing, because its database was locked or its disk full. A repeated call
   * with the same `from` extends the period to `to`.
   */
  recordBlocked(from: number, to: number): void {
    this.#db.transaction(() => {
      this.#db.run(`DELETE FROM downtime WHERE kind = 'blocked' AND from_at = ?`, [from]);
      this.#record({ from, to, kind: 'blocked' });
    });
  }

  /** Records that the disk had no room for runs. */
  recordDiskFull(from: number, to: number): void {
    this.#db.transaction(() => this.#record({ from, to, kind: 'full' }));
  }

  /** Records that the scheduler is running, at most once per interval. */
  recordSeenIfDue(now: number): void {
    if (Math.abs(now - this.#recordedAt) >= RECORD_INTERVAL_MS) this.recordSeen(now);
  }

  /** Records that the scheduler was running until `now`. */
  recordSeen(now: number): void {
    writeMetadata(this.#db, SEEN_AT, String(now));
    this.#recordedAt = now;
  }

  #record({ from, to, kind }: Downtime): void {
    if (to - from < MIN_DOWNTIME_MS) return;
    this.#db.run('INSERT INTO downtime (from_at, to_at, kind) VALUES (?, ?, ?)', [from, to, kind]);
    this.#db.run(
      `DELETE FROM downtime WHERE rowid NOT IN (SELECT rowid FROM downtime ORDER BY to_at DESC, rowid DESC LIMIT ?)`,
      [MAX_DOWNTIMES],
    );
  }
}

/**
 * When a scheduler was last running, epoch ms; slightly early after a kill. `undefined` when no scheduler has run here.
 */
export function schedulerSeenAt(db: QuickscrapeDatabase): number | undefined {
  const seen = readMetadata(db, SEEN_AT);
  return seen === undefined ? undefined : Number(seen);
}

/** Returns the downtimes that overlap the period from `from` to `to`, ordered by their end. */
export function findDowntimes(db: QuickscrapeDatabase, from: number, to: number): Downtime[] {
  return db.all<Downtime>(
    `SELECT from_at AS "from", to_at AS "to", kind FROM downtime WHERE to_at >= ? AND from_at <= ? ORDER BY to_at`,
    [from, to],
  );
}

/** Describes why nothing was started at an instant; times are shown in the given zone. */
export function describeNotStarted(at: number, downtimes: readonly Downtime[], timezone: string): string {
  const down = downtimes.findLast(({ from, to }) => from <= at && at <= to);
  if (!down) return 'the scheduler was too busy, or the job file could not be used';
  if (down.from === NEVER)
    return `no scheduler had run on this home before ${formatInstant(down.to, timezone)}`;
  const span = `from ${formatInstant(down.from, timezone)} to ${formatInstant(down.to, timezone)}`;
  switch (down.kind) {
    case 'off':
      return `the scheduler was off ${span}`;
    case 'asleep':
      return `the machine slept or its clock was set forward: ${span}`;
    case 'blocked':
      return `the scheduler could not use its database or files ${span} (see its log)`;
    case 'full':
      return `the disk had no room for runs ${span}`;
    default:
      return down.kind satisfies never;
  }
}

/** Returns for how long no run could start between `from` and `to`, in milliseconds. */
export function totalDowntimeMs(downtimes: readonly Downtime[], from: number, to: number): number {
  let lost = 0;
  let end = from;
  for (const down of [...downtimes].sort((a, b) => a.from - b.from)) {
    const until = Math.min(down.to, to);
    if (until <= end) continue;
    lost += until - Math.max(down.from, end);
    end = until;
  }
  return lost;
}
