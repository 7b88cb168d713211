import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/core/fs/atomic-file.ts';
import { type HomePaths, makeHome, resolveHome } from '../../../src/core/fs/paths.ts';
import { JobStore } from '../../../src/core/jobs/job-store.ts';
import type { Clock } from '../../../src/core/lib/clock.ts';
import { systemClock } from '../../../src/core/lib/clock.ts';
import { removeFolder } from '../../temp-folder.ts';

export const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' } as const;

/** A store in a temporary home of its own, with short ways to its files. */
export class TempStore implements Disposable {
  readonly paths: HomePaths;
  #db: QuickscrapeDatabase | undefined;
  #store: JobStore | undefined;
  #other: { db: QuickscrapeDatabase; store: JobStore } | undefined;
  readonly #clock: Clock;
  readonly #fileSystem: FileSystem;

  constructor(clock: Clock = systemClock, fileSystem: FileSystem = nodeFileSystem, root: string = tmpdir()) {
    this.paths = resolveHome({ home: mkdtempSync(join(root, 'quickscrape-store-')) });
    makeHome(this.paths);
    this.#clock = clock;
    this.#fileSystem = fileSystem;
  }

  get db(): QuickscrapeDatabase {
    this.#db ??= new QuickscrapeDatabase(this.paths.database);
    return this.#db;
  }

  get store(): JobStore {
    const [clock, fileSystem] = [this.#clock, this.#fileSystem];
    this.#store ??= new JobStore({ paths: this.paths, db: this.db, clock, fileSystem });
    return this.#store;
  }

  get hasOther(): boolean {
    return this.#other !== undefined;
  }

  /** The same home as another process sees it, through connections of its own. */
  get other(): JobStore {
    if (!this.#other) {
      const db = new QuickscrapeDatabase(this.paths.database);
      const [clock, fileSystem] = [this.#clock, this.#fileSystem];
      this.#other = { db, store: new JobStore({ paths: this.paths, db, clock, fileSystem }) };
    }
    return this.#other.store;
  }

  /** As if the process had ended and another one came. */
  reopen(): JobStore {
    this.#close();
    return this.store;
  }

  file(id: string): string {
    return join(this.paths.jobs, `${id}.json`);
  }

  text(id: string): string {
    return readFileSync(this.file(id), 'utf8');
  }

  json(id: string): Record<string, unknown> {
    return JSON.parse(this.text(id));
  }

  /** Writes a job file as a person would. */
  put(id: string, content: unknown): void {
    writeFileSync(this.file(id), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }

  async create(id: string, fields: Record<string, unknown> = {}) {
    return this.store.create({ id, fields: { config_name: 'books', schedule: DAILY, ...fields } }, 'library');
  }

  valid(id: string) {
    const entry = this.store.get(id);
    if (entry?.kind !== 'valid') throw new Error(`job ${id} is ${entry?.kind ?? 'missing'}`);
    return entry;
  }

  /** As if the disk had no room for the database any more, while files still fit. */
  refuseWrites(): void {
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
      this.db.run(
        `CREATE TRIGGER full_${event} BEFORE ${event} ON job_state BEGIN SELECT RAISE(ABORT, 'disk is full'); END`,
      );
    }
  }

  allowWrites(): void {
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) this.db.run(`DROP TRIGGER full_${event}`);
  }

  [Symbol.dispose](): void {
    this.#close();
    removeFolder(this.paths.home);
  }

  #close(): void {
    this.#other?.store.close();
    this.#other?.db.close();
    this.#store?.close();
    this.#db?.close();
    this.#other = undefined;
    this.#store = undefined;
    this.#db = undefined;
  }
}

/** A clock that stands still until it is set. */
export function stoppedClock(at: string): Clock & { set(at: string): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    monotonic: () => now,
    setTimer: systemClock.setTimer,
    set: (to) => {
      now = Date.parse(to);
    },
  };
}

/** `it` with such a store, `temp`, under a `clock` that stands at noon in UTC. */
export const it = test
  .extend('clock', () => stoppedClock('2026-11-25T12:00:00Z'))
  .extend('temp', ({ clock }) => {
    const temp = new TempStore(clock);
    onTestFinished(() => temp[Symbol.dispose]());
    return temp;
  });
