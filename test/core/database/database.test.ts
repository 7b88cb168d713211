import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { MIGRATIONS } from '../../../src/core/database/schema.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

function open(file = join(tempFolder(), 'quickscrape.db')): QuickscrapeDatabase {
  const db = new QuickscrapeDatabase(file);
  onTestFinished(() => db.close());
  return db;
}

const count = (db: QuickscrapeDatabase) => db.get<{ n: number }>('SELECT count(*) AS n FROM job_state')?.n;
const add = (db: QuickscrapeDatabase, id: string) =>
  db.run('INSERT INTO job_state (job_id) VALUES (?)', [id]);

describe('the database', () => {
  it.skipIf(lacks('modes'))('is for its owner only', () => {
    expect(statSync(open().file).mode & 0o777).toBe(0o600);
  });

  it('undoes a transaction that fails, as a whole', () => {
    const db = open();
    expect(() =>
      db.transaction(() => {
        add(db, 'a');
        db.transaction(() => add(db, 'b'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(count(db)).toBe(0);
    db.transaction(() => add(db, 'c'));
    expect(count(db)).toBe(1);
  });

  it('answers to the parameters of each question, however the same statement was asked before', () => {
    const db = open();
    for (const id of ['a', 'b', 'c']) add(db, id);
    const sql = 'SELECT job_id FROM job_state WHERE job_id = ?';
    const first = (id: string) => db.get<{ job_id: string }>(sql, [id])?.job_id;
    const all = (id: string) => db.all<{ job_id: string }>(sql, [id]).map((row) => row.job_id);
    expect([all('a'), first('b'), all('c'), first('a'), first('none'), all('none'), first('c')]).toEqual([
      ...[['a'], 'b', ['c'], 'a', undefined, [], 'c'],
    ]);
  });

  it('refuses to be used after it was closed, in place of taking the process down', () => {
    const db = open();
    db.close();
    db.close();
    for (const use of [
      () => count(db),
      () => add(db, 'a'),
      () => db.transaction(() => {}),
      () => db.changeVersion(),
    ]) {
      expect(use).toThrowError(expect.objectContaining({ code: 'store_unavailable' }));
    }
  });

  it('may be closed within a transaction, which then fails', () => {
    const db = open();
    expect(() => db.transaction(() => db.close())).toThrow();
  });

  it('leaves a file of a newer version alone', () => {
    const db = open();
    db.run(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    expect(() => open(db.file)).toThrowError(
      expect.objectContaining({
        code: 'store_unavailable',
        message: expect.stringContaining('newer version'),
      }),
    );
  });

  it('keeps a file that is not a database under another name, and goes on with a new one', () => {
    const file = join(tempFolder(), 'quickscrape.db');
    const text = 'this is no database, but somebody’s text, and long enough to be looked at. '.repeat(20);
    writeFileSync(file, text);
    const db = open(file);
    expect(count(db)).toBe(0);
    const kept = readdirSync(dirname(file)).filter((name) => /^quickscrape\.db\.corrupt-[^.]+$/.test(name));
    expect(kept).toHaveLength(1);
    expect(readFileSync(join(dirname(file), kept[0] ?? ''), 'utf8')).toBe(text);
    expect(db.takeNotices()).toEqual([expect.stringContaining(kept[0] ?? '')]);
  });

  it('sees that something was written, by another connection or by its own', () => {
    const first = open();
    const second = open(first.file);
    const marks = [first.changeVersion(), first.changeVersion()];
    expect(marks[0]).toBe(marks[1]);
    add(first, 'mine');
    marks.push(first.changeVersion());
    add(second, 'theirs');
    marks.push(first.changeVersion());
    first.transaction(() => first.all("INSERT INTO facts (name, value) VALUES ('it', '1') RETURNING name"));
    marks.push(first.changeVersion());
    expect(new Set(marks).size).toBe(4);
  });

  it('goes on with the new file when its own was deleted', () => {
    const db = open();
    add(db, 'lost with the file');
    expect(db.reopenIfReplaced()).toBe(false);
    for (const ending of ['', '-wal', '-shm']) rmSync(db.file + ending, { force: true });
    expect(db.reopenIfReplaced()).toBe(true);
    expect(count(db)).toBe(0);
    add(db, 'kept');
    expect(count(open(db.file))).toBe(1);
  });

  it('reports that its file was deleted before a scheduler opened it again', () => {
    const db = open();
    for (const ending of ['', '-wal', '-shm']) rmSync(db.file + ending, { force: true });
    db.compareWithFiles();
    expect(db.reopenIfReplaced()).toBe(true);
    expect(db.reopenIfReplaced()).toBe(false);
  });

  it('waits for another process’s write, and fails with advice when it takes too long', () => {
    const db = new QuickscrapeDatabase(join(tempFolder(), 'quickscrape.db'), { busyWaitMs: 300 });
    onTestFinished(() => db.close());
    const other = new Libsql(db.file);
    for (const lock of ['IMMEDIATE', 'EXCLUSIVE']) {
      other.exec(`BEGIN ${lock}`);
      const started = performance.now();
      expect(() => add(db, 'a')).toThrowError(
        expect.objectContaining({
          code: 'store_unavailable',
          hint: expect.stringContaining('Another process'),
        }),
      );
      expect(performance.now() - started).toBeGreaterThan(200);
      expect(count(db)).toBe(0);
      other.exec('ROLLBACK');
    }
    other.close();
    add(db, 'a');
    expect(count(db)).toBe(1);
    expect(readdirSync(dirname(db.file)).filter((name) => name.includes('corrupt'))).toEqual([]);
  });
});
