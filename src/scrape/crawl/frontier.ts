import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Libsql from 'libsql';
import { openPrivateFile } from '../../core/database/connection.ts';
import { Sqlite } from '../../core/database/native-sqlite.ts';
import { sqlCode } from '../../core/database/sql-errors.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** An address of a crawl. Its id is its place in the order of the pages, from 1. */
export interface FrontierPage {
  id: number;
  url: string;
  /** The number of links between a start address and it. */
  depth: number;
  /** The page that links to it; 0 for a start address. */
  parent: number;
  shape: string;
}

/** What a page brought: `rows` that no page before had, `links` worth following, or neither. */
export type News = 'nothing' | 'links' | 'rows';

const NEWS: readonly News[] = ['nothing', 'links', 'rows'];

/** How the pages of a shape did lately. */
interface ShapeRecord {
  /** Pages since the last one with a new row. */
  barren: number;
  /** Pages since the last one that brought anything new. */
  idle: number;
}

/** More addresses are not remembered: they take about 150 MB of the disk. */
const MAX_KNOWN = 1_000_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, url TEXT, depth INTEGER NOT NULL, parent INTEGER NOT NULL,
    shape TEXT NOT NULL, wanted INTEGER NOT NULL, settled_by INTEGER, fetched INTEGER NOT NULL DEFAULT 0,
    news INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS shapes (shape TEXT PRIMARY KEY, barren INTEGER NOT NULL, idle INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS seen (
    kind INTEGER NOT NULL, key BLOB NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (kind, key, page)
  ) WITHOUT ROWID;`;

/** What is remembered besides addresses. */
const SEEN = {
  row: 1,
  text: 2,
  canonical: 3,
  left: 4,
  // Of idle-params.ts.
  rest: 5,
  restContent: 6,
  equal: 7,
  idle: 8,
  telling: 9,
} as const;
export type SeenKind = keyof typeof SEEN;

/**
 * The addresses of a crawl, those that were fetched and those that wait, in an SQLite file. Each is stored once, by the
 * hash of its canonical form. Everything is stored with the page that brought it, so that {@link rewind} restores the
 * state after any page: a resumed attempt continues as one that was never interrupted.
 */
export class Frontier {
  readonly #db: Libsql.Database;
  readonly #file: string;
  readonly #statements = new Map<string, Libsql.Statement>();
  /** Addresses that contain a secret, which is not for the disk, by id. */
  readonly #secrets = new Map<number, string>();
  readonly #isSecret: (url: string) => boolean;
  #lastId = 0;
  #waiting = 0;
  #fetched = 0;

  /**
   * Opens or creates the file (mode 0600); without one, the addresses are in memory. A file that cannot be used is
   * replaced by an empty one.
   * @param isSecret whether an address must not be written to the disk
   * @throws ScrapeError `output`
   */
  constructor(file: string | undefined, isSecret: (url: string) => boolean = () => false) {
    this.#file = file ?? 'the memory';
    this.#isSecret = isSecret;
    this.#db = this.#wrap(() => openDatabase(file));
  }

  /** Whether an address contained a secret, so that another process cannot continue. */
  get hasSecrets(): boolean {
    return this.#secrets.size > 0;
  }

  /** Whether the file knows the page as fetched, and so everything before it. */
  hasFetched(id: number): boolean {
    return this.#get('SELECT 1 FROM pages WHERE id = ? AND fetched = 1', [id]) !== undefined;
  }

  /** Removes everything. */
  clear(): void {
    this.#exec('DELETE FROM pages; DELETE FROM shapes; DELETE FROM seen');
    this.#count();
  }

  /** Restores the state after a page was completed. */
  rewind(id: number): void {
    this.transaction(() => {
      this.#run('DELETE FROM pages WHERE parent > ?', [id]);
      this.#run('UPDATE pages SET settled_by = NULL, fetched = 0, news = 0 WHERE settled_by > ?', [id]);
      this.#run('DELETE FROM seen WHERE page > ?', [id]);
      this.#exec('DELETE FROM shapes');
      this.#exec(`INSERT INTO shapes SELECT shape, SUM(id > row_at), SUM(id > news_at) FROM (
        SELECT shape, id, MAX(CASE WHEN news = 2 THEN id ELSE 0 END) OVER (PARTITION BY shape) AS row_at,
          MAX(CASE WHEN news > 0 THEN id ELSE 0 END) OVER (PARTITION BY shape) AS news_at
        FROM pages WHERE fetched = 1) GROUP BY shape`);
    });
    this.#count();
  }

  /** Runs `work` so that either all of its changes are kept or none. */
  transaction<T>(work: () => T): T {
    this.#exec('BEGIN');
    try {
      const result = work();
      this.#exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Returns the first page that waits.
   * @param wantedFirst pages that are added as wanted come before all others
   */
  next(wantedFirst = false): FrontierPage | undefined {
    const found = this.#get(
      `SELECT id, url, depth, parent, shape FROM pages WHERE id > ? AND settled_by IS NULL ORDER BY ${orderBy(wantedFirst)} LIMIT 1`,
      [this.#lastId],
    ) as (Omit<FrontierPage, 'url'> & { url: string | null }) | undefined;
    if (found === undefined) return undefined;
    if (!wantedFirst) this.#lastId = found.id - 1;
    const { id, url, depth, parent, shape } = found;
    return { id, url: url ?? this.#secrets.get(id) ?? '', depth, parent, shape };
  }

  /**
   * Returns the addresses that will probably be fetched next, in the order of {@link next}.
   * @param patience those of shapes that have been idle for so long are left out
   */
  ahead(count: number, patience: number, wantedFirst = false): string[] {
    const found = this.#all(
      `SELECT id, url FROM pages WHERE id > ? AND settled_by IS NULL AND NOT EXISTS
        (SELECT 1 FROM shapes WHERE shapes.shape = pages.shape AND idle >= ?)
        ORDER BY ${orderBy(wantedFirst)} LIMIT ?`,
      [this.#lastId, patience, count],
    ) as { id: number; url: string | null }[];
    return found.map(({ id, url }) => url ?? this.#secrets.get(id) ?? '');
  }

  urlOf(id: number): string | undefined {
    return (
      (this.#get('SELECT url FROM pages WHERE id = ?', [id]) as { url: string | null } | undefined)?.url ??
      undefined
    );
  }

  /** Whether an address is known, whatever became of it. @param canonical its canonical form */
  knows(canonical: string): boolean {
    return this.#get('SELECT 1 FROM pages WHERE key = ?', [toKey(canonical)]) !== undefined;
  }

  /**
   * Adds an address that is not known yet.
   * @param page `canonical` is its canonical form, `isWanted` whether rows are read from it
   * @returns false if there is no room
   */
  add(page: Omit<FrontierPage, 'id'> & { canonical: string; isWanted: boolean }): boolean {
    if (this.#fetched + this.#waiting >= MAX_KNOWN) return false;
    const { url, depth, parent, shape, canonical, isWanted } = page;
    const secret = this.#isSecret(url);
    const { lastInsertRowid } = this.#run(
      'INSERT INTO pages (key, url, depth, parent, shape, wanted) VALUES (?, ?, ?, ?, ?, ?)',
      [toKey(canonical), secret ? null : url, depth, parent, shape, Number(isWanted)],
    );
    if (secret) this.#secrets.set(Number(lastInsertRowid), url);
    this.#waiting += 1;
    return true;
  }

  /**
   * Records that a page has been fetched under another address, to which it was redirected.
   * @returns whether that address had been fetched before
   */
  redirect({ id, depth, shape }: FrontierPage, canonical: string): boolean {
    const key = toKey(canonical);
    const found = this.#get('SELECT id, settled_by FROM pages WHERE key = ?', [key]) as
      | { id: number; settled_by: number | null }
      | undefined;
    if (found?.id === id) return false;
    if (found === undefined) {
      this.#run(
        'INSERT INTO pages (key, depth, parent, shape, wanted, settled_by) VALUES (?, ?, ?, ?, 0, ?)',
        [key, depth, id, shape, id],
      );
      return false;
    }
    if (found.settled_by !== null) return true;
    this.#run('UPDATE pages SET settled_by = ? WHERE id = ?', [id, found.id]);
    this.#waiting -= 1;
    return false;
  }

  /**
   * Records that a page no longer waits.
   * @param news what it brought; undefined if it was not fetched
   */
  settle({ id, shape }: FrontierPage, news: News | undefined): void {
    const fetched = Number(news !== undefined);
    const level = news === undefined ? 0 : NEWS.indexOf(news);
    this.#run('UPDATE pages SET settled_by = ?, fetched = ?, news = ? WHERE id = ?', [
      id,
      fetched,
      level,
      id,
    ]);
    this.#waiting -= 1;
    this.#fetched += fetched;
    if (news === undefined) return;
    this.#run(
      `INSERT INTO shapes VALUES (?1, ?2, ?3) ON CONFLICT (shape) DO UPDATE SET
        barren = ?2 * (barren + 1), idle = ?3 * (idle + 1)`,
      [shape, Number(level < 2), Number(level < 1)],
    );
  }

  shapeOf(shape: string): ShapeRecord {
    const found = this.#get('SELECT barren, idle FROM shapes WHERE shape = ?', [shape]);
    const { barren = 0, idle = 0 } = (found ?? {}) as Partial<ShapeRecord>;
    return { barren, idle };
  }

  /** Returns the number of pages that have something, at most `most`. */
  count(kind: SeenKind, what: string, most = 1): number {
    const { count } = this.#get(
      'SELECT COUNT(*) AS count FROM (SELECT 1 FROM seen WHERE kind = ? AND key = ? LIMIT ?)',
      [SEEN[kind], toKey(what), most],
    ) as { count: number };
    return count;
  }

  /**
   * Notes something that a page has.
   * @returns the number of earlier pages that had it, at most `most`
   */
  note(kind: SeenKind, what: string, page: number, most = 1): number {
    const key = toKey(what);
    const { count } = this.#get(
      'SELECT COUNT(*) AS count FROM (SELECT 1 FROM seen WHERE kind = ? AND key = ? AND page <> ? LIMIT ?)',
      [SEEN[kind], key, page, most],
    ) as { count: number };
    if (count < most)
      this.#run('INSERT OR IGNORE INTO seen (kind, key, page) VALUES (?, ?, ?)', [SEEN[kind], key, page]);
    return count;
  }

  /** The number of pages that were fetched. */
  get fetched(): number {
    return this.#fetched;
  }

  /** The number of addresses that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #count(): void {
    const { waiting, fetched } = this.#get(
      'SELECT COUNT(*) FILTER (WHERE settled_by IS NULL) AS waiting, COUNT(*) FILTER (WHERE fetched = 1) AS fetched FROM pages',
    ) as { waiting: number; fetched: number };
    [this.#waiting, this.#fetched, this.#lastId] = [waiting, fetched, 0];
  }

  #exec(sql: string): void {
    this.#wrap(() => this.#db.exec(sql));
  }

  #get(sql: string, values: SqlValues = []): unknown {
    return this.#wrap(() => this.#prepare(sql).get(values));
  }

  #all(sql: string, values: SqlValues): unknown[] {
    return this.#wrap(() => this.#prepare(sql).all(values));
  }

  #run(sql: string, values: SqlValues): { lastInsertRowid: number | bigint } {
    return this.#wrap(() => this.#prepare(sql).run(values));
  }

  #prepare(sql: string): Libsql.Statement {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #wrap<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof ScrapeError) throw error;
      const message = `the addresses of the crawl cannot be kept in ${this.#file}: ${(error as Error).message}`;
      throw new ScrapeError('output', message, {
        hint: 'Check the space on the disk, and the permissions of the folder.',
        cause: error,
      });
    }
  }
}

type SqlValues = readonly (string | number | null | Buffer)[];

function toKey(text: string): Buffer {
  return hash('sha256', text, 'buffer').subarray(0, 12);
}

function orderBy(wantedFirst: boolean): string {
  return wantedFirst ? 'wanted DESC, id' : 'id';
}

/** Returns the file of a frontier, in the folder of the staged items. */
export function frontierBeside(stagingFile: string): string {
  return join(dirname(stagingFile), 'crawl.db');
}

/** Removes the file of a frontier, and what SQLite puts beside it. */
export function removeFrontier(file: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${ending}`, { force: true });
}

function openDatabase(file: string | undefined): Libsql.Database {
  if (file === undefined) return prepareDatabase(new Sqlite(':memory:'));
  try {
    return prepareDatabase(openPrivateFile(file));
  } catch (error) {
    const code = sqlCode(error) ?? '';
    if (code !== 'SQLITE_CORRUPT' && code !== 'SQLITE_NOTADB') throw error;
    removeFrontier(file);
    return prepareDatabase(openPrivateFile(file));
  }
}

function prepareDatabase(db: Libsql.Database): Libsql.Database {
  try {
    db.exec('PRAGMA journal_mode = WAL');
    // A power failure may undo the last pages, and a checkpoint that speaks of them is then not used (hasFetched).
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
