import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stoppedClock, TempStore } from './temp-store.ts';

const clock = stoppedClock('2026-11-25T12:00:00Z');
let temp: TempStore;

beforeEach(() => {
  clock.set('2026-11-25T12:00:00Z');
  temp = new TempStore(clock);
});
afterEach(() => temp[Symbol.dispose]());

describe('deleting and restoring', () => {
  it('moves to the trash, forgets the state, keeps the runs, and comes back as it was', async () => {
    await temp.create('a', { tags: ['x'] });
    await temp.store.update('a', { priority: 3 }, { by: 'cli' });
    expect(await temp.store.delete('a', { by: 'cli' })).toBe(true);
    expect(temp.store.get('a')).toBeUndefined();
    expect(readdirSync(temp.paths.trash)).toEqual([`a.${clock.now()}.json`]);
    expect(temp.db.all('SELECT * FROM job_state')).toEqual([]);
    expect(await temp.store.delete('a', { by: 'cli' })).toBe(false);

    clock.set('2026-11-27T12:00:00Z');
    const { record, state } = await temp.store.restore('a');
    expect(record).toMatchObject({ id: 'a', revision: 2, definition: { tags: ['x'], priority: 3 } });
    expect(state.watermark).toBe(clock.now());
    expect(readdirSync(temp.paths.trash)).toEqual([]);
  });

  it('restores the latest of several deletions, and not over a job', async () => {
    await temp.create('a', { description: 'first' });
    await temp.store.delete('a', { by: 'cli' });
    clock.set('2026-11-25T12:00:01Z');
    await temp.create('a', { description: 'second' });
    await temp.store.delete('a', { by: 'cli' });
    expect((await temp.store.restore('a')).record.definition.description).toBe('second');
    await expect(temp.store.restore('a')).rejects.toMatchObject({ code: 'conflict' });
    await expect(temp.store.restore('aa')).rejects.toMatchObject({
      code: 'job_not_found',
      hint: 'Did you mean a?',
    });
  });

  it('is refused for another revision, and while a run is not over', async () => {
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

  it('empties the trash after thirty days', async () => {
    writeFileSync(join(temp.paths.trash, `old.${Date.parse('2026-10-25T00:00:00Z')}.json`), '{}');
    writeFileSync(join(temp.paths.trash, `young.${Date.parse('2026-10-27T00:00:00Z')}.json`), '{}');
    await temp.create('a');
    expect(readdirSync(temp.paths.trash).map((name) => name.split('.')[0])).toEqual(['young']);
  });
});
