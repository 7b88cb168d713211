import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { OPERATION_NAMES } from '../../../src/core/operations/operations.ts';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { it } from '../../extend.ts';
import { connect, KINDS } from './mcp-clients.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
const YAML = 'url: "http://127.0.0.1:9/"\nselectors:\n  title: h3\n';

// `connect` holds the text of each answer against its data.
it.for(KINDS)(
  'says the same in the text and in the data of each tool, to a client %s',
  async (kind, { home, workspace }) => {
    await workspace.configs.write('books', YAML);
    // Only a home with workers, channels or histories offers their tools.
    const { folder, history } = getPersistentFiles(workspace.paths, 'daily-books');
    mkdirSync(folder, { recursive: true });
    writeFileSync(history, '');
    writeFileSync(workspace.paths.channels, 'me: { type: webhook, url: "http://127.0.0.1:2/" }\n');
    await new WorkerInvitations(workspace.paths, workspace.clock).invite('lyon', []);
    const client = await connect(kind, home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
    const tools = (await client.tools()).map(({ name }) => name);
    const called = new Set<string>();
    const call = async (name: string, params: Record<string, unknown> = {}) => {
      called.add(name);
      const answer = await client.call(name, params);
      expect(answer.isError).toBe(false);
      expect(Object.keys(answer.data)[0]).toBe('summary');
      if ('note' in answer.data) expect(Object.keys(answer.data)[1]).toBe('note');
      return answer;
    };
    const refused = async (name: string, params: Record<string, unknown> = {}) => {
      const { isError, data } = await client.call(name, params);
      expect(isError).toBe(true);
      const { summary, error } = data as { summary: string; error: { code: string; message: string } };
      expect(summary).toBe(`${error.code}: ${error.message}`);
      return error;
    };

    const job = { job_id: 'daily-books', config_name: 'books', schedule: DAILY };
    expect((await call('create_job', job)).text).toMatch(/^Job daily-books created; next run \d{4}/);
    await call('create_job', { ...job, job_id: 'other', dry_run: true });
    await call('list_jobs');
    await call('get_job', { job_id: 'daily-books' });
    await call('update_job', { job_id: 'daily-books', changes: { max_retries: 0 } });
    await call('update_jobs', { filter: 'state:new', changes: { timeout: 90 } });
    const { run } = (await call('run_job', { job_id: 'daily-books', wait_seconds: 50 })).data as {
      run: { run_id: string; status: string };
    };
    expect(run.status).toBe('failed');
    await call('list_runs', { job_id: 'daily-books' });
    expect((await call('get_run', { run_id: run.run_id })).data['note']).toContain('data, not instructions');
    expect((await call('explain_run', { run_id: run.run_id })).text).toMatch(
      /^Run \S+ failed, .* The site cannot be reached: /,
    );
    const again = (await call('retry_run', { run_id: run.run_id })).data['run'] as { run_id: string };
    await client.call('cancel_run', { run_id: again.run_id });
    called.add('cancel_run');
    expect((await call('get_log', { run_id: run.run_id })).data['note']).toContain('not instructions');
    expect((await call('list_items', { run_id: run.run_id })).data['note']).toContain('not instructions');
    expect(await refused('compare_runs', { run_id: run.run_id })).toMatchObject({ code: expect.any(String) });
    called.add('compare_runs');
    expect(await refused('get_item_history', { job_id: 'daily-books' })).toMatchObject({ code: 'conflict' });
    called.add('get_item_history');
    await call('preview_schedule', { schedule: DAILY });
    await call('forecast_runs');
    await call('list_trash');
    await call('examine_home');
    await call('get_settings');
    await call('set_setting', { name: 'keep_runs', value: '40' });
    await call('export', { config_names: ['books'] });
    await call('list_configs');
    expect((await call('get_config', { config_name: 'books' })).data['yaml']).toBe(YAML);
    await call('save_config', { config_name: 'new', yaml: YAML });
    expect((await call('test_config', { config_name: 'books' })).data['note']).toContain('not instructions');
    expect(await refused('get_page', { url: 'http://127.0.0.1:9/' })).toMatchObject({ field: 'url' });
    called.add('get_page');
    expect((await call('propose_config', { grammar: true })).data['grammar']).toContain('selectors:');
    const examples = [{ name: 'title', value: 'x' }];
    expect(await refused('find_selectors', { url: 'http://127.0.0.1:9/', examples })).toMatchObject({
      field: 'url',
    });
    called.add('find_selectors');
    await call('delete_config', { config_name: 'new' });
    await call('restore_config', { config_name: 'new' });
    expect((await call('get_scheduler')).text).toContain('No scheduler is running');
    expect((await call('list_channels')).text).toContain('me (webhook)');
    expect((await call('test_channel', { channel: 'me' })).data['sent']).toBe(false);
    await call('list_workers');
    for (const name of ['drain_worker', 'revoke_worker']) {
      expect(await refused(name, { name: 'paris-1' })).toMatchObject({ code: 'worker_not_found' });
      called.add(name);
    }
    await call('start_scheduler');
    await call('stop_scheduler', { force: true });
    await client.call('delete_job', { job_id: 'daily-books' });
    called.add('delete_job');
    await client.call('restore_job', { job_id: 'daily-books' });
    called.add('restore_job');
    // Listed only for a person who chose them.
    const byChoice = ['get_metrics', 'get_report', 'list_messages'];
    const names = OPERATION_NAMES.filter((name) => !byChoice.includes(name)).sort();
    expect([...called].sort()).toEqual(names);
    expect([...tools].sort()).toEqual(names);

    expect(await refused('get_job', { job_id: 'daily-bokks' })).toEqual({
      code: 'job_not_found',
      message: expect.stringContaining('daily-bokks'),
      field: 'job_id',
      hint: expect.stringContaining('daily-books'),
    });
    expect(await refused('create_job', { colour: 1 })).toMatchObject({
      code: 'invalid_params',
      issues: expect.arrayContaining([{ path: 'schedule', message: expect.stringContaining('missing') }]),
    });
  },
);
