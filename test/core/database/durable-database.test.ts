import { expect, it } from 'vitest';
import { openTempDatabase } from '../../temp-database.ts';

/** SQLite's own word for `PRAGMA synchronous = FULL`: each commit is brought to the disk before it is acknowledged. */
const FULL = 2;

it('a commit is on the disk before it is acknowledged', () => {
  const db = openTempDatabase();
  expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: FULL });
  expect(db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
});
