import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nameCommand } from '../../../src/core/operations/examine-home.ts';
import { needs } from '../../platform.ts';
import { BOOKS, DAILY, it, refusal } from './open-home.ts';

it('lists deleted jobs and texts, newest first, over pages, and brings a text back', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  await call('delete_job', { job_id: 'mine' });
  await call('delete_config', { config_name: 'books' });
  const first = await call('list_trash', { limit: 1 });
  expect(first).toMatchObject({
    total: 2,
    deleted: [{ kind: 'config', name: 'books', deleted_by: 'library' }],
  });
  const second = await call('list_trash', { limit: 1, cursor: first.next_cursor });
  expect(second).toMatchObject({ total: 2, deleted: [{ kind: 'job', name: 'mine' }] });
  expect(second.next_cursor).toBeUndefined();
  expect(Date.parse(first.deleted[0]?.kept_until ?? '')).toBe(
    Date.parse(first.deleted[0]?.deleted_at ?? '') + 30 * 86_400_000,
  );
  await call('restore_config', { config_name: 'books' });
  expect(workspace.configs.read('books').yaml).toBe(BOOKS);
  expect((await call('list_trash', {})).deleted).toMatchObject([{ kind: 'job', name: 'mine' }]);
});

it('restores an older text by its instant', async ({ workspace, call }) => {
  const { clock } = workspace;
  const { ConfigEdits } = await import('../../../src/core/configs/config-edits.ts');
  const edits = new ConfigEdits(workspace);
  await edits.save('books', `# second\n${BOOKS}`);
  const [older] = (await call('list_trash', {})).deleted;
  await call('delete_config', { config_name: 'books' });
  expect(clock.now()).toBeGreaterThan(0);
  await call('restore_config', { config_name: 'books', deleted_at: older?.deleted_at });
  expect(workspace.configs.read('books').yaml).toBe(BOOKS);
});

it('puts an overwritten text back over the present one, which then waits in the trash itself', async ({
  workspace,
  call,
}) => {
  const { ConfigEdits } = await import('../../../src/core/configs/config-edits.ts');
  const edits = new ConfigEdits(workspace);
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  await edits.save('books', '# second');
  await edits.save('books', '# third');
  const trash = async () => (await call('list_trash', {})).deleted;
  const [, first] = await trash();
  expect(first).toMatchObject({ kind: 'config', name: 'books', reason: 'overwritten' });
  const text = () => workspace.configs.read('books').yaml;
  expect(await call('restore_config', { config_name: 'books' })).toMatchObject({
    changed: true,
    warnings: [],
  });
  expect(text()).toBe('# second');
  // The newest text is now the one that was there: restoring is its own undo.
  await call('restore_config', { config_name: 'books' });
  expect(text()).toBe('# third');
  await call('restore_config', { config_name: 'books', deleted_at: first?.deleted_at });
  expect(text()).toBe(BOOKS);
  expect((await trash()).map(({ reason }) => reason)).toEqual(['overwritten', 'overwritten']);
});

it('says why each text and job is in the trash', async ({ workspace, call }) => {
  const { ConfigEdits } = await import('../../../src/core/configs/config-edits.ts');
  const others = new ConfigEdits({
    paths: workspace.paths,
    configs: workspace.configs,
    clock: workspace.clock,
  });
  await others.save('books', '# second');
  await others.delete('books', () => {});
  await call('delete_config', { config_name: 'news' });
  const { deleted } = await call('list_trash', {});
  expect(deleted.map(({ name, reason, deleted_by }) => `${name} ${reason} ${deleted_by}`).sort()).toEqual([
    'books deleted null',
    'books overwritten null',
    'news deleted library',
  ]);
});

it.for([
  [{ config_name: 'books' }, 'config_not_found', 'config_name'],
  [{ config_name: 'nwes' }, 'config_not_found', 'config_name'],
  [{ config_name: 'news', deleted_at: '2020-01-01T00:00:00Z' }, 'config_not_found', 'deleted_at'],
  [{ config_name: '../news' }, 'invalid_params', 'config_name'],
] as const)('refuses to restore %j: %s', async ([params, code, field], { call }) => {
  await call('delete_config', { config_name: 'news' });
  const error = await refusal(call('restore_config', params));
  expect(error).toMatchObject({ code, field });
  if (params.config_name === 'nwes') expect(error.hint).toContain('news');
});

it.for(['nonsense', Buffer.from('{"after":"x"}').toString('base64url')])(
  'refuses the cursor %j of the trash',
  async (cursor, { call }) => {
    expect(await refusal(call('list_trash', { cursor }))).toMatchObject({
      code: 'invalid_params',
      field: 'cursor',
    });
  },
);

it('shows settings with their source, and sets and resets one', async ({ call }) => {
  const shown = async (name: string) => (await call('get_settings', { names: [name] })).settings;
  expect(await shown('keep_runs')).toMatchObject([
    { name: 'keep_runs', value: 50, default: 50, source: 'default' },
  ]);
  expect(await call('set_setting', { name: 'keep_runs', value: '7' })).toMatchObject({
    value: 7,
    before: 50,
    changed: true,
  });
  expect(await call('set_setting', { name: 'keep_runs', value: 7 as never })).toMatchObject({
    changed: false,
  });
  expect(await shown('keep_runs')).toMatchObject([{ value: 7, default: 50, source: 'file' }]);
  expect(await call('set_setting', { name: 'keep_runs' })).toMatchObject({ value: 50, before: 7 });
  expect(await shown('keep_runs')).toMatchObject([{ value: 50, source: 'default' }]);
  expect((await call('get_settings', {})).settings.length).toBeGreaterThan(15);
});

it.for([
  [{ name: 'keep_rnus', value: '7' }, /no setting "keep_rnus"/],
  [{ name: 'keep_runs', value: 'many' }, /keep_runs: must be a whole number from 1 to 1000000, not "many"/],
  [{ name: 'timezone', value: 'Berlin' }, /Berlin/],
] as const)('refuses the setting %j', async ([params, message], { call }) => {
  const error = await refusal(call('set_setting', params));
  expect(error).toMatchObject({ code: 'invalid_params' });
  expect(error.message).toMatch(message);
});

it('refuses to show a setting that there is not', async ({ call }) => {
  expect(await refusal(call('get_settings', { names: ['timezne'] }))).toMatchObject({
    hint: expect.stringContaining('timezone'),
  });
});

it('exports jobs with their configurations, to the answer or to a file, and overwrites only when asked to', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  await call('create_job', { job_id: 'other', config_name: 'news', schedule: DAILY });
  const some = await call('export', { job_ids: ['mine', 'mine'] });
  expect(some).toMatchObject({
    jobs: 1,
    configs: 1,
    settings: 0,
    file: null,
    bundle: { configs: { books: BOOKS } },
  });
  const file = join(workspace.paths.output, 'bundles', 'all.json');
  const all = await call('export', { output_path: 'bundles/all.json' });
  expect(all).toMatchObject({ jobs: 2, configs: 2, file, bundle: null, bytes: statSync(file).size });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    format: 'quickscrape-bundle',
    jobs: [{ id: 'mine' }, { id: 'other' }],
  });
  expect(await refusal(call('export', { output_path: 'bundles/all.json' }))).toMatchObject({
    code: 'conflict',
    field: 'output_path',
  });
  expect(
    await call('export', { config_names: ['news'], output_path: 'bundles/all.json', overwrite: true }),
  ).toMatchObject({ jobs: 0, configs: 1, bytes: expect.any(Number) });
});

it.for([
  [{ job_ids: ['nope'] }, 'job_not_found'],
  [{ config_names: ['nope'] }, 'config_not_found'],
  [{ output_path: 'bundle.csv' }, 'invalid_params'],
  [{ output_path: '{date}.json' }, 'invalid_params'],
] as const)('refuses to export %j: %s', async ([params, code], { call }) => {
  expect(await refusal(call('export', params as never))).toMatchObject({ code });
});

it('replaces no link and no folder by a bundle, and names jobs that it left out', async ({
  workspace,
  call,
}) => {
  needs('links');
  const { output, jobs } = workspace.paths;
  mkdirSync(join(output, 'folder.json'), { recursive: true });
  symlinkSync('nowhere', join(output, 'link.json'));
  for (const name of ['folder.json', 'link.json'])
    expect(await refusal(call('export', { output_path: name, overwrite: true }))).toMatchObject({
      code: 'conflict',
    });
  writeFileSync(join(jobs, 'broken.json'), '{ oops');
  expect((await call('export', {})).skipped).toEqual([expect.stringContaining('broken.json')]);
  expect(existsSync(join(output, 'nowhere'))).toBe(false);
});

it('asks for a file where the bundle is too large for an answer', async ({ workspace, call }) => {
  await workspace.configs.write('big', `# ${'x'.repeat(20_000)}\n${BOOKS}`);
  const error = await refusal(call('export', {}));
  expect(error).toMatchObject({
    code: 'invalid_params',
    field: 'output_path',
    hint: expect.stringContaining('bundle.json'),
  });
});

it.each([
  ['scheduler start --daemon', 'start_scheduler'],
  ['job update news --enable', 'update_job {"job_id":"news","changes":{"enabled":true}}'],
  ['job history news', 'list_runs {"job_id":"news"}'],
  ['config set timezone Europe/Berlin', 'set_setting {"name":"timezone","value":"Europe/Berlin"}'],
  ['validate books', 'test_config {"config_name":"books"}'],
])('names the command "%s" as %s', (line, call) => {
  expect(nameCommand(line, undefined)).toBe(call);
  expect(nameCommand(line, () => false)).toMatch(/^the person runs: .*quickscrape.* /);
});

it('leaves what only the person can do to the person', () => {
  expect(nameCommand('doctor --fix', undefined)).toMatch(/^the person runs: .* doctor --fix$/);
  expect(nameCommand('config set browser_path FILE', undefined)).toMatch(/^the person runs: /);
});
