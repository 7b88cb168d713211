import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { lacks } from '../../platform.ts';
import { DAILY, it } from '../fs/temp-store.ts';

describe('creating', () => {
  it('takes nothing over from a deleted job of the same id', async ({ temp }) => {
    const { folder, knownRows, fetched } = getPersistentFiles(temp.paths, 'again');
    mkdirSync(folder, { recursive: true });
    for (const file of [knownRows, fetched]) writeFileSync(file, '');
    await temp.create('again');
    expect([knownRows, fetched].filter((file) => existsSync(file))).toEqual([]);
  });

  it('writes the whole record with its defaults, in the order of the specification', async ({ temp }) => {
    await temp.create('books-daily', { description: 'Prices' });
    const stored = temp.json('books-daily');
    expect(Object.keys(stored)).toEqual([
      '$schema',
      ...['id', 'config_name', 'schedule', 'description', 'output_format', 'output_path', 'max_retries'],
      ...[
        'retry_delay',
        'on_success',
        'on_failure',
        'enabled',
        'status',
        'last_run',
        'next_run',
        'created_at',
      ],
      ...['updated_at', 'tags', 'timeout', 'overlap', 'misfire_grace_time', 'catch_up', 'jitter', 'stagger'],
      ...['retry_backoff', 'priority', 'keep_runs', 'expect', 'pause_after_failures', 'on_failure_mode'],
      ...[
        'on_recovery',
        'on_change',
        'worker',
        'notify',
        'params',
        'schema_version',
        'revision',
        'created_by',
        'updated_by',
      ],
    ]);
    expect(stored).toMatchObject({
      max_retries: 3,
      retry_delay: 300,
      timeout: 3600,
      overlap: 'skip',
      catch_up: 'latest',
      keep_runs: 50,
      status: 'pending',
      next_run: '2026-11-26T08:00:00.000Z',
      created_at: '2026-11-25T12:00:00.000Z',
      revision: 1,
      created_by: 'library',
    });
  });

  it('refuses a taken id, also one whose file is no valid job', async ({ temp }) => {
    await temp.create('a');
    temp.put('b', 'not json');
    await expect(temp.create('a')).rejects.toMatchObject({ code: 'conflict', field: 'job_id' });
    await expect(temp.create('b')).rejects.toMatchObject({ code: 'conflict' });
    expect(temp.text('b')).toBe('not json');
  });

  it('makes an id from the name of the configuration', async ({ temp }) => {
    const fields = { config_name: 'news_scraper', schedule: DAILY };
    const { id } = await temp.store.create({ fields }, 'cli');
    expect(id).toMatch(/^news-scraper-[a-z0-9]{4}$/);
  });

  it.for([
    ['../evil', 'job_id'],
    ['Books', 'job_id'],
    ['con', 'job_id'],
    ['a/b', 'job_id'],
  ] as const)('refuses the id %s', async ([id, field], { temp }) => {
    await expect(temp.create(id)).rejects.toMatchObject({ code: 'invalid_params', field });
    expect(readdirSync(temp.paths.jobs)).toEqual([]);
  });

  it.skipIf(lacks('modes'))('gives files mode 0600 under any umask', async ({ temp }) => {
    for (const umask of [0o000, 0o277]) {
      const before = process.umask(umask);
      try {
        await temp.create(`umask-${umask}`);
      } finally {
        process.umask(before);
      }
      expect(statSync(temp.file(`umask-${umask}`)).mode & 0o777).toBe(0o600);
    }
  });

  it('sweeps temporary files of writers that have gone, and leaves those of live ones', async ({ temp }) => {
    const gone = join(temp.paths.jobs, '.a.json.4194999.0123456789ab.tmp');
    const live = join(temp.paths.jobs, `.a.json.${process.ppid}.0123456789ab.tmp`);
    writeFileSync(gone, '{');
    writeFileSync(live, '{');
    await temp.create('a');
    expect([existsSync(gone), existsSync(live)]).toEqual([false, true]);
  });

  it('sweeps a temporary file of a live process only after a week: its writer may be a long run', async ({
    temp,
  }) => {
    const files = [6, 8].map((days) => {
      const file = join(temp.paths.jobs, `.a.json.${process.ppid}.0123456789a${days}.tmp`);
      writeFileSync(file, '{');
      utimesSync(file, new Date(), new Date(Date.now() - days * 86_400_000));
      return file;
    });
    await temp.create('a');
    expect(files.map((file) => existsSync(file))).toEqual([true, false]);
  });

  it('sweeps no temporary file of a live process because the clock was set', async ({ temp }) => {
    const file = join(temp.paths.jobs, `.a.json.${process.ppid}.0123456789ab.tmp`);
    writeFileSync(file, '{');
    vi.useFakeTimers({ now: Date.now() + 120 * 86_400_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await temp.create('a');
    expect(existsSync(file)).toBe(true);
  });

  it('removes the index of job files that older versions kept, and what killed writers left beside it', async ({
    temp,
  }) => {
    writeFileSync(join(temp.paths.locks, 'jobs.index'), 'quickscrape-jobs 0.0.9');
    writeFileSync(join(temp.paths.locks, '.jobs.index.999999999.0123456789ab.tmp'), '');
    await temp.create('a');
    expect(readdirSync(temp.paths.locks).filter((name) => name.includes('jobs.index'))).toEqual([]);
  });
});

describe('updating', () => {
  it('writes only the fields that differ and raises the revision once', async ({ temp, clock }) => {
    await temp.create('a');
    clock.set('2026-11-25T13:00:00Z');
    const { entry, changed } = await temp.store.update(
      'a',
      { max_retries: 5, retry_delay: 300 },
      { by: 'cli' },
    );
    expect(changed).toEqual(['max_retries']);
    expect(entry.record).toMatchObject({ revision: 2, updatedBy: 'cli', createdBy: 'library' });
    expect(temp.json('a')).toMatchObject({
      max_retries: 5,
      revision: 2,
      updated_at: '2026-11-25T13:00:00.000Z',
      created_at: '2026-11-25T12:00:00.000Z',
    });
  });

  it('writes nothing when nothing differs', async ({ temp }) => {
    await temp.create('a', { tags: ['x'] });
    const before = statSync(temp.file('a'));
    const { changed } = await temp.store.update('a', { tags: ['x'] }, { by: 'cli' });
    expect(changed).toEqual([]);
    expect(statSync(temp.file('a')).ino).toBe(before.ino);
    expect(temp.valid('a').record.revision).toBe(1);
  });

  it('keeps concurrent changes of other fields', async ({ temp }) => {
    const base = (await temp.create('a')).record.definition;
    await temp.store.update('a', { description: 'theirs' }, { by: 'cli' });
    await temp.store.update('a', { max_retries: 9 }, { by: 'mcp', base });
    expect(temp.valid('a').record.definition).toMatchObject({ description: 'theirs', max_retries: 9 });
  });

  it('refuses a field that was changed to another value meanwhile, and names it', async ({ temp }) => {
    const base = (await temp.create('a')).record.definition;
    await temp.store.update('a', { description: 'theirs', priority: 7 }, { by: 'cli' });
    await expect(
      temp.store.update('a', { description: 'mine', priority: 7 }, { by: 'mcp', base }),
    ).rejects.toMatchObject({
      code: 'conflict',
      field: 'description',
      message: expect.stringContaining('"theirs"'),
    });
    expect(temp.valid('a').record.definition.description).toBe('theirs');
  });

  it('refuses another revision than the one asked for', async ({ temp }) => {
    await temp.create('a');
    await expect(temp.store.update('a', { priority: 1 }, { by: 'cli', ifRevision: 2 })).rejects.toMatchObject(
      {
        code: 'conflict',
        message: expect.stringContaining('revision 1'),
      },
    );
  });

  it.for([
    [{ max_retries: -1 }, 'max_retries', /whole number from 0 to 100, not -1/],
    [{ overlap: 'never' }, 'overlap', /one of skip, queue, cancel_running, allow, not "never"/],
    [{ output_format: 'xls' }, 'output_format', /one of csv, json, jsonl, excel, sqlite, not "xls"/],
    [{ output_path: 'x_{dat}.csv' }, 'output_path', /unknown placeholder \{dat\}/],
    [{ output_path: 'x.xlsx.gz' }, 'output_path', /excel is not compressed/],
    [{ expect: { min_item: 1 } }, 'expect.min_item', /unknown field/],
    [{ on_success: '  ' }, 'on_success', /a command/],
    [{ config_name: '../x' }, 'config_name', /not a valid name/],
    [{ max_retry: 1 }, 'max_retry', /not a field/],
    [{ revision: 9 }, 'revision', /not a field/],
    [{ status: 'completed' }, 'status', /not a field/],
  ] as const)('refuses %j and names the field', async ([changes, field, message], { temp }) => {
    await temp.create('a');
    const before = temp.text('a');
    const refusal = expect(temp.store.update('a', changes, { by: 'cli' })).rejects;
    await refusal.toMatchObject({ code: 'invalid_params', field, message: expect.stringMatching(message) });
    expect(temp.text('a')).toBe(before);
  });

  it('refuses a bad schedule as such, and keeps the time zone when a new schedule names none', async ({
    temp,
  }) => {
    await temp.create('a', { schedule: { type: 'daily', time: '09:00', timezone: 'Asia/Tokyo' } });
    await expect(
      temp.store.update('a', { schedule: { type: 'daily', time: '25:00' } }, { by: 'cli' }),
    ).rejects.toMatchObject({ code: 'invalid_schedule', field: 'time' });
    await temp.store.update('a', { schedule: { type: 'daily', time: '10:00' } }, { by: 'cli' });
    expect(temp.json('a')['schedule']).toEqual({ type: 'daily', time: '10:00', timezone: 'Asia/Tokyo' });
  });

  it('counts occurrences before a change of the schedule as decided, and no other change', async ({
    temp,
    clock,
  }) => {
    await temp.create('a');
    const created = temp.valid('a').state.decidedUntil;
    clock.set('2026-11-28T12:00:00Z');
    await temp.store.update('a', { priority: 1 }, { by: 'cli' });
    expect(temp.valid('a').state.decidedUntil).toBe(created);
    await temp.store.update('a', { enabled: false }, { by: 'cli' });
    expect(temp.valid('a').state.decidedUntil).toBe(clock.now());
    expect(temp.valid('a').state.nextRun).toBeNull();
  });

  it('keeps unknown fields, also one called __proto__', async ({ temp }) => {
    temp.put(
      'a',
      '{"config_name":"books","schedule":{"type":"hourly","timezone":"UTC"},"owner":{"team":[1,null]},"__proto__":{"admin":true}}',
    );
    await temp.store.update('a', { priority: 1 }, { by: 'cli' });
    const stored = temp.json('a');
    expect(stored['owner']).toEqual({ team: [1, null] });
    expect(Object.getOwnPropertyDescriptor(stored, '__proto__')?.value).toEqual({ admin: true });
    expect((temp.valid('a').record as unknown as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses a definition that would make the file too large', async ({ temp }) => {
    await temp.create('a');
    const tags = Array.from({ length: 1000 }, (_, index) => String(index).padStart(64, '☃'));
    const grown = { tags, on_success: ['x'.repeat(100_000)] };
    await expect(temp.store.update('a', grown, { by: 'cli' })).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining('262144'),
    });
    expect(temp.valid('a').record.revision).toBe(1);
  });
});

describe('finding', () => {
  it('takes whole ids before prefixes, and unique prefixes', async ({ temp }) => {
    for (const id of ['news', 'news-daily', 'prices']) await temp.create(id);
    expect(temp.store.find('news').id).toBe('news');
    expect(temp.store.find('pri').id).toBe('prices');
    expect(() => temp.store.find('ne')).toThrow(/news, news-daily/);
    expect(() => temp.store.find('newz-daily')).toThrow(
      expect.objectContaining({ code: 'job_not_found', hint: 'Did you mean news-daily?' }),
    );
    expect(() => temp.store.find('')).toThrow(expect.objectContaining({ code: 'job_not_found' }));
    expect(() => temp.store.find('../../etc/passwd')).toThrow(
      expect.objectContaining({ code: 'job_not_found' }),
    );
  });
});

it('the stored file counts, even when the database takes no writes', async ({ temp }) => {
  await temp.create('old');
  await temp.store.delete('old', { by: 'cli' });
  temp.refuseWrites();
  expect((await temp.create('a')).record.revision).toBe(1);
  for (const revision of [2, 3]) {
    const { entry } = await temp.store.update('a', { priority: revision }, { by: 'cli' });
    expect(entry.record).toMatchObject({ revision, updatedBy: 'cli', definition: { priority: revision } });
  }
  await temp.create('gone');
  expect(await temp.store.delete('gone', { by: 'cli' })).toBe(true);
  expect((await temp.store.restore('old')).record.id).toBe('old');
  expect(readdirSync(temp.paths.trash).map((name) => name.split('.')[0])).toEqual(['gone']);
  temp.allowWrites();
  expect(temp.store.list()).toMatchObject([
    { id: 'a', record: { revision: 3, updatedBy: 'cli', definition: { priority: 3 } } },
    { id: 'old', record: { revision: 1, updatedBy: 'library' } },
  ]);
});

it('updates count on from the noted revision while the database takes no writes', async ({ temp }) => {
  await temp.create('a');
  temp.refuseWrites();
  for (const revision of [2, 3, 4]) {
    await temp.store.update('a', { priority: revision }, { by: 'tui' });
    expect(temp.valid('a').record).toMatchObject({ revision, updatedBy: 'tui' });
  }
  temp.allowWrites();
  expect(temp.valid('a').record).toMatchObject({ revision: 4, updatedBy: 'tui' });
  const { changed } = await temp.store.update('a', { priority: 1 }, { by: 'tui', ifRevision: 4 });
  expect(changed).toEqual(['priority']);
});

it('a reported revision is not used again when the writer died while it reverted to the noted definition', async ({
  temp,
}) => {
  await temp.create('a');
  temp.refuseWrites();
  for (const priority of [1, 0]) await temp.store.update('a', { priority }, { by: 'tui' });
  temp.allowWrites();
  temp.reopen();
  expect(temp.valid('a').record).toMatchObject({ revision: 3, updatedBy: 'tui' });
  const { entry } = await temp.store.update('a', { priority: 2 }, { by: 'tui', ifRevision: 3 });
  expect(entry.record.revision).toBe(4);
});
