import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readDataLoss } from '../../src/core/database/recovery/data-loss.ts';
import type { RunRecord } from '../../src/core/model/run-record.ts';
import { SchedulerLoop } from '../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { FakeExecutor } from '../fake-executor.ts';
import { ManualClock } from '../manual-clock.ts';
import { tempFolderInMemory } from '../temp-folder.ts';

const SEQUENCES = Number(process.env['QS_SEQUENCES'] ?? 25);
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 2 ** 31);
const MINUTE = 60_000;
const JOBS = { none: 'none', all: 'all', retried: 'latest' };

/** What is on the disk beside the job files when all processes are killed. */
type Files = Record<'db' | 'wal' | 'journal', Buffer | undefined>;

interface Damage {
  kind:
    | 'none'
    | 'older copy'
    | 'WAL gone'
    | 'WAL garbled'
    | 'WAL cut'
    | 'journal gone'
    | 'journal garbled'
    | 'journal torn';
  /** Where, as a share of the file or of the copies. */
  where: number;
}

type Step =
  | { do: 'wait'; minutes: number }
  | { do: 'copy' }
  | { do: 'end'; outcome: 'succeeded' | 'failed' }
  | {
      do: 'die';
      when: 'now' | 'before the journal is written' | 'before the run begins';
      offMinutes: number;
      damage: Damage;
    };

class Killed extends Error {}

/** The real loop and database of a home; kills and damages are what a disk would show of them. */
class Home {
  readonly clock = new ManualClock(Math.ceil(Date.now() / MINUTE) * MINUTE);
  readonly home = tempFolderInMemory();
  workspace!: Workspace;
  executor!: FakeExecutor;
  loop: SchedulerLoop | undefined;
  copies: Files[] = [];
  /** The run that each occurrence was started by. */
  readonly started = new Map<string, string>();
  readonly outcomes = new Map<string, string>();
  dieAt: 'now' | 'before the journal is written' | 'before the run begins' = 'now';
  /** Whether the journal has lost something. */
  isJournalHurt = false;

  open(): void {
    vi.setSystemTime(this.clock.now());
    this.workspace = openWorkspace({ home: this.home, actor: 'library', clock: this.clock });
    this.workspace.jobs.copyRuntime = async () => {};
    this.executor = new FakeExecutor(this.workspace);
    this.executor.runDurationMs = undefined;
    this.executor.onStart = (run) => this.#noteStart(run);
    const { journal } = this.workspace.db;
    const tell = journal.flush.bind(journal);
    journal.flush = (entries) => {
      const isStart = entries.some(({ run }) => run?.['status'] === 'running');
      if (isStart && this.dieAt === 'before the journal is written') throw new Killed();
      return tell(entries);
    };
  }

  begin(): void {
    this.loop = new SchedulerLoop(
      this.workspace,
      4,
      () => {},
      { onStopRequested() {}, onDatabaseReplaced() {} },
      this.executor,
    );
    this.loop.begin();
  }

  #noteStart(run: RunRecord): void {
    if (this.dieAt === 'before the run begins') throw new Killed();
    const key = `${run.jobId} ${run.scheduledFor}`;
    if (run.attempt > 0) return;
    assert(!this.started.has(key), `${key} has been started twice`);
    this.started.set(key, run.runId);
  }

  running(): RunRecord[] {
    return this.workspace.runs.active().filter(({ status }) => status === 'running');
  }

  end(runId: string, outcome: 'succeeded' | 'failed' | 'abandoned'): void {
    this.executor.end(runId, outcome);
    this.outcomes.set(runId, this.workspace.runs.get(runId)?.status ?? '');
  }

  #names(): Record<keyof Files, string> {
    const db = join(this.home, 'quickscrape.db');
    return { db, wal: `${db}-wal`, journal: join(this.home, 'starts.log') };
  }

  onDisk(): Files {
    const read = (name: string) => (existsSync(name) ? readFileSync(name) : undefined);
    const { db, wal, journal } = this.#names();
    return { db: read(db), wal: read(wal), journal: read(journal) };
  }

  /** All processes are gone, and this is what the disk holds. */
  die(left: Files): void {
    this.clock.dropTimers();
    this.loop = undefined;
    this.workspace.close();
    const names = this.#names();
    rmSync(`${names.db}-shm`, { force: true });
    for (const [what, name] of Object.entries(names)) {
      const bytes = left[what as keyof Files];
      // Another file of that name: what this process had open is nobody's any more.
      rmSync(name, { force: true });
      if (bytes) writeFileSync(name, bytes);
    }
    this.dieAt = 'now';
  }
}

function damaged(files: Files, { kind, where }: Damage, copies: readonly Files[]): Files {
  const { wal = Buffer.alloc(0), journal = Buffer.alloc(0) } = files;
  const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * where));
  const garble = (bytes: Buffer) => {
    const other = Buffer.from(bytes);
    const from = Math.floor(other.length * where);
    return other.fill(0xa5, from, Math.min(other.length, from + 500));
  };
  switch (kind) {
    case 'older copy': {
      const copy = copies[Math.floor(where * copies.length)];
      return copy ? { ...copy, journal: files.journal } : files;
    }
    case 'WAL gone':
      return { ...files, wal: undefined };
    case 'WAL garbled':
      return { ...files, wal: garble(wal) };
    case 'WAL cut':
      return { ...files, wal: cut(wal) };
    case 'journal gone':
      return { ...files, journal: undefined };
    case 'journal garbled':
      return { ...files, journal: garble(journal) };
    case 'journal torn':
      return { ...files, journal: Buffer.concat([journal, Buffer.from('\n12345678 {"position":"a')]) };
    default:
      return files;
  }
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom<Damage['kind']>(
    ...(['none', 'older copy', 'older copy', 'WAL gone', 'WAL garbled', 'WAL garbled', 'WAL cut'] as const),
    ...(['journal gone', 'journal garbled', 'journal torn'] as const),
  ),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('copy' as const) }),
  fc.record({
    do: fc.constant('end' as const),
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const),
  }),
  fc.record({
    do: fc.constant('die' as const),
    when: fc.constantFrom(
      'now' as const,
      'before the journal is written' as const,
      'before the run begins' as const,
    ),
    offMinutes: fc.integer({ min: 0, max: 4 }),
    damage,
  }),
);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

async function play(steps: readonly Step[]): Promise<void> {
  const home = new Home();
  home.open();
  try {
    for (const [id, catch_up] of Object.entries(JOBS))
      await home.workspace.jobs.create(
        {
          id,
          fields: {
            ...{ config_name: 'none', catch_up, overlap: 'allow', keep_runs: 1000 },
            ...{ max_retries: id === 'retried' ? 1 : 0, retry_delay: 60 },
            schedule: { type: 'custom', cron_expression: '* * * * *', timezone: 'UTC' },
          },
        },
        'library',
      );
    home.begin();
    for (const each of steps) take(home, each);
    take(home, { do: 'die', when: 'now', offMinutes: 0, damage: { kind: 'none', where: 0 } });
    take(home, { do: 'wait', minutes: 2 });
  } finally {
    home.clock.dropTimers();
    home.workspace.close();
  }
}

function take(home: Home, step: Step): void {
  switch (step.do) {
    case 'wait':
      home.clock.advance(step.minutes * MINUTE + 1);
      return;
    case 'copy':
      home.copies.push(home.onDisk());
      return;
    case 'end':
      for (const { runId } of home.running()) home.end(runId, step.outcome);
      return;
    case 'die':
      die(home, step);
  }
}

function die(home: Home, step: Step & { do: 'die' }): void {
  if (step.when !== 'now') {
    home.dieAt = step.when;
    // The loop logs what kills it and goes on: what it does after that is undone with the files.
    let left: Files | undefined;
    const { start } = home.executor;
    home.executor.start = (run, onEnded) => {
      if (left) return false;
      try {
        return start.call(home.executor, run, onEnded);
      } catch (error) {
        if (error instanceof Killed) left = home.onDisk();
        throw error;
      }
    };
    home.clock.advance(MINUTE);
    finishDeath(home, step, left ?? home.onDisk());
  } else finishDeath(home, step, home.onDisk());
}

function finishDeath(home: Home, step: Step & { do: 'die' }, left: Files): void {
  const after = damaged(left, step.damage, home.copies);
  home.die(after);
  const isJournalWhole = step.damage.kind !== 'journal gone' && step.damage.kind !== 'journal garbled';
  home.clock.stall(step.offMinutes * MINUTE + 1);
  home.open();
  const { db, runs } = home.workspace;
  const loss = readDataLoss(db);
  const isSaid = loss !== undefined && loss.kind !== 'made' && loss.at === home.clock.now();
  const isHurt = !['none', 'journal gone', 'journal garbled', 'journal torn'].includes(step.damage.kind);
  assert(isHurt || !isSaid, `a loss is told where there is none: ${JSON.stringify(loss)}`);
  // A journal that was lost before cannot know what came before it.
  if (!isJournalWhole) home.isJournalHurt = true;
  for (const [occurrence, runId] of home.started) {
    const run = runs.get(runId);
    assert(run || isSaid || home.isJournalHurt, `${occurrence} is not in the history, and nothing is said`);
    assert(run || home.isJournalHurt, `${occurrence} is in the journal and not in the history`);
    const outcome = home.outcomes.get(runId);
    if (run && outcome === 'succeeded' && !home.isJournalHurt)
      assert(run.status === 'succeeded', `${occurrence} succeeded and is ${run.status}`);
  }
  // Their processes are dead.
  for (const { runId } of home.running()) home.end(runId, 'abandoned');
  home.begin();
}

it(`an occurrence never starts twice and nothing is lost silently, whichever older state of its database a home is left with (${SEQUENCES} sequences)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      await play(steps);
    }),
    { numRuns: SEQUENCES, seed: SEED },
  );
  expect(true).toBe(true);
});
