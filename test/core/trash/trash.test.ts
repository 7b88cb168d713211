import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, type TempStore } from '../fs/temp-store.ts';

function changeTrash(temp: TempStore, id: string, change: (file: Record<string, unknown>) => object): void {
  const [name = ''] = readdirSync(temp.paths.trash).filter((each) => each.startsWith(`${id}.`));
  const file = join(temp.paths.trash, name);
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
}

/** As an older version has deleted it. */
function forgetState(temp: TempStore, id: string): void {
  changeTrash(temp, id, ({ state_when_deleted: _, ...file }) => file);
}

describe('deleting and restoring', () => {
  it('moves to the trash, forgets the state, keeps the runs, and comes back as it was', async ({
    temp,
    clock,
  }) => {
    await temp.create('a', { tags: ['x'] });
    await temp.store.update('a', { priority: 3 }, { by: 'cli' });
    expect(await temp.store.delete('a', { by: 'cli' })).toBe(true);
    expect(temp.store.get('a')).toBeUndefined();
    expect(readdirSync(temp.paths.trash)).toEqual([`a.${clock.now()}.cli.json`]);
    expect(temp.db.all('SELECT * FROM job_state')).toEqual([]);
    expect(await temp.store.delete('a', { by: 'cli' })).toBe(false);

    clock.set('2026-11-27T12:00:00Z');
    const { record, state } = await temp.store.restore('a');
    expect(record).toMatchObject({ id: 'a', revision: 2, definition: { tags: ['x'], priority: 3 } });
    expect(state.decidedUntil).toBe(clock.now());
    expect(readdirSync(temp.paths.trash)).toEqual([]);
  });

  it('brings back all that the database knew: a job that was paused is paused', async ({ temp, clock }) => {
    await temp.create('a', { pause_after_failures: 4, on_failure: ['true'] });
    const { callback_failed_at, callback_failure, ...known } = {
      ...{ status: 'failed', last_run: 1_000, last_run_id: 'r9', failures: 6, strikes: 4 },
      ...{
        paused_at: 2_000,
        paused_after: 4,
        callback_failed_at: 3_000,
        callback_failure: 'on_failure failed',
      },
    };
    temp.db.run(
      `UPDATE job_state SET status = ?, last_run = ?, last_run_id = ?, failures = ?, strikes = ?, paused_at = ?,
         paused_after = ?, callback_failed_at = ?, callback_failure = ?`,
      [...Object.values(known), callback_failed_at, callback_failure],
    );
    const before = temp.store.get('a');
    await temp.store.delete('a', { by: 'tui' });
    clock.set('2026-11-27T12:00:00Z');
    const { state, record, isStateKept } = await temp.store.restore('a');
    expect(isStateKept).toBe(true);
    const { decidedUntil, ...rest } = JSON.parse(JSON.stringify(state));
    expect(before).toMatchObject({ state: rest });
    expect(rest).toMatchObject({ pausedAt: 2_000, nextRun: null, failures: 6, lastRunId: 'r9' });
    expect(decidedUntil).toBe(clock.now());
    expect(record.extra).toEqual({ $schema: '../.schemas/job.json' });
    expect(temp.db.all('SELECT * FROM job_state')).toMatchObject([
      { ...known, callback_failed_at, callback_failure },
    ]);
    expect(temp.json('a')).not.toHaveProperty('state_when_deleted');
  });

  it('does not decide again what a clock that was ahead has decided', async ({ temp, clock }) => {
    await temp.create('a');
    const ahead = clock.now() + 3_600_000;
    temp.db.run('UPDATE job_state SET watermark = ?', [ahead]);
    await temp.store.delete('a', { by: 'cli' });
    expect((await temp.store.restore('a')).state.decidedUntil).toBe(ahead);
  });

  it.for([
    ['text', 'x'],
    ['a pause that is no instant', { paused_at: 'yesterday' }],
    ['a status that is none', { status: 'odd' }],
  ] as const)('believes no state in the trash that is %s', async ([_what, state], { temp }) => {
    await temp.create('a');
    await temp.store.delete('a', { by: 'cli' });
    changeTrash(temp, 'a', (file) => {
      const kept = file['state_when_deleted'] as Record<string, unknown>;
      return { ...file, state_when_deleted: typeof state === 'string' ? state : { ...kept, ...state } };
    });
    expect(await temp.store.restore('a')).toMatchObject({ isStateKept: false, state: { status: 'pending' } });
  });

  it.for([
    [['failed', 'succeeded'], { status: 'completed', lastRun: 20, lastRunId: 'r2', failures: 0 }],
    [
      ['succeeded', 'failed', 'skipped', 'missed'],
      { status: 'failed', lastRun: 20, lastRunId: 'r2', failures: 1 },
    ],
    [
      ['succeeded', 'timed_out', 'cancelled', 'abandoned', 'failed'],
      { status: 'failed', lastRun: 50, lastRunId: 'r5', failures: 3 },
    ],
    [['failed', 'succeeded', 'cancelled'], { status: 'failed', lastRun: 30, lastRunId: 'r3', failures: 0 }],
    [['failed', 'cancelled in the queue'], { status: 'failed', lastRun: 10, lastRunId: 'r1', failures: 1 }],
    [['missed'], { status: 'pending', lastRun: null, lastRunId: null, failures: 0 }],
  ] as const)(
    'brings back the state that its runs %j make',
    async ([statuses, expected], { temp, clock }) => {
      await temp.create('a');
      await temp.create('b');
      const add = (run: string, job: string, status: string, at: number, started: number | null) =>
        temp.db.run(
          `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts,
           queued_at, not_before, started_at, finished_at) VALUES (?, ?, 'books', 'manual', 'cli', 'UTC', ?, 1, ?, ?, ?, ?)`,
          [run, job, status, at, at, started, at + 5],
        );
      statuses.forEach((status, index) => {
        const at = 10 * (index + 1);
        const [outcome = '', ...unstarted] = status.split(' ');
        const started = unstarted.length === 0 && !['skipped', 'missed'].includes(outcome);
        add(`r${index + 1}`, 'a', outcome, at, started ? at : null);
      });
      add('other', 'b', 'succeeded', 1000, 1000);
      await temp.store.delete('a', { by: 'cli' });
      forgetState(temp, 'a');
      const { state, isStateKept } = await temp.store.restore('a');
      expect(isStateKept).toBe(false);
      expect(state).toMatchObject(expected);
      expect(temp.reopen().get('a')).toMatchObject({ state: { ...expected, decidedUntil: clock.now() } });
      expect(temp.json('a')).toMatchObject({
        status: expected.status,
        last_run: expected.lastRun && new Date(expected.lastRun).toISOString(),
      });
    },
  );

  it('restores the latest of several deletions, and not over a job', async ({ temp, clock }) => {
    await temp.create('a', { description: 'first' });
    await temp.store.delete('a', { by: 'cli' });
    clock.set('2026-11-25T12:00:01Z');
    await temp.create('a', { description: 'second' });
    await temp.store.delete('a', { by: 'cli' });
    expect((await temp.store.restore('a')).record.definition.description).toBe('second');
    await expect(temp.store.restore('a')).rejects.toMatchObject({ code: 'conflict' });
    await expect(temp.store.restore('aa')).rejects.toMatchObject({
      code: 'job_not_found',
      hint: expect.stringMatching(/^Did you mean a\? /),
    });
  });

  it('is refused for another revision, and while a run is not over', async ({ temp }) => {
    await temp.create('a');
    await expect(temp.store.delete('a', { by: 'cli', ifRevision: 5 })).rejects.toMatchObject({
      code: 'conflict',
    });
    temp.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at, not_before)
       VALUES ('r1', 'a', 'books', 'manual', 'cli', 'UTC', 'running', 1, 0, 0)`,
    );
    await expect(temp.store.delete('a', { by: 'cli' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('r1'),
    });
    expect(existsSync(temp.file('a'))).toBe(true);
    temp.db.run(`UPDATE runs SET status = 'succeeded'`);
    await temp.store.delete('a', { by: 'cli' });
    expect(temp.db.all('SELECT run_id FROM runs')).toHaveLength(1);
  });

  it('empties the trash after thirty days', async ({ temp }) => {
    writeFileSync(join(temp.paths.trash, `old.${Date.parse('2026-10-25T00:00:00Z')}.json`), '{}');
    writeFileSync(join(temp.paths.trash, `young.${Date.parse('2026-10-27T00:00:00Z')}.json`), '{}');
    await temp.create('a');
    expect(readdirSync(temp.paths.trash).map((name) => name.split('.')[0])).toEqual(['young']);
  });
});
