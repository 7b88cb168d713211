import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { lacks } from '../../platform.ts';
import { DAILY, it } from '../fs/temp-store.ts';

describe('files that are not ours to write', () => {
  const good = { config_name: 'books', schedule: DAILY };
  it.for<[string, unknown, { line?: number; column?: number; reason: RegExp }]>([
    [
      'broken JSON',
      '{\n  "config_name": "books",\n  "schedule": oops\n}',
      { line: 3, column: 15, reason: /not JSON/ },
    ],
    ['half a file', '{\n  "config_name": "bo', { line: 2, column: 21, reason: /not JSON/ }],
    ['an empty file', '', { line: 1, column: 1, reason: /not JSON/ }],
    ['a list', '[]', { reason: /one JSON object/ }],
    [
      'a wrong field',
      { ...good, max_retries: 'three' },
      { line: 8, column: 3, reason: /max_retries: must be a whole number/ },
    ],
    [
      'a bad schedule',
      { ...good, schedule: { ...DAILY, time: '25:00' } },
      { line: 5, column: 5, reason: /25:00/ },
    ],
    ['no schedule', { config_name: 'books' }, { reason: /schedule: missing/ }],
    ['another id', { ...good, id: 'other' }, { line: 8, column: 3, reason: /file's name says "bad"/ }],
    ['a wrong revision', { ...good, revision: 0 }, { line: 8, column: 3, reason: /revision/ }],
    ['a bad instant', { ...good, created_at: 'soon' }, { line: 8, column: 3, reason: /created_at/ }],
    ['too large a file', `${JSON.stringify(good)}${' '.repeat(300_000)}`, { reason: /bytes/ }],
    ['deep nesting', `${'['.repeat(100_000)}`, { reason: /not JSON/ }],
    [
      'deep nesting in an unknown field',
      `{"x":${'['.repeat(60_000)}${']'.repeat(60_000)}}`,
      { reason: /deep|missing/ },
    ],
  ])('%s is shown with the reason and left as it is', async ([_, content, expected], { temp }) => {
    temp.put('bad', content);
    const before = temp.text('bad');
    const { line, column, reason } = expected;
    expect(temp.store.list()).toEqual([
      expect.objectContaining({
        kind: 'invalid',
        id: 'bad',
        file: temp.file('bad'),
        reason: expect.stringMatching(reason),
        ...(line !== undefined && { line, column }),
      }),
    ]);
    await expect(temp.store.update('bad', { priority: 1 }, { by: 'cli' })).rejects.toMatchObject({
      code: 'invalid_job',
    });
    await expect(temp.store.delete('bad', { by: 'cli' })).rejects.toMatchObject({ code: 'invalid_job' });
    expect(temp.text('bad')).toBe(before);
  });

  it('bytes that are not UTF-8 are invalid', ({ temp }) => {
    writeFileSync(temp.file('bad'), Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(temp.store.get('bad')).toMatchObject({ kind: 'invalid', reason: 'not UTF-8 text' });
  });

  it.skipIf(lacks('links'))(
    'a symbolic link is not followed, not written through and not replaced',
    async ({ temp }) => {
      writeFileSync(join(temp.paths.home, 'target.json'), JSON.stringify(good));
      symlinkSync(join(temp.paths.home, 'target.json'), temp.file('link'));
      expect(temp.store.list()).toMatchObject([{ kind: 'invalid', id: 'link', reason: /symbolic link/ }]);
      expect(temp.store.get('link')).toMatchObject({ kind: 'invalid' });
      await expect(temp.store.update('link', { priority: 1 }, { by: 'cli' })).rejects.toMatchObject({
        code: 'invalid_job',
      });
      expect(statSync(temp.file('link')).isFile()).toBe(true);
    },
  );

  it('reports folders and names that are not ids, and skips other files', ({ temp }) => {
    mkdirSync(temp.file('folder'));
    writeFileSync(join(temp.paths.jobs, 'My Job.json'), JSON.stringify(good));
    writeFileSync(join(temp.paths.jobs, 'notes.txt'), 'hello');
    writeFileSync(join(temp.paths.jobs, '.hidden.json'), 'hello');
    expect(temp.store.list()).toMatchObject([
      { kind: 'invalid', id: 'My Job', reason: /not a valid job id/ },
      { kind: 'invalid', id: 'folder', reason: /not a regular file/ },
    ]);
  });

  it('a file of a newer version is shown, and cannot be changed, deleted or enabled', async ({ temp }) => {
    temp.put('next', {
      ...good,
      id: 'next',
      schema_version: 2,
      colour: 'green',
      schedule: { type: 'lunar' },
    });
    const before = temp.text('next');
    expect(temp.store.list()).toMatchObject([{ kind: 'newer', id: 'next', schemaVersion: 2 }]);
    const refused = { code: 'invalid_job', message: expect.stringContaining('newer version') };
    await expect(temp.store.update('next', { enabled: true }, { by: 'cli' })).rejects.toMatchObject(refused);
    await expect(temp.store.delete('next', { by: 'cli' })).rejects.toMatchObject(refused);
    expect(temp.text('next')).toBe(before);
  });
});

it.skipIf(lacks('modes'))(
  'works again after the jobs folder was deleted, and reports a folder that cannot be listed',
  async ({ temp }) => {
    rmSync(temp.paths.jobs, { recursive: true });
    expect(temp.store.list()).toEqual([]);
    await temp.create('a');
    expect(statSync(temp.paths.jobs).mode & 0o777).toBe(0o700);
    if (process.getuid?.() === 0) return;
    chmodSync(temp.paths.jobs, 0o000);
    expect(() => temp.store.list()).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
    chmodSync(temp.paths.jobs, 0o700);
  },
);

it('has no jobs in a home without a jobs folder, and reports a missing home', ({ temp }) => {
  rmSync(temp.paths.jobs, { recursive: true });
  expect(temp.store.list()).toEqual([]);
  rmSync(temp.paths.home, { recursive: true });
  expect(() => temp.store.list()).toThrow(
    expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining(temp.paths.jobs) }),
  );
});

it('is not made unusable by the copies of its status, when they would make it too large', async ({
  temp,
}) => {
  const good = { config_name: 'books', schedule: DAILY, note: '' };
  const note = 'x'.repeat(262_144 - JSON.stringify(good).length);
  const text = JSON.stringify({ ...good, note });
  const file = join(temp.paths.jobs, 'full.json');
  writeFileSync(file, text);
  expect(temp.store.get('full')).toMatchObject({ kind: 'valid' });
  await temp.store.copyRuntime('full');
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(temp.store.get('full')).toMatchObject({ kind: 'valid' });
});

it('a job in a time zone that this Node does not know any more cannot be used, and the others are listed', async ({
  temp,
}) => {
  for (const id of ['a', 'b']) await temp.create(id);
  temp.put('a', { ...temp.json('a'), schedule: { ...DAILY, timezone: 'Europe/Atlantis' } });
  // As an older Node, which knew the zone, has noted it.
  const noted = `replace(definition_hash, 'Europe/Berlin', 'Europe/Atlantis')`;
  temp.db.run(`UPDATE job_state SET definition_hash = ${noted} WHERE job_id = 'a'`);
  expect(temp.store.list()).toMatchObject([
    { id: 'a', kind: 'invalid', reason: expect.stringContaining('Europe/Atlantis') },
    { id: 'b', kind: 'valid' },
  ]);
});
