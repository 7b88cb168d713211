import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { QuickscrapeDatabase } from '../src/core/database/database.ts';
import { tempFolder } from './temp-folder.ts';

/** The database in a folder, by default one of the test's own; closed when the test ends. */
export function openTempDatabase(folder = tempFolder()): QuickscrapeDatabase {
  const db = new QuickscrapeDatabase(join(folder, 'quickscrape.db'));
  onTestFinished(() => db.close());
  return db;
}
