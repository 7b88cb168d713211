import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';
import { JobManager } from '../dist/index.js';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const PROBE = new URL('./probe.mjs', import.meta.url).href;
const SETTINGS = [
  'max_concurrent_runs: 32',
  'max_runs_per_host: 1000',
  'respect_robots: false',
  'run_grace: 1',
  'timezone: UTC',
];
/** A scheduler that has just started has to catch up first. */
const CAUGHT_UP_MS = 4_000;

/** A home under soak: its scheduler as a process of its own, its rows as they come and go. */
export class SoakHome {
  constructor(name, folder, { probed = false, interpreted = false } = {}) {
    this.name = name;
    this.folder = folder;
    this.probeFile = probed ? join(folder, 'probe.jsonl') : undefined;
    this.interpreted = interpreted;
    mkdirSync(join(folder, 'configs'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'settings.yaml'), `${SETTINGS.join('\n')}\n`, { mode: 0o600 });
    this.manager = new JobManager({ home: folder });
    this.db = new Libsql(join(folder, 'quickscrape.db'));
    this.db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = 1');
    this.jobs = [];
    /** Every run ever seen, by id, as it was seen last: retention removes rows while the soak runs. */
    this.ledger = new Map();
    this.starts = 0;
    /** Every scheduler that was started and has not ended. */
    this.children = new Set();
  }

  fileOf(id) {
    return join(this.folder, 'jobs', `${id}.json`);
  }

  /** Starts a scheduler, and rivals at the same moment; whichever takes the lease is the home's. */
  async startScheduler({ rivals = 0 } = {}) {
    const children = Array.from({ length: 1 + rivals }, () => this.#spawnScheduler());
    const ended = children.map(
      (child) => new Promise((resolve) => child.once('exit', (code) => resolve({ code }))),
    );
    const end = Date.now() + 30_000;
    let winner = -1;
    while (winner < 0) {
      const holder = this.db.prepare('SELECT pid FROM scheduler').get()?.pid;
      winner = children.findIndex(({ pid }) => pid === holder);
      if (Date.now() > end) throw new Error(`${this.name}: no scheduler took the lease`);
      await delay(20);
    }
    this.scheduler = children[winner];
    this.ended = ended[winner];
    this.starts += 1;
    this.upSince = Date.now();
    for (const [index, rival] of ended.entries()) if (index !== winner) await rival;
  }

  #spawnScheduler() {
    const log = openSync(join(this.folder, 'scheduler.log'), 'a', 0o600);
    // V8 lets the young generation swell by tens of megabytes and shrink again, in which a slow growth cannot be seen.
    const probe = this.probeFile ? ['--max-semi-space-size=1', '--import', PROBE] : [];
    // Functions that are called now and then are compiled after hours, and that code is memory, too.
    const compiler = this.interpreted ? ['--no-opt', '--no-sparkplug'] : [];
    const child = spawn(
      process.execPath,
      [...probe, ...compiler, PROGRAM, 'scheduler', 'run', '--home', this.folder],
      {
        cwd: this.folder,
        env: { ...process.env, ...(this.probeFile && { QS_SOAK_PROBE: this.probeFile }) },
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** From this moment on the scheduler decides nothing. */
  noteDown() {
    this.downSince ??= Date.now();
    this.upSince = undefined;
  }

  noteUp() {
    this.upSince = Date.now();
  }

  /** Up to when every occurrence has been decided for sure. */
  decidedUntil(now) {
    if (this.upSince !== undefined && now - this.upSince > CAUGHT_UP_MS) this.downSince = undefined;
    return Math.min(now, this.downSince ?? now);
  }

  async killScheduler(signal = 'SIGKILL') {
    this.noteDown();
    this.scheduler.kill(signal);
    return this.ended;
  }

  command(...args) {
    const child = spawn(process.execPath, [PROGRAM, ...args, '--home', this.folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
  }

  /** Copies the rows into the ledger. */
  read() {
    const columns = `run_id, job_id, trigger, status, overlap, attempt, void_starts, scheduled_for, queued_at, not_before,
      started_at, pid`;
    for (const row of this.db.prepare(`SELECT ${columns} FROM runs`).all()) this.ledger.set(row.run_id, row);
  }

  active() {
    return this.db
      .prepare(`SELECT * FROM runs WHERE status IN ('queued', 'starting', 'running', 'waiting_retry')`)
      .all();
  }

  samples() {
    if (!this.probeFile || !existsSync(this.probeFile)) return [];
    return readFileSync(this.probeFile, 'utf8').trimEnd().split('\n').map(JSON.parse);
  }

  close() {
    this.db.close();
    this.manager.close();
  }
}
