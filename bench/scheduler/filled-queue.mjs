import { copyFileSync } from 'node:fs';
import { productPackage } from '../peers.mjs';

/**
 * Two equal databases of the product, each with so many runs of as many jobs: one in ten waits in the queue, the others have
 * succeeded.
 * @param core what bundled-core.mjs gives
 */
export async function filledQueues(core, [file, copy], rows) {
  // Its tables are made by the product.
  new core.QuickscrapeDatabase(file).close();
  const { default: Database } = await productPackage('libsql');
  const db = new Database(file);
  // Earlier than all that is put in later, and as many as are due.
  const now = Date.now() - 3_600_000;
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
  const status = "iif(i % 10 = 0, 'queued', 'succeeded')";
  db.exec('BEGIN IMMEDIATE');
  db.prepare(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, overlap, host,
       queued_at, not_before)
     ${numbers} SELECT hex(randomblob(16)), 'other-' || i, 'prices', 'manual', 'library', 'Europe/Berlin',
       ${status}, 1, 'skip', '127.0.0.' || i % 200, ? + i, ? + i FROM n`,
  ).run([rows, now, now]);
  db.prepare(`INSERT INTO job_state (job_id, status) ${numbers} SELECT 'other-' || i, ${status} FROM n`).run([
    rows,
  ]);
  db.exec('COMMIT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  copyFileSync(file, copy);
}
