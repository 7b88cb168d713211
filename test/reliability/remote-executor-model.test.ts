import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enqueueRun } from '../../src/core/runs/run-queue.ts';
import { SchedulerLoop } from '../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { FakeRemoteExecutor } from '../fake-remote-executor.ts';
import { ManualClock } from '../manual-clock.ts';
import { tempFolderInMemory } from '../temp-folder.ts';

const SEQUENCES = Number(process.env['QS_SEQUENCES'] ?? 40);
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 2 ** 31);
const BEGIN = Date.parse('2026-11-25T12:00:00Z');
const SLOTS = 4;
/** Longer than the loop sleeps: whatever happened, it has been seen. */
const A_WHOLE_SLEEP = 5_000;

/** Jobs that ask for any worker, for one with a tag, and for tags that no worker has. */
const JOBS = [
  { id: 'any', worker: null, priority: 0 },
  { id: 'browser', worker: ['browser'], priority: 1 },
  { id: 'eu', worker: ['eu', 'browser'], priority: 2 },
  { id: 'nobody', worker: ['mars'], priority: 3 },
] as const;
const WORKERS = [
  { name: 'paris', tags: ['browser', 'eu'], slots: 1 },
  { name: 'rome', tags: ['eu'], slots: 2 },
  { name: 'oslo', tags: ['browser'], slots: 1 },
];

/** The real loop and database, with workers that do what the test says. */
class World {
  readonly clock = new ManualClock(BEGIN);
  readonly workspace: Workspace = openWorkspace({
    home: tempFolderInMemory(),
    actor: 'library',
    clock: this.clock,
  });
  executor = new FakeRemoteExecutor(this.workspace);
  #loop: SchedulerLoop | undefined;
  /** Attempts that a worker has begun, as `run attempt`, and occurrences. */
  readonly #begun = new Set<string>();
  /** Claims that were made once, and may be made again by a copy of the message. */
  readonly #copies: Parameters<FakeRemoteExecutor['claim']>[0][] = [];

  constructor() {
    this.workspace.jobs.copyRuntime = async () => {};
    const schedule = { type: 'custom', cron_expression: '*/10 * * * *', timezone: 'UTC' };
    for (const job of JOBS) {
      const file = join(this.workspace.paths.jobs, `${job.id}.json`);
      const rest = { config_name: 'none', schedule, overlap: 'queue', max_retries: 1, retry_delay: 60 };
      writeFileSync(file, JSON.stringify({ ...job, ...rest, catch_up: 'all' }));
    }
    this.begin();
  }

  begin(): void {
    const { workspace } = this;
    // What was handed over before is forgotten, as it was by a home whose machine went down with Redis.
    const { handedOver, running } = this.executor;
    this.executor = new FakeRemoteExecutor(workspace);
    Object.assign(this.executor, { handedOver, running });
    this.executor.onClaim = ({ runId, attempt, jobId, scheduledFor }) => {
      const keys = [
        `${runId} ${attempt}`,
        ...(attempt === 1 ? [`${jobId} at ${scheduledFor ?? runId}`] : []),
      ];
      for (const key of keys) assert(!this.#begun.has(key), `${key} was begun twice`);
      for (const key of keys) this.#begun.add(key);
    };
    const log = (level: string, message: string) => assert(level !== 'error', message);
    const events = { onStopRequested() {}, onDatabaseReplaced() {} };
    this.#loop = new SchedulerLoop(workspace, SLOTS, log, events, this.executor);
    this.#loop.begin();
  }

  crash(): void {
    this.#loop = undefined;
    this.clock.dropTimers();
    this.begin();
  }

  claim(index: number): void {
    const one = this.executor.handedOver[index % Math.max(1, this.executor.handedOver.length)];
    if (!one) return;
    this.#copies.push(one);
    this.executor.claim(one);
  }

  claimCopy(index: number): void {
    const one = this.#copies[index % Math.max(1, this.#copies.length)];
    if (one) assert(!this.executor.claim(one), 'a copy of a claim succeeded');
  }

  takeBack(index: number): void {
    const one = this.executor.handedOver[index % Math.max(1, this.executor.handedOver.length)];
    if (!one) return;
    this.#copies.push(one);
    this.executor.takeBack(one.token);
  }

  end(index: number, outcome: 'succeeded' | 'failed'): void {
    const one = this.executor.running[index % Math.max(1, this.executor.running.length)];
    if (one) this.executor.end(one.run.runId, one.token, outcome);
  }

  runNow(index: number): void {
    const { id, worker } = JOBS[index] ?? JOBS[0];
    enqueueRun(
      this.workspace.db,
      {
        ...{ jobId: id, configName: 'none', trigger: 'manual', scheduledFor: null, timezone: 'UTC' },
        ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'queue', requestedBy: 'cli' },
        pool: worker === null ? '' : [...worker].sort().join(','),
      },
      this.clock.now(),
    );
  }

  settle(): void {
    this.clock.stall(A_WHOLE_SLEEP);
    const active = this.workspace.runs.active();
    const started = active.filter(({ status }) => status === 'starting' || status === 'running');
    assert(started.length <= SLOTS, 'more runs than slots');
    for (const { run, token } of this.executor.running) {
      const goesOn = active.some(
        ({ runId, status, startToken }) =>
          runId === run.runId && status === 'running' && startToken === token,
      );
      assert(goesOn, `run ${run.runId} was ended, and its worker goes on`);
    }
    const now = this.clock.now();
    for (const run of active) {
      if (started.includes(run) || run.notBefore > now - A_WHOLE_SLEEP) continue;
      const held =
        started.length >= SLOTS ||
        started.some(({ jobId }) => jobId === run.jobId) ||
        this.executor.freeWorker(run.pool) === undefined;
      assert(held, `run ${run.runId} of ${run.jobId} waits, and its pool is free`);
    }
  }

  /** All workers are there and fast: everything that some worker may take comes to its end. */
  finish(): void {
    for (const worker of WORKERS) this.executor.comes(worker);
    const open = () => this.workspace.runs.active().filter(({ jobId }) => jobId !== 'nobody');
    const due = this.clock.now();
    for (let round = 0; open().some(({ queuedAt }) => queuedAt <= due); round += 1) {
      assert(round < 400, `runs that never end: ${JSON.stringify(open())}`);
      this.claim(0);
      this.end(0, 'succeeded');
      this.settle();
    }
    const nobody = this.workspace.runs.list({ jobId: 'nobody', limit: 10_000 }).runs;
    assert(nobody.every(({ attempt, status }) => attempt === 0 && status !== 'starting'));
  }
}

const index = fc.nat({ max: 7 });
const step = fc.oneof(
  fc.integer({ min: 1, max: 900 }).map((s) => ({ say: `${s} s`, do: (w: World) => w.clock.stall(s * 1000) })),
  index.map((n) => ({ say: `claim ${n}`, do: (w: World) => w.claim(n) })),
  index.map((n) => ({ say: `copy ${n}`, do: (w: World) => w.claimCopy(n) })),
  index.map((n) => ({ say: `take back ${n}`, do: (w: World) => w.takeBack(n) })),
  fc.tuple(index, fc.constantFrom('succeeded' as const, 'failed' as const)).map(([n, outcome]) => ({
    say: `${outcome} ${n}`,
    do: (w: World) => w.end(n, outcome),
  })),
  fc.constantFrom(...WORKERS).map((worker) => ({
    say: `${worker.name} comes`,
    do: (w: World) => w.executor.comes(worker),
  })),
  fc.constantFrom(...WORKERS).map(({ name }) => ({
    say: `${name} goes`,
    do: (w: World) => w.executor.goes(name),
  })),
  fc.nat({ max: 3 }).map((n) => ({ say: `run ${JOBS[n]?.id}`, do: (w: World) => w.runNow(n) })),
  fc.constant({ say: 'the home is killed', do: (w: World) => w.crash() }),
);

it('starts each occurrence at most once, and lets no run wait whose pool is free, whatever workers do', () => {
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const world = new World();
    try {
      for (const one of steps) {
        one.do(world);
        world.settle();
      }
      world.finish();
    } finally {
      world.clock.dropTimers();
      world.workspace.close();
    }
  });
  const result = fc.check(property, { numRuns: SEQUENCES, seed: SEED, endOnFailure: false });
  expect(result.failed ? fc.defaultReportMessage(result) : '', `QS_SEED=${SEED}`).toBe('');
}, 300_000);
