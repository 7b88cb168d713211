import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openToRead } from '../../../src/core/database/connection.ts';
import { withSqlErrors } from '../../../src/core/database/sql-errors.ts';
import { tempFolder } from '../../temp-folder.ts';

it('says of a database that cannot be written that it is read-only, and what to look at', () => {
  const file = join(tempFolder(), 'quickscrape.db');
  const written = new Libsql(file);
  written.exec('CREATE TABLE t (x)');
  written.close();
  const read = openToRead(file);
  onTestFinished(() => void read.close());
  expect(() => withSqlErrors(file, () => read.exec('INSERT INTO t VALUES (1)'))).toThrow(
    expect.objectContaining({
      code: 'store_unavailable',
      message: `${file}: it is read-only (SQLITE_READONLY)`,
      hint: 'The home folder is not writable; check its permissions.',
    }),
  );
});

it('says of a database whose -wal was deleted under another program what to stop, and not only to check the disk', () => {
  const file = join(tempFolder(), 'quickscrape.db');
  const held = new Libsql(file);
  held.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)');
  onTestFinished(() => void held.close());
  rmSync(`${file}-wal`);
  const read = () => {
    const other = new Libsql(file);
    try {
      other.prepare('SELECT * FROM t').all([]);
    } finally {
      other.close();
    }
  };
  expect(() => withSqlErrors(file, read)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('SQLITE_IOERR_SHORT_READ'),
      hint: expect.stringMatching(/^A file beside the database may have been deleted .* Stop all programs/),
    }),
  );
});
