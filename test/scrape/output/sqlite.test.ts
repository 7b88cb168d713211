import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failureOf } from '../http/with-site.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, files } = withExport();

function open(name = 'out.db'): Libsql.Database {
  const db = new Libsql(path(name));
  onTestFinished(() => {
    db.close();
  });
  return db;
}

/** The rows of a table, in the order in which they were added. */
function rows(db: Libsql.Database, table = 'items'): unknown[] {
  const found = db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).raw().all() as unknown[][];
  return found.map((row) => [...row]);
}

describe('a database', () => {
  it('is made as a whole, without anything beside it', async () => {
    stage([{ a: 1, b: 'x' }]);
    expect(await write('out.db', { table: 'books' })).toEqual([]);
    expect(files()).toEqual(['items.jsonl', 'out.db']);
    expect(rows(open(), 'books')).toEqual([[1, 'x']]);
  });

  it('keeps its other tables, and of one that is replaced the indexes', async () => {
    stage([{ a: 1 }]);
    await write('out.db', { table: 'one' });
    await write('out.db', { table: 'two' });
    const db = open();
    db.exec('CREATE INDEX mine ON two (a)');
    stage([{ a: 2 }]);
    await write('out.db', { table: 'two' });
    expect([rows(db, 'one'), rows(db, 'two')]).toEqual([[[1]], [[2]]]);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'mine'").raw().get()).toMatchObject([
      1,
    ]);
    stage([{ b: 3 }]);
    await write('out.db', { table: 'two' });
    expect(rows(db, 'two')).toEqual([[3]]);
  });

  it('without rows is an empty table', async () => {
    stage([]);
    await write('out.db');
    expect(rows(open())).toEqual([]);
  });

  it('is a file of its owner’s folder’s permissions, and one of nothing is filled', async () => {
    writeFileSync(path('out.db'), '');
    stage([{ a: 1 }]);
    await write('out.db');
    expect(rows(open())).toEqual([[1]]);
  });

  it('keeps a text and a number apart in one column, and booleans as 0 and 1', async () => {
    stage([
      { a: '007', b: true },
      { a: 7, b: false },
      { a: 2 ** 53 - 1, b: null },
    ]);
    await write('out.db');
    expect(rows(open())).toEqual([
      ['007', 1],
      [7, 0],
      [2 ** 53 - 1, null],
    ]);
  });
});

describe('appending to a database', () => {
  it('adds rows, and columns that the table lacks', async () => {
    stage([{ a: 1, b: 2 }]);
    await write('out.db');
    stage([{ B: 3, c: 'new' }]);
    expect(await write('out.db', { append: true })).toEqual([expect.stringMatching(/has new columns: c$/)]);
    expect(rows(open())).toEqual([
      [1, 2, null],
      [null, 3, 'new'],
    ]);
  });

  it('with a key updates the rows that are there, in the columns that the rows have', async () => {
    stage([
      { url: '/a', price: 1 },
      { url: '/b', price: 2 },
    ]);
    await write('out.db', { append: true, key: ['url'] });
    const db = open();
    db.exec('ALTER TABLE items ADD COLUMN note');
    db.exec("UPDATE items SET note = 'mine' WHERE url = '/b'");
    stage([
      { url: '/b', price: 3 },
      { url: '/c', price: 4 },
      { url: '/c', price: 5 },
      { url: null, price: 6 },
    ]);
    expect(await write('out.db', { append: true, key: ['url'] })).toEqual([
      expect.stringContaining('1 row has no url: it was added'),
    ]);
    expect(rows(db)).toEqual([
      ['/a', 1, null],
      ['/b', 3, 'mine'],
      ['/c', 5, null],
      [null, 6, null],
    ]);
  });

  it('takes several fields for a key, and a table of keys alone', async () => {
    stage([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 1, b: 1 },
    ]);
    await write('out.db', { append: true, key: ['a', 'b'] });
    await write('out.db', { append: true, key: ['b', 'a'] });
    expect(rows(open())).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });
});

describe('a database is left as it is when', () => {
  async function refused(message: RegExp, how: Parameters<typeof write>[1] = {}): Promise<void> {
    const before = readFileSync(path('out.db'));
    const names = files();
    const failure = await failureOf(write('out.db', how));
    expect(failure).toMatchObject({ kind: 'output', message: expect.stringMatching(message), hint: /./ });
    expect(readFileSync(path('out.db'))).toEqual(before);
    expect(files()).toEqual(names);
  }

  it.each(['hello', 'SQLite format 4\0 and more', '{"a":1}\n'.repeat(99)])(
    'it is none: %.20j',
    async (text) => {
      writeFileSync(path('out.db'), text);
      stage([{ a: 1 }]);
      await refused(/not an SQLite database/);
      await refused(/not an SQLite database/, { append: true });
    },
  );

  it('it is damaged', async () => {
    stage([{ a: 1 }]);
    await write('out.db');
    writeFileSync(
      path('out.db'),
      Buffer.concat([readFileSync(path('out.db')).subarray(0, 100), Buffer.alloc(9_000, 7)]),
    );
    await refused(/damaged|not an SQLite database/, { append: true });
  });

  it('rows with the same key are there, or the rows have no such field', async () => {
    stage([{ a: 1 }, { a: 1 }]);
    await write('out.db');
    await refused(/several rows with the same a/, { append: true, key: ['a'] });
    await refused(/have no x/, { append: true, key: ['x'] });
  });

  it('a row breaks a rule of the table, after others went in', async () => {
    const db = open();
    db.exec('CREATE TABLE items (a INTEGER CHECK (a < 3))');
    stage([{ a: 1 }, { a: 2 }, { a: 3 }]);
    await refused(/rejects a row/, { append: true });
    expect(rows(db)).toEqual([]);
  });

  it('the name is a view’s, or two fields have the same name for SQLite', async () => {
    open().exec('CREATE VIEW items AS SELECT 1 AS a');
    stage([{ a: 1 }]);
    await refused(/a view of that name/);
    stage([{ Price: 1, price: 2 }]);
    await refused(/does not distinguish the fields "Price" and "price"/, { table: 'other' });
  });

  it('it is one of QuickScrape’s own, or has a second name', async () => {
    const db = open();
    db.exec('CREATE TABLE runs (a); CREATE TABLE scheduler (a)');
    stage([{ a: 1 }]);
    await refused(/of QuickScrape's own/, { table: 'runs' });
    db.exec('DROP TABLE runs');
    linkSync(path('out.db'), path('twin.db'));
    await refused(/hard links/);
  });

  it('the run is cancelled', async () => {
    stage([{ a: 1 }]);
    await write('out.db');
    const before = readFileSync(path('out.db'));
    expect(await failureOf(write('out.db', { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'cancelled',
    });
    expect(readFileSync(path('out.db'))).toEqual(before);
  });
});

it('a reader goes on reading the old rows, and is waited for', async () => {
  stage([{ a: 1 }]);
  await write('out.db');
  const reader = open();
  reader.exec('BEGIN');
  expect(rows(reader)).toEqual([[1]]);
  stage([{ a: 2 }]);
  let isDone = false;
  const writing = write('out.db', { append: true }).then(() => {
    isDone = true;
  });
  // The writer has its lock, and all but the commit behind it.
  const other = open();
  await expect
    .poll(() => {
      try {
        other.exec('BEGIN IMMEDIATE');
        other.exec('ROLLBACK');
        return false;
      } catch {
        return true;
      }
    })
    .toBe(true);
  expect(rows(reader)).toEqual([[1]]);
  expect(isDone).toBe(false);
  reader.exec('COMMIT');
  await writing;
  expect(rows(reader)).toEqual([[1], [2]]);
});

it('two that make the same database at the same time both have their rows in it', async () => {
  stage([{ a: 1 }, { a: 2 }]);
  await Promise.all([1, 2, 3].map(() => write('out.db', { append: true })));
  expect(rows(open())).toHaveLength(6);
  expect(files()).toEqual(['items.jsonl', 'out.db']);
});

it('a journal without its database is not brought into a new one', async () => {
  writeFileSync(path('out.db-journal'), 'old');
  stage([{ a: 1 }]);
  expect(await failureOf(write('out.db'))).toMatchObject({
    kind: 'output',
    message: expect.stringContaining('out.db-journal without its database'),
  });
  expect(files()).toEqual(['items.jsonl', 'out.db-journal']);
});
