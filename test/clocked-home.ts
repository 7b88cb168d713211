import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { SchedulerLoop } from '../src/core/scheduler/scheduler-loop.ts';
import type { Workspace } from '../src/core/workspace.ts';
import { FakeExecutor } from './fake-executor.ts';
import { ManualClock } from './manual-clock.ts';
import { tempFolderInMemory } from './temp-folder.ts';
import { openTempWorkspace } from './temp-workspace.ts';

/** A home under a clock that the test moves, with a scheduler's loop whose runs need no processes. */
export interface ClockedHome {
  clock: ManualClock;
  workspace: Workspace;
  executor: FakeExecutor;
  /** What the loop has logged, without the runs' beginnings and ends. */
  said: string[];
  /** Stores a job; its schedule may be a cron expression, which is meant in UTC. */
  job(id: string, schedule: unknown, fields?: Record<string, unknown>): Promise<void>;
  /** Puts many job files down at once, as `git checkout` would. */
  jobFiles(ids: readonly string[], cron: string, fields?: Record<string, unknown>): void;
  /** Is told of a new database. */
  onDatabaseReplaced: () => void;
  begin(slots?: number): SchedulerLoop;
  /** As if the scheduler had been killed: its timers are gone, its runs go on. */
  crash(): void;
  /** The job's runs, oldest occurrence first: `12:00:00 succeeded schedule`, the instant in UTC. */
  outcomes(jobId: string): string[];
  /** The occurrences of the job that have a run, in order, epoch milliseconds. */
  decided(jobId: string): number[];
  watermark(jobId: string): number;
}

/** `it` with such a `home`, whose clock shows noon in UTC. */
export const it = test.extend('home', () => clockedHome('2026-11-25T12:00:00Z'));

export function clockedHome(at: string | number): ClockedHome {
  const clock = new ManualClock(at);
  const workspace = openTempWorkspace({ home: tempFolderInMemory(), clock });
  const executor = new FakeExecutor(workspace);
  const said: string[] = [];
  const runs = (jobId: string) =>
    workspace.runs
      .list({ jobId, limit: 100_000 })
      .runs.sort((a, b) => (a.scheduledFor ?? 0) - (b.scheduledFor ?? 0));
  return {
    clock,
    workspace,
    executor,
    said,
    async job(id, schedule, fields = {}) {
      const rule =
        typeof schedule === 'string'
          ? { type: 'custom', cron_expression: schedule, timezone: 'UTC' }
          : schedule;
      await workspace.jobs.create(
        { id, fields: { config_name: 'none', schedule: rule, ...fields } },
        'library',
      );
    },
    jobFiles(ids, cron, fields = {}) {
      const schedule = { type: 'custom', cron_expression: cron, timezone: 'UTC' };
      for (const id of ids) {
        const file = join(workspace.paths.jobs, `${id}.json`);
        writeFileSync(file, JSON.stringify({ id, config_name: 'none', schedule, ...fields }));
      }
    },
    onDatabaseReplaced() {},
    begin(slots = 4) {
      const log = (_level: string, message: string) => {
        if (!message.startsWith('run ')) said.push(message);
      };
      const events = { onStopRequested() {}, onDatabaseReplaced: () => this.onDatabaseReplaced() };
      const loop = new SchedulerLoop(workspace, slots, log, events, executor);
      loop.begin();
      return loop;
    },
    crash() {
      clock.dropTimers();
      executor.dropEndListeners();
    },
    outcomes: (jobId) =>
      runs(jobId).map(
        ({ scheduledFor, status, trigger }) =>
          `${scheduledFor === null ? 'now' : shortly(scheduledFor, clock.now())} ${status} ${trigger}`,
      ),
    decided: (jobId) => runs(jobId).flatMap(({ scheduledFor }) => scheduledFor ?? []),
    watermark: (jobId) =>
      workspace.db.get<{ watermark: number }>('SELECT watermark FROM job_state WHERE job_id = ?', [jobId])
        ?.watermark ?? 0,
  };
}

/** The time of the day, with the date when it is another one than now's. */
function shortly(at: number, now: number): string {
  const [date, time = ''] = new Date(at).toISOString().split('T');
  return date === new Date(now).toISOString().slice(0, 10) ? time.slice(0, 8) : `${date} ${time.slice(0, 8)}`;
}
