import { strict as assert } from 'node:assert';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActive, type RunRecord } from '../../src/core/model/run-record.ts';
import { enqueueRun } from '../../src/core/runs/run-queue.ts';
import { SchedulerLoop } from '../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { FakeExecutor } from '../fake-executor.ts';
import { ManualClock } from '../manual-clock.ts';
import { expectedOutcomes, type OutcomeRow, outcomeOf } from './expected-outcomes.ts';
import { BEGIN, RULES, WINDOW, ZONE } from './scheduler-rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As many occurrences as are recorded one by one when they were missed; one row stands for older ones. */
const MAX_RECORDED = 100;
const SLOTS = 2;
/** Longer than the loop sleeps: whatever happened, it has been seen. */
const A_WHOLE_SLEEP = 5_000;
/** Longer than any run has to wait that nothing holds up: one put off by a clock that was set back unseen, or a retry. */
const MAX_WAIT_MS = 10 * MINUTE;

export interface JobPolicy {
  rule: number;
  overlap: string;
  catch_up: string;
  misfire_grace_time: number | null;
  max_retries: number;
}

/** What the model knows of a job: since when its present schedule counts, and how far it has been decided. */
export interface ModelJob {
  rule: number;
  enabled: boolean;
  /** Occurrences up to here do not count, or have been decided under another schedule. */
  from: number;
  /** The latest time at which a scheduler has looked at it, under the present schedule. */
  seenTo: number;
}

export interface Model {
  now: number;
  alive: boolean;
  /** The history has been cleared: then nothing may depend on it. */
  pruned: boolean;
  latest: number;
  jobs: ModelJob[];
}

/** Whether the model's clock may be set to this: inside the calendar, and where a pruned history forgives it. */
export function isAllowedTime(model: Model, now: number): boolean {
  if (now < WINDOW.start + HOUR || now > WINDOW.start + 11 * DAY - 6 * HOUR) return false;
  return !model.pruned || now > model.latest - DAY + HOUR;
}

/** The system under test: the real loop on a real database, under a clock and an executor moved by hand. */
export class World {
  readonly clock = new ManualClock(BEGIN);
  readonly workspace: Workspace;
  readonly executor: FakeExecutor;
  #loop: SchedulerLoop | undefined;
  #policies: JobPolicy[] = [];
  readonly #watermarks = new Map<string, number>();
  /** First attempts, as `job instant`. */
  readonly #started = new Set<string>();
  /** Until when each run that waits has to, at most. */
  readonly #waits = new Map<string, number>();
  readonly activeRunIds: string[] = [];
  #exempt = new Map<string, number>();

  constructor(home: string) {
    this.workspace = openWorkspace({ home, actor: 'library', clock: this.clock });
    // Copies for people, of which nothing depends here.
    this.workspace.jobs.copyRuntime = async () => {};
    this.executor = new FakeExecutor(this.workspace);
    this.executor.runDurationMs = undefined;
    this.executor.onStart = (run) => {
      this.activeRunIds.push(run.runId);
      if (run.attempt > 0 || run.scheduledFor === null) return;
      const key = `${run.jobId} ${run.scheduledFor}`;
      assert(!this.#started.has(key), `${key} has been started twice`);
      this.#started.add(key);
    };
  }

  reset(policies: JobPolicy[]): Model {
    this.crash();
    const perJob = ['job_state', 'set_back_watermarks', 'missing_job_files'];
    for (const table of ['attempts', 'runs', ...perJob, 'downtime', 'facts'])
      this.workspace.db.run(`DELETE FROM ${table}`);
    rmSync(join(this.workspace.paths.home, 'starts.log'), { force: true });
    this.clock.set(BEGIN);
    this.#policies = policies;
    this.#watermarks.clear();
    this.#started.clear();
    this.#waits.clear();
    this.#exempt = new Map();
    this.activeRunIds.splice(0);
    const jobs = policies.map(({ rule }) => ({ rule, enabled: true, from: BEGIN, seenTo: BEGIN }));
    jobs.forEach((job, index) => {
      this.write(index, job);
    });
    return { now: BEGIN, alive: false, pruned: false, latest: BEGIN, jobs };
  }

  /** Writes a job's file as an editor would; somebody sees it at once. */
  write(index: number, job: Pick<ModelJob, 'rule' | 'enabled'>): void {
    this.writeUnseen(index, job);
    this.#loop?.jobsChanged([idOf(index)]);
  }

  /** The same by another process, of which the scheduler has not heard yet. */
  writeUnseen(index: number, { rule, enabled }: Pick<ModelJob, 'rule' | 'enabled'>): void {
    const { rule: _first, ...policy } = this.#policies[index] ?? assert.fail();
    const schedule = { type: 'custom', cron_expression: RULES[rule]?.cron, timezone: ZONE };
    const job = { id: idOf(index), config_name: 'none', schedule, enabled, retry_delay: 60, ...policy };
    writeFileSync(join(this.workspace.paths.jobs, `${idOf(index)}.json`), JSON.stringify(job));
    this.workspace.jobs.get(idOf(index));
    this.#checkWatermark(idOf(index), this.clock.now());
  }

  /** The scheduler wakes up, then hears of a job that was changed meanwhile. */
  wakeUp(model: Model, index: number): void {
    this.look(model, () => this.clock.stall(A_WHOLE_SLEEP));
    this.#checkWatermark(idOf(index), this.clock.now());
    this.#loop?.jobsChanged([idOf(index)]);
  }

  /** Something is done after which the scheduler has looked at its clock: what it made of it is compared. */
  look(model: Model, what: () => void): void {
    const active = this.workspace.runs.active();
    what();
    model.now = this.clock.now();
    if (!model.alive) return;
    model.jobs.forEach((job, index) => {
      if (job.enabled) this.#follow(job, index, model, active);
    });
  }

  begin(): void {
    const events = { onStopRequested() {}, onDatabaseReplaced() {} };
    const log = (level: string, message: string) => assert(level !== 'error', message);
    this.#loop = new SchedulerLoop(this.workspace, SLOTS, log, events, this.executor);
    this.#loop.begin();
  }

  crash(): void {
    this.#loop = undefined;
    this.clock.dropTimers();
    this.executor.dropEndListeners();
  }

  runNow(index: number): void {
    const run = { jobId: idOf(index), configName: 'none', trigger: 'manual' as const, scheduledFor: null };
    const rest = { timezone: ZONE, status: 'queued' as const, maxAttempts: 1, priority: 0, overlap: 'skip' };
    enqueueRun(this.workspace.db, { ...run, ...rest, host: null, requestedBy: 'cli' }, this.clock.now());
  }

  endOldest(outcome: 'succeeded' | 'failed'): void {
    const runId = this.activeRunIds.shift();
    if (runId !== undefined) this.executor.end(runId, outcome);
  }

  prune(): void {
    this.workspace.db.run(
      `DELETE FROM runs WHERE status NOT IN ('queued', 'starting', 'running', 'waiting_retry')`,
    );
  }

  /** Lets the loop see what has happened, and compares everything with the model. */
  settle(model: Model): void {
    this.look(model, () => this.clock.stall(A_WHOLE_SLEEP));
    if (!model.alive) return;
    model.latest = Math.max(model.latest, model.now);
    model.jobs.forEach((_job, index) => {
      this.#checkWatermark(idOf(index), model.now);
    });
    this.#checkActive(model);
    this.#checkWaiting(model.now);
  }

  /** Everything that was started or queued comes to its end. */
  finish(model: Model): void {
    if (!model.alive) this.begin();
    for (let round = 0; this.workspace.runs.active().length > 0; round += 1) {
      assert(round < 200, `runs that never end: ${JSON.stringify(this.workspace.runs.active())}`);
      for (const { runId, status } of this.workspace.runs.active())
        if (status === 'running') this.executor.end(runId);
      this.clock.stall(30_000);
    }
    const open = `SELECT count(*) AS n FROM attempts WHERE finished_at IS NULL`;
    assert.equal(this.workspace.db.get<{ n: number }>(open)?.n, 0);
    assert(this.workspace.runs.list({ limit: 10_000 }).runs.every(({ status }) => !isActive(status)));
  }

  #follow(job: ModelJob, index: number, model: Model, active: readonly RunRecord[]): void {
    const calendar = RULES[job.rule]?.calendar ?? [];
    const due = calendar.filter(
      (instant) => instant > job.seenTo && instant > job.from && instant <= model.now,
    );
    const before = due.at(-MAX_RECORDED - 1);
    if (before !== undefined) this.#exempt.set(idOf(index), before);
    job.seenTo = Math.max(job.seenTo, model.now);
    if (model.pruned) return;
    const rows = this.workspace.db.all<OutcomeRow & { at: number }>(
      'SELECT scheduled_for AS at, status, "trigger", reason FROM runs WHERE job_id = ? AND scheduled_for > ?',
      [idOf(index), job.from],
    );
    const decided = new Map(rows.map((row) => [row.at, row]));
    const exempt = this.#exempt.get(idOf(index)) ?? 0;
    for (const instant of calendar) {
      if (instant <= Math.max(job.from, exempt) || instant > job.seenTo) continue;
      const row = decided.get(instant);
      assert(row, `${idOf(index)} ${new Date(instant).toISOString()}: lost`);
      assert(!['missed', 'skipped'].includes(row.status) || row.reason, 'an outcome without a reason');
    }
    const policy = this.#policies[index] ?? assert.fail();
    const own = active.filter(({ jobId }) => jobId === idOf(index));
    for (const { at, outcome, reason } of expectedOutcomes(
      due.filter((instant) => instant > exempt),
      model.now,
      policy,
      own,
    )) {
      const row = decided.get(at) ?? assert.fail();
      const which = `${idOf(index)} ${new Date(at).toISOString()}, seen at ${new Date(model.now).toISOString()}`;
      assert.equal(
        outcomeOf(row),
        outcome,
        `${which}: ${row.status} (${row.reason}) ${JSON.stringify(policy)}`,
      );
      assert.match(row.reason ?? '', reason, which);
    }
  }

  /** Nothing waits that could start, however the clock has jumped since it was queued. */
  #checkWaiting(now: number): void {
    const active = this.workspace.runs.active().filter(({ cancelRequestedAt }) => cancelRequestedAt === null);
    const running = active.filter(({ status }) => status === 'running');
    for (const { runId, jobId, status, attempt, overlap, notBefore } of active) {
      if (status === 'running') continue;
      assert(notBefore <= now + MAX_WAIT_MS, `run ${runId} waits until ${new Date(notBefore).toISOString()}`);
      const known = `${runId} ${attempt} ${status}`;
      assert(notBefore <= (this.#waits.get(known) ?? notBefore), `run ${runId} is put off by a jump`);
      this.#waits.set(known, notBefore);
      const held = active.some(
        (other) => other.jobId === jobId && ['running', 'waiting_retry'].includes(other.status),
      );
      const mayStart = status === 'queued' && notBefore <= now && (overlap === 'allow' || !held);
      assert(!mayStart || running.length >= SLOTS, `run ${runId} waits, and nothing holds it up`);
    }
  }

  #checkWatermark(id: string, now: number): void {
    const watermark =
      this.workspace.db.get<{ n: number }>('SELECT watermark AS n FROM job_state WHERE job_id = ?', [id])
        ?.n ?? 0;
    const before = this.#watermarks.get(id) ?? 0;
    // Only one that lies more than a day ahead, made by a wrong clock, is counted from now.
    assert(watermark >= before || before > now + DAY - A_WHOLE_SLEEP, `the watermark of ${id} fell`);
    this.#watermarks.set(id, watermark);
  }

  #checkActive(model: Model): void {
    const running = this.workspace.runs.active().filter(({ status }) => status === 'running');
    assert(running.length <= SLOTS, 'more runs than slots');
    model.jobs.forEach((_job, index) => {
      const own = running.filter(({ jobId }) => jobId === idOf(index));
      assert(own.length <= 1 || this.#policies[index]?.overlap === 'allow', 'two runs of a job at once');
    });
  }
}

function idOf(index: number): string {
  return index === 0 ? 'a' : 'b';
}
