import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { productPackage } from '../peers.mjs';
import { round, shown, spreads } from '../rounds.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLAIM_MS = 30_000;
const WORK = { insert: 'rows queued by requests', claim: 'runs started and claimed' };
const WHO = { pid: process.pid, start: '1', bootId: 'bench' };

/**
 * Runs put into the queue by requests, and runs claimed by their processes, one durable transaction each, through the
 * library's own core; against the same statements on the same tables through libsql alone.
 */
export async function queue({ rounds = 5, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const count = isSmoke ? 10 : 200;
  try {
    const core = await bundledCore(folder);
    const ours = new OurQueue(core, join(folder, 'ours.db'));
    const bare = await BareQueue.on(core, join(folder, 'bare.db'));
    const rows = [];
    for (const [name, what] of Object.entries(WORK)) {
      const rate = (rival) => () => rival[name](count);
      const [us, peer] = await spreads([rate(ours), rate(bare)], rounds);
      const { value, spread } = shown(us);
      rows.push({
        name: `scheduler, ${what}`,
        ours: value,
        spread,
        unit: 'a second',
        peers: [{ name: 'bare libsql, the same statements', ...shown(peer) }],
        ratio: round(us.median / peer.median),
      });
    }
    ours.close();
    bare.close();
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What of src writes the queue: dist/ exports nothing so deep. */
const CORE = `
  export { QuickscrapeDatabase } from './src/core/run/database.ts';
  export { beginStart, enqueueRun } from './src/core/run/run-queue.ts';
  export { claimStart } from './src/core/run/run-transitions.ts';`;

/** libsql stays where the product has it. */
async function bundledCore(folder) {
  const entry = join(ROOT, 'core-queue.mjs');
  const libsql = pathToFileURL(createRequire(entry).resolve('libsql')).href;
  const bundle = await rolldown({
    platform: 'node',
    input: entry,
    plugins: [
      {
        name: 'core-queue',
        resolveId: (id) => (id === entry ? id : id === 'libsql' ? { id: libsql, external: true } : null),
        load: (id) => (id === entry ? CORE : null),
      },
    ],
  });
  const file = join(folder, 'core-queue.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(pathToFileURL(file).href);
}

const newRun = (jobId) => ({
  jobId,
  configName: 'prices',
  trigger: 'manual',
  scheduledFor: null,
  timezone: 'Europe/Berlin',
  status: 'queued',
  maxAttempts: 1,
  priority: 0,
  overlap: 'skip',
  host: '127.0.0.1:9',
  requestedBy: 'library',
});

class OurQueue {
  #core;
  #db;
  #made = 0;
  #waiting = [];

  constructor(core, file) {
    this.#core = core;
    this.#db = new core.QuickscrapeDatabase(file);
  }

  insert(count) {
    const started = performance.now();
    for (let left = count; left > 0; left -= 1) {
      this.#made += 1;
      this.#waiting.push(this.#core.enqueueRun(this.#db, newRun(`job-${this.#made}`), Date.now()).runId);
    }
    return perSecond(count, started);
  }

  claim(count) {
    const runs = this.#waiting.splice(0, count);
    const started = performance.now();
    for (const runId of runs) {
      this.#core.beginStart(this.#db, runId, runId, Date.now() + CLAIM_MS);
      const run = this.#core.claimStart(this.#db, runId, runId, WHO, Date.now(), CLAIM_MS);
      if (run?.status !== 'running') throw new Error(`run ${runId} was not claimed`);
    }
    return perSecond(runs.length, started);
  }

  close() {
    this.#db.close();
  }
}

/** The same tables, indexes and durability, and each statement that the queue needs, prepared once. */
class BareQueue {
  #db;
  #sql;
  #made = 0;
  #waiting = [];

  static async on(core, file) {
    // Its tables are made by the product.
    new core.QuickscrapeDatabase(file).close();
    const { default: Database } = await productPackage('libsql');
    return new BareQueue(new Database(file));
  }

  constructor(db) {
    this.#db = db;
    db.exec('PRAGMA synchronous = FULL');
    const active = `status IN ('queued', 'starting', 'running', 'waiting_retry')`;
    this.#sql = Object.fromEntries(
      Object.entries({
        insert: `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts,
            overlap, host, queued_at, not_before)
          VALUES (?, ?, 'prices', 'manual', 'library', 'Europe/Berlin', 'queued', 1, 'skip', '127.0.0.1:9', ?, ?)
          ON CONFLICT (job_id, scheduled_for) DO NOTHING`,
        active: `SELECT * FROM runs WHERE job_id = ? AND ${active}`,
        status: `INSERT INTO job_state (job_id, status) VALUES (?, ?)
          ON CONFLICT (job_id) DO UPDATE SET status = excluded.status`,
        read: 'SELECT * FROM runs WHERE run_id = ?',
        begin: `UPDATE runs SET status = 'starting', start_token = ?, start_deadline = ?
          WHERE run_id = ? AND status IN ('queued', 'waiting_retry') AND cancel_requested_at IS NULL`,
        claim: `UPDATE runs SET status = 'running', attempt = attempt + 1, started_at = ?, pid = ?, pid_start = ?,
            boot_id = ?, deadline = ?, start_deadline = NULL
          WHERE run_id = ? AND status = 'starting' AND start_token = ?`,
        attempt: `INSERT INTO attempts (run_id, attempt, status, pid, started_at) VALUES (?, 1, 'running', ?, ?)`,
        last: 'UPDATE job_state SET last_run = ?, last_run_id = ? WHERE job_id = ?',
      }).map(([name, sql]) => [name, db.prepare(sql)]),
    );
  }

  insert(count) {
    const started = performance.now();
    for (let left = count; left > 0; left -= 1) {
      this.#made += 1;
      const [runId, jobId, now] = [`run-${this.#made}`, `job-${this.#made}`, Date.now()];
      this.#durably(() => {
        this.#sql.insert.run([runId, jobId, now, now]);
        this.#sql.active.all([jobId]);
        this.#sql.status.run([jobId, 'pending']);
        this.#sql.read.all([runId]);
      });
      this.#waiting.push({ runId, jobId });
    }
    return perSecond(count, started);
  }

  claim(count) {
    const runs = this.#waiting.splice(0, count);
    const started = performance.now();
    for (const { runId, jobId } of runs) {
      this.#durably(() => this.#sql.begin.run([runId, Date.now() + CLAIM_MS, runId]));
      const now = Date.now();
      this.#durably(() => {
        const { changes } = this.#sql.claim.run([
          now,
          WHO.pid,
          WHO.start,
          WHO.bootId,
          now + CLAIM_MS,
          runId,
          runId,
        ]);
        if (changes !== 1) throw new Error(`run ${runId} was not claimed`);
        this.#sql.read.all([runId]);
        this.#sql.attempt.run([runId, WHO.pid, now]);
        this.#sql.active.all([jobId]);
        this.#sql.status.run([jobId, 'running']);
        this.#sql.last.run([now, runId, jobId]);
      });
    }
    return perSecond(runs.length, started);
  }

  close() {
    this.#db.close();
  }

  #durably(work) {
    this.#db.exec('BEGIN IMMEDIATE');
    work();
    this.#db.exec('COMMIT');
  }
}

const perSecond = (count, started) => count / ((performance.now() - started) / 1000);
