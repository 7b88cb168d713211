import type { QuickscrapeDatabase } from '../database/database.ts';
import { readMetadata, writeMetadata } from '../database/metadata.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

/** A time in which nothing could be started; instants in epoch milliseconds. */
export interface Downtime {
  from: number;
  to: number;
  /**
   * `off`: no scheduler was there; `asleep`: the wall clock went over it, set forward or with the machine asleep;
   * `blocked`: the scheduler could not write down what it decides; `full`: the disk had no room for runs.
   */
  kind: 'off' | 'asleep' | 'blocked' | 'full';
}

/** Under this name `facts` holds when a scheduler was last there. */
const SEEN_AT = 'scheduler_seen_at';
/** A scheduler notes that it is there this often, in milliseconds: so much too early may a killed one seem to be off. */
const RECORD_INTERVAL_MS = 20_000;
/** A shorter gap explains nothing, in milliseconds: what came due in it is still on time. */
const MIN_DOWNTIME_MS = 1_000;
const MAX_DOWNTIMES = 1_000;
/** Since when a scheduler has been off that was never there. */
const NEVER = 0;

/** What a scheduler leaves behind so that the next one can tell since when none was there. */
export class UptimeRecorder {
  readonly #db: QuickscrapeDatabase;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(db: QuickscrapeDatabase) {
    this.#db = db;
  }

  /** A scheduler starts: the time since the last one was there is a downtime, or all time when none is known of. */
  recordStart(now: number): void {
    this.#db.transaction(() => {
      this.#record({ from: schedulerSeenAt(this.#db) ?? NEVER, to: now, kind: 'off' });
      this.recordSeen(now);
    });
  }

  /** The wall clock has gone forward by more than time has passed. */
  recordSleep(from: number, to: number): void {
    this.#db.transaction(() => {
      this.#record({ from, to, kind: 'asleep' });
      this.recordSeen(to);
    });
  }

  /** The scheduler could decide nothing: its database was locked, its disk full. Told again, it lasts until `to`. */
  recordBlocked(from: number, to: number): void {
    this.#db.transaction(() => {
      this.#db.run(`DELETE FROM downtime WHERE kind = 'blocked' AND from_at = ?`, [from]);
      this.#record({ from, to, kind: 'blocked' });
    });
  }

  /** The disk had no room for runs. */
  recordDiskFull(from: number, to: number): void {
    this.#db.transaction(() => this.#record({ from, to, kind: 'full' }));
  }

  /** The scheduler is there: written now and then only. */
  recordSeenIfDue(now: number): void {
    if (Math.abs(now - this.#notedAt) >= RECORD_INTERVAL_MS) this.recordSeen(now);
  }

  /** The scheduler was there until `now`. */
  recordSeen(now: number): void {
    writeMetadata(this.#db, SEEN_AT, String(now));
    this.#notedAt = now;
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

/** When a scheduler was last there, epoch ms (of one that was killed a little too early); `undefined` in a home without. */
export function schedulerSeenAt(db: QuickscrapeDatabase): number | undefined {
  const seen = readMetadata(db, SEEN_AT);
  return seen === undefined ? undefined : Number(seen);
}

/** The downtimes that touch the time from `from` to `to`, the earliest first. */
export function findDowntimes(db: QuickscrapeDatabase, from: number, to: number): Downtime[] {
  return db.all<Downtime>(
    `SELECT from_at AS "from", to_at AS "to", kind FROM downtime WHERE to_at >= ? AND from_at <= ? ORDER BY to_at`,
    [from, to],
  );
}

/** Why nothing was started at an instant, in words; instants as the zone's clocks show them. */
export function describeNotStarted(at: number, downtimes: readonly Downtime[], timezone: string): string {
  const down = downtimes.findLast(({ from, to }) => from <= at && at <= to);
  if (!down) return 'the scheduler was too busy, or the file of the job could not be used';
  if (down.from === NEVER)
    return `no scheduler had run on this home before ${formatInstant(down.to, timezone)}`;
  const span = `from ${formatInstant(down.from, timezone)} to ${formatInstant(down.to, timezone)}`;
  switch (down.kind) {
    case 'off':
      return `the scheduler was off ${span}`;
    case 'asleep':
      return `the machine slept or its clock was set forward: ${span}`;
    case 'blocked':
      return `the scheduler could not use its database or files ${span}, as its log says`;
    case 'full':
      return `the disk had no room for runs ${span}`;
    default:
      return down.kind satisfies never;
  }
}

/** For how long nothing could be started in the time from `from` to `to`, in milliseconds. */
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
