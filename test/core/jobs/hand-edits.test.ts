import { existsSync, statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../fs/temp-store.ts';

describe('edits by hand', () => {
  it('raise the revision once, whichever process notices, and differ from our own writes', async ({
    temp,
    clock,
  }) => {
    await temp.create('a');
    temp.put('a', { ...temp.json('a'), description: 'by hand' });
    clock.set('2026-11-26T12:00:00Z');
    expect(temp.valid('a').record).toMatchObject({ revision: 2, updatedBy: 'hand' });
    temp.store.list();
    temp.store.list();
    temp.reopen().list();
    const { record, state, unnoticed } = temp.valid('a');
    expect(record).toMatchObject({ revision: 2, updatedBy: 'hand' });
    expect(unnoticed).toBeUndefined();
    expect(state.decidedUntil).toBe(Date.parse('2026-11-25T12:00:00Z'));
    await temp.store.update('a', { priority: 2 }, { by: 'tui' });
    expect(temp.json('a')).toMatchObject({ revision: 3, updated_by: 'tui', description: 'by hand' });
  });

  it('raise the revision each time, also when only readers see them', async ({ temp }) => {
    await temp.create('a');
    await temp.create('b');
    const edit = (description: string | null) => {
      for (const id of ['a', 'b']) temp.put(id, { ...temp.json(id), description });
    };
    const listed = () => temp.store.list().map((entry) => entry.kind === 'valid' && entry.record.revision);
    for (const [revision, description] of [
      [2, 'x'],
      [3, 'y'],
      [4, null],
    ] as const) {
      edit(description);
      expect(temp.valid('a').record.revision).toBe(revision);
      expect(temp.store.find('a')).toMatchObject({ record: { revision, updatedBy: 'hand' } });
      expect(listed()).toEqual([revision, revision]);
      expect(temp.store.list().some((entry) => 'unnoticed' in entry)).toBe(false);
    }
    expect(temp.reopen().get('a')).toEqual(temp.store.list()[0]);
  });

  it('may spell a format in another way, which is what it was at first whenever the file is read', async ({
    temp,
  }) => {
    await temp.create('a');
    temp.put('a', { ...temp.json('a'), output_format: 'xlsx' });
    expect(temp.valid('a').record.definition.output_format).toBe('excel');
    temp.reopen();
    const { record, unnoticed } = temp.valid('a');
    expect(unnoticed).toBeUndefined();
    expect(record.definition.output_format).toBe('excel');
  });

  it('are not overwritten by a process that has read an earlier version', async ({ temp }) => {
    await temp.create('a');
    temp.put('a', { ...temp.json('a'), description: 'first' });
    const { revision } = temp.valid('a').record;
    temp.put('a', { ...temp.json('a'), description: 'second' });
    const stale = { by: 'mcp', ifRevision: revision } as const;
    await expect(temp.store.update('a', { description: 'x' }, stale)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(temp.store.delete('a', stale)).rejects.toMatchObject({ code: 'conflict' });
    expect(temp.json('a')['description']).toBe('second');
  });

  it('are shown where the database takes no writes, and noted when it does again', async ({ temp }) => {
    await temp.create('a');
    temp.put('a', { ...temp.json('a'), description: 'x' });
    temp.put('new', { config_name: 'books', schedule: { type: 'hourly' }, revision: 7 });
    temp.refuseWrites();
    for (let look = 0; look < 2; look += 1) {
      expect(temp.valid('a')).toMatchObject({ record: { revision: 2, updatedBy: 'hand' }, unnoticed: {} });
      expect(temp.store.list()).toMatchObject([{ record: { revision: 2 } }, { record: { revision: 7 } }]);
    }
    temp.allowWrites();
    temp.store.list();
    expect(temp.db.all('SELECT job_id, revision FROM job_state ORDER BY job_id')).toEqual([
      { job_id: 'a', revision: 2 },
      { job_id: 'new', revision: 7 },
    ]);
  });

  it('of the schedule move the watermark to now', async ({ temp, clock }) => {
    await temp.create('a');
    clock.set('2026-11-26T12:00:00Z');
    temp.put('a', { ...temp.json('a'), schedule: { type: 'hourly', minute: 5, timezone: 'UTC' } });
    temp.store.list();
    expect(temp.valid('a').state.decidedUntil).toBe(clock.now());
    clock.set('2026-11-26T13:00:00Z');
    expect(temp.valid('a').state.decidedUntil).toBe(Date.parse('2026-11-26T12:00:00Z'));
  });

  it('that change only spelling, order or runtime copies are none', async ({ temp }) => {
    await temp.create('a');
    const { id, status: _, ...rest } = temp.json('a');
    temp.put('a', JSON.stringify({ ...rest, status: 'failed', last_run: null, id }));
    temp.store.list();
    expect(temp.valid('a').record).toMatchObject({ revision: 1, updatedBy: 'library' });
    expect(temp.valid('a').state.status).toBe('pending');
  });

  it('are ours when the writer died between the file and the database', async ({ temp }) => {
    await temp.create('a');
    temp.put('a', { ...temp.json('a'), priority: 4, revision: 2, updated_by: 'cli' });
    temp.store.list();
    expect(temp.valid('a').record).toMatchObject({ revision: 2, updatedBy: 'cli' });
  });

  it('may be as short as a configuration and a schedule, with a byte order mark', ({ temp }) => {
    temp.put('short', '\uFEFF{"config_name":"books","schedule":{"type":"daily","time":"09:00"}}');
    const { record } = temp.valid('short');
    expect(record.definition).toMatchObject({ max_retries: 3, enabled: true, timeout: 3600 });
    expect(record).toMatchObject({ revision: 1, createdBy: 'hand', schemaVersion: 1 });
  });
});

describe('runtime copies', () => {
  it('are written when they differ, keep the revision, and do not add a time zone', async ({
    temp,
    clock,
  }) => {
    temp.put('a', '{"config_name":"books","schedule":{"type":"daily","time":"09:00"},"x":1}');
    temp.store.list();
    temp.db.run(`UPDATE job_state SET status = 'completed', last_run = ? WHERE job_id = 'a'`, [clock.now()]);
    await temp.store.copyRuntime('a');
    expect(temp.json('a')).toMatchObject({
      status: 'completed',
      last_run: '2026-11-25T12:00:00.000Z',
      schedule: { type: 'daily', time: '09:00' },
      x: 1,
    });
    expect(temp.json('a')['schedule']).not.toHaveProperty('timezone');
    const { ino } = statSync(temp.file('a'));
    await temp.store.copyRuntime('a');
    expect(statSync(temp.file('a')).ino).toBe(ino);
    temp.store.list();
    expect(temp.valid('a').record.revision).toBe(1);
  });

  it('are not written to files that are not ours to write', async ({ temp }) => {
    temp.put('bad', '{');
    temp.put('new', { schema_version: 2 });
    for (const id of ['bad', 'new', 'absent']) await temp.store.copyRuntime(id);
    expect(temp.text('bad')).toBe('{');
    expect(temp.json('new')).toEqual({ schema_version: 2 });
    expect(existsSync(temp.file('absent'))).toBe(false);
  });
});

it('sees an edit in place that leaves no trace in the file’s time stamps', async ({ temp }) => {
  await temp.create('a', { description: 'x00' });
  for (let round = 10; round < 60; round += 1) {
    const text = temp.text('a').replace(/"x\d\d"/, `"x${round}"`);
    temp.put('a', text);
    const [entry] = temp.store.list();
    expect(entry).toMatchObject({ record: { definition: { description: `x${round}` } } });
  }
});
