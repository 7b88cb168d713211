import { productPackage } from '../peers.mjs';

const CLAIM_MS = 30_000;
const WHO = { pid: process.pid, start: '1', bootId: 'bench' };
/** As many as the default has slots. */
const NEXT = 4;
const HOST = '127.0.0.1:9';
const FORGET = [
  `DELETE FROM attempts WHERE run_id IN (SELECT run_id FROM runs WHERE job_id LIKE 'job-%')`,
  `DELETE FROM runs WHERE job_id LIKE 'job-%'`,
  `DELETE FROM job_state WHERE job_id LIKE 'job-%'`,
];

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
  host: HOST,
  requestedBy: 'library',
});

/** The queue as the library's own core writes and reads it. Each method but the last two returns how many a second. */
export class OurQueue {
  #core;
  #db;
  #made = 0;
  #waiting = [];

  constructor(core, file) {
    this.#core = core;
    this.#db = new core.QuickscrapeDatabase(file);
  }

  insert(count) {
    return rate(count, () => {
      this.#made += 1;
      this.#waiting.push(this.#core.enqueueRun(this.#db, newRun(`job-${this.#made}`), Date.now()).runId);
    });
  }

  claim(count) {
    return rate(count, () => {
      const runId = this.#waiting.shift();
      this.#core.markStarting(this.#db, runId, runId, Date.now() + CLAIM_MS);
      const run = this.#core.claimStart(this.#db, runId, runId, WHO, Date.now(), CLAIM_MS);
      if (run?.status !== 'running') throw new Error(`run ${runId} was not claimed`);
    });
  }

  next(_, ms) {
    return rateFor(ms, () => checkNext(this.#core.startableRuns(this.#db, Date.now(), NEXT, NEXT)));
  }

  /** What was put in and claimed is no longer there. */
  forget() {
    for (const sql of FORGET) this.#db.run(sql);
  }

  close() {
    this.#db.close();
  }
}

/** The same tables, indexes and durability, and each statement that the queue needs, prepared once. */
export class BareQueue {
  #db;
  #sql;
  #made = 0;
  #waiting = [];

  static async on(file) {
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
          VALUES (?, ?, 'prices', 'manual', 'library', 'Europe/Berlin', 'queued', 1, 'skip', '${HOST}', ?, ?)
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
        next: `SELECT * FROM runs WHERE ${active} AND status = 'queued' AND not_before <= ? ORDER BY not_before LIMIT ?`,
      }).map(([name, sql]) => [name, db.prepare(sql)]),
    );
  }

  insert(count) {
    return rate(count, () => {
      this.#made += 1;
      const [runId, jobId, now] = [`run-${this.#made}`, `job-${this.#made}`, Date.now()];
      this.#durably(() => {
        this.#sql.insert.run([runId, jobId, now, now]);
        this.#sql.active.all([jobId]);
        this.#sql.status.run([jobId, 'pending']);
        this.#sql.read.all([runId]);
      });
      this.#waiting.push({ runId, jobId });
    });
  }

  claim(count) {
    return rate(count, () => {
      const { runId, jobId } = this.#waiting.shift();
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
    });
  }

  /** The oldest, by their index, whatever their priority, their job and their host. */
  next(_, ms) {
    return rateFor(ms, () => checkNext(this.#sql.next.all([Date.now(), NEXT])));
  }

  forget() {
    for (const sql of FORGET) this.#db.exec(sql);
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

function checkNext(runs) {
  if (runs.length !== NEXT) throw new Error(`${runs.length} of the next ${NEXT} runs were found`);
}

function rate(count, work) {
  const started = performance.now();
  for (let left = count; left > 0; left -= 1) work();
  return perSecond(count, started);
}

/** As often as it goes within so many milliseconds, at least once. */
function rateFor(ms, work) {
  const started = performance.now();
  let done = 0;
  do {
    work();
    done += 1;
  } while (performance.now() - started < ms);
  return perSecond(done, started);
}

const perSecond = (count, started) => count / ((performance.now() - started) / 1000);
