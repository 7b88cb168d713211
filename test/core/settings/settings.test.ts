import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JobStore } from '../../../src/core/jobs/job-store.ts';
import { systemTimezone } from '../../../src/core/schedule/engine/instant.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { TempStore } from '../fs/temp-store.ts';

let temp: TempStore;
let settings: Settings;
beforeEach(() => {
  temp = new TempStore();
  settings = new Settings(temp.paths);
});
afterEach(() => temp[Symbol.dispose]());

const text = () => readFileSync(temp.paths.settings, 'utf8');

it('has defaults, and lists every setting with its description', () => {
  expect(settings.get('max_concurrent_runs')).toBe(4);
  expect(settings.get('timezone')).toBe(systemTimezone());
  expect(settings.all().map(({ key, value, set }) => [key, value, set])).toEqual([
    ...[
      ['max_concurrent_runs', 4, false],
      ['max_runs_per_host', 2, false],
      ['min_free_space', 50, false],
      ['timezone', systemTimezone(), false],
      ['user_agent', null, false],
    ],
    ...[
      ['default_output_format', 'csv', false],
      ['request_timeout', 30, false],
      ['respect_robots', true, false],
    ],
    ...[
      ['browser_path', null, false],
      ['run_grace', 10, false],
      ['trash_days', 30, false],
      ['keep_runs', 50, false],
    ],
    ...[
      ['executor', 'local', false],
      ['executor_redis', null, false],
      ['executor_fallback', 'wait', false],
      ['executor_local_slots', 0, false],
      ['executor_ahead', 0, false],
      ['worker_lost_after', 90, false],
      ['notify', [], false],
      ['heartbeat', null, false],
      ['executor_max_result', 2048, false],
    ],
  ]);
  expect(settings.all().every(({ description }) => description.length > 10)).toBe(true);
});

it('keeps comments and unknown keys, and sees what others write', async () => {
  writeFileSync(temp.paths.settings, '# mine\nfuture: [1, 2] # later\nkeep_runs: 7\n');
  expect(settings.get('keep_runs')).toBe(7);
  await settings.set('max_concurrent_runs', 2);
  expect(text()).toBe('# mine\nfuture: [ 1, 2 ] # later\nkeep_runs: 7\nmax_concurrent_runs: 2\n');
  expect(statSync(temp.paths.settings).mode & 0o777).toBe(0o600);
  await new Settings(temp.paths).set('keep_runs', 9);
  expect([settings.get('keep_runs'), settings.get('max_concurrent_runs')]).toEqual([9, 2]);
  await settings.reset('keep_runs');
  expect(settings.get('keep_runs')).toBe(50);
  await settings.reset();
  expect(text()).toBe('# mine\nfuture: [ 1, 2 ] # later\n');
});

it('takes what a command line can say', async () => {
  await settings.set('max_concurrent_runs', '8');
  await settings.set('respect_robots', 'false');
  await settings.set('user_agent', 'Bot 1.0');
  await settings.set('timezone', 'Asia/Tokyo');
  const keys = ['max_concurrent_runs', 'respect_robots', 'user_agent', 'timezone'] as const;
  expect(keys.map((key) => settings.get(key))).toEqual([8, false, 'Bot 1.0', 'Asia/Tokyo']);
});

it('takes null where a setting may be null', async () => {
  await settings.set('user_agent', 'Bot 1.0');
  await settings.set('user_agent', null);
  expect(text()).toMatch(/^user_agent: null$/m);
  expect([settings.get('user_agent'), settings.get('keep_runs')]).toEqual([null, 50]);
  // From a command line it is a text.
  await settings.set('user_agent', 'Bot 1.0');
  await settings.set('user_agent', 'null');
  expect(text()).toMatch(/^user_agent: null$/m);
  await expect(settings.set('keep_runs', 'null')).rejects.toThrow(/keep_runs.*whole number.*null/);
});

it.each([
  ['max_concurrent_runs', 'many', /whole number from 1 to 1000, not "many"/],
  ['max_concurrent_runs', 0, /whole number/],
  ['timezone', 'Mars/X', /Mars\/X/],
  ['default_output_format', 'xls', /one of csv, json, jsonl, excel, sqlite/],
  ['respect_robots', 'perhaps', /true or false/],
  ['user_agent', 'a\r\nb', /printable/],
  ['executor', 'redis', /local or bullmq, not "redis"/],
  ['worker_lost_after', 9, /whole number from 10 to 3600/],
  ['executor_redis', 'redis.example:6379', /^executor_redis: must be redis:/],
])('refuses %s = %j', async (key, value, message) => {
  await expect(settings.set(key, value)).rejects.toMatchObject({
    code: 'invalid_params',
    field: key,
    message: expect.stringMatching(message),
  });
});

it('has no hint about schedules for a time zone that no name is close to', async () => {
  const error: unknown = await settings
    .set('timezone', 'Qqqqqqqqqqqq/Zzzzzzzzzzzz')
    .catch((refused) => refused);
  expect(error).toMatchObject({ code: 'invalid_params', field: 'timezone', hint: undefined });
});

it('knows no other keys, and says what may have been meant', async () => {
  const unknown = { code: 'invalid_params', hint: 'Did you mean keep_runs?' };
  await expect(settings.set('keep_run', 5)).rejects.toMatchObject(unknown);
  await expect(settings.reset('keep_run')).rejects.toMatchObject(unknown);
  expect(() => settings.get('keep_run' as 'keep_runs')).toThrow(expect.objectContaining(unknown));
});

it.each([
  ['keep_runs: 5\nmax_concurrent_runs: lots\n', 2, /lots/],
  ['keep_runs: [\n', 2, /./],
  ['- a\n', 1, /key: value/],
])('an invalid file is reported by line and never written: %j', async (content, line, message) => {
  writeFileSync(temp.paths.settings, content);
  const wrong = {
    code: 'invalid_config',
    message: expect.stringMatching(message),
    issues: [expect.objectContaining({ line })],
  };
  expect(() => settings.get('keep_runs')).toThrow(expect.objectContaining(wrong));
  if (!content.includes('lots')) await expect(settings.set('keep_runs', 5)).rejects.toMatchObject(wrong);
  expect(text()).toBe(content);
});

it('does not rewrite a file that is not UTF-8', async () => {
  const bytes = Buffer.from('# Fran\xe7ois\nkeep_runs: 5\n', 'latin1');
  writeFileSync(temp.paths.settings, bytes);
  await expect(settings.set('keep_runs', 6)).rejects.toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining(':1:7: the byte 0xE7 is not UTF-8'),
  });
  expect(readFileSync(temp.paths.settings)).toEqual(bytes);
});

it('gives new jobs their time zone and how many runs to keep', async () => {
  await settings.set('timezone', 'Asia/Tokyo');
  await settings.set('keep_runs', 3);
  const store = new JobStore({ paths: temp.paths, db: temp.db, settings });
  const { record } = await store.create(
    { fields: { config_name: 'a', schedule: { type: 'daily', time: '09:00' } } },
    'cli',
  );
  store.close();
  expect(record.definition).toMatchObject({ keep_runs: 3, schedule: { timezone: 'Asia/Tokyo' } });
});
