import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../../../src/core/operations/operations.ts';
import { Trash } from '../../../src/core/trash/trash.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { BOOKS, DAILY, type OpenHome, openHome, refusal } from './open-home.ts';

const NEVER = { type: 'daily', time: '25:00', timezone: 'UTC' };
const fields = { config_name: 'books', schedule: DAILY };

/** How each error comes about that an operation names as its own, on the home that {@link prepared} makes. */
const WAYS: readonly (readonly [operation: OperationName, code: string, params: object])[] = [
  ['get_job', 'job_not_found', { job_id: 'nope' }],
  ['get_job', 'invalid_job', { job_id: 'broken' }],
  ['create_job', 'invalid_job', { ...fields, job_id: 'broken' }],
  ['create_job', 'config_not_found', { ...fields, config_name: 'nope' }],
  ['create_job', 'conflict', { ...fields, job_id: 'mine', description: 'another' }],
  ['create_job', 'invalid_schedule', { ...fields, schedule: NEVER }],
  ['update_job', 'job_not_found', { job_id: 'nope', changes: {} }],
  ['update_job', 'invalid_job', { job_id: 'broken', changes: {} }],
  ['update_job', 'config_not_found', { job_id: 'mine', changes: { config_name: 'nope' } }],
  ['update_job', 'conflict', { job_id: 'mine', changes: {}, if_revision: 9 }],
  ['update_job', 'invalid_schedule', { job_id: 'mine', changes: { schedule: NEVER } }],
  ['delete_job', 'job_not_found', { job_id: 'nope' }],
  ['delete_job', 'invalid_job', { job_id: 'broken' }],
  ['delete_job', 'conflict', { job_id: 'busy' }],
  ['propose_config', 'run_not_found', { run_id: 'nope' }],
  ['find_selectors', 'run_not_found', { run_id: 'nope', examples: { title: 'x' } }],
  ['find_selectors', 'config_not_found', { config_name: 'nope', examples: { title: 'x' } }],
  ['find_selectors', 'invalid_config', { config_name: 'latin', examples: { title: 'x' } }],
  ['restore_job', 'job_not_found', { job_id: 'mine' }],
  ['restore_job', 'invalid_job', { job_id: 'spoilt' }],
  ['restore_job', 'conflict', { job_id: 'twice' }],
  ['run_job', 'job_not_found', { job_id: 'nope' }],
  ['run_job', 'invalid_job', { job_id: 'broken' }],
  ['run_job', 'conflict', { job_id: 'busy' }],
  ['retry_run', 'run_not_found', { run_id: 'nope' }],
  ['retry_run', 'job_not_found', { run_id: 'orphan' }],
  ['retry_run', 'invalid_job', { run_id: 'of-broken' }],
  ['retry_run', 'conflict', { run_id: 'waiting' }],
  ['cancel_run', 'run_not_found', { run_id: 'nope' }],
  ['list_runs', 'job_not_found', { job_id: 'nope' }],
  ['get_report', 'job_not_found', { job_ids: ['nope'] }],
  ['get_run', 'run_not_found', { run_id: 'nope' }],
  ['get_log', 'run_not_found', { run_id: 'nope' }],
  ['get_log', 'conflict', { run_id: 'orphan' }],
  ['explain_run', 'run_not_found', { run_id: 'nope' }],
  ['list_items', 'run_not_found', { run_id: 'nope' }],
  ['list_items', 'conflict', { run_id: 'unstarted' }],
  ['compare_runs', 'run_not_found', { run_id: 'nope' }],
  ['compare_runs', 'conflict', { run_id: 'waiting', with_run_id: 'orphan' }],
  ['preview_schedule', 'job_not_found', { job_id: 'nope' }],
  ['preview_schedule', 'invalid_job', { job_id: 'broken' }],
  ['preview_schedule', 'invalid_schedule', { schedule: NEVER }],
  ['get_config', 'config_not_found', { config_name: 'nope' }],
  ['get_config', 'invalid_config', { config_name: 'latin' }],
  ['save_config', 'invalid_config', { config_name: 'new', yaml: 'url: 5' }],
  ['save_config', 'config_not_found', { config_name: 'nope', changes: { item: 'li' } }],
  ['save_config', 'conflict', { config_name: 'books', yaml: BOOKS, if_revision: 'old' }],
  ['delete_config', 'config_not_found', { config_name: 'nope' }],
  ['delete_config', 'conflict', { config_name: 'books' }],
  ['restore_config', 'config_not_found', { config_name: 'nope' }],
  ['export', 'job_not_found', { job_ids: ['nope'] }],
  ['export', 'invalid_job', { job_ids: ['broken'] }],
  ['export', 'config_not_found', { config_names: ['nope'] }],
  ['export', 'invalid_config', { config_names: ['latin'] }],
  ['export', 'conflict', { config_names: ['books'], output_path: 'there.json' }],
  ['test_config', 'config_not_found', { config_name: 'nope' }],
  ['test_config', 'run_not_found', { config_name: 'books', run_id: 'nope' }],
  ['test_config', 'invalid_config', { yaml: 'url: 5' }],
  ['get_page', 'config_not_found', { config_name: 'nope' }],
  ['get_page', 'run_not_found', { run_id: 'nope' }],
  ['get_page', 'invalid_config', { config_name: 'latin' }],
  ['get_item_history', 'job_not_found', { job_id: 'nope' }],
  ['get_item_history', 'invalid_job', { job_id: 'broken' }],
  ['get_item_history', 'conflict', { job_id: 'mine' }],
  ['list_channels', 'invalid_config', {}],
  ['test_channel', 'invalid_config', { channel: 'me' }],
  ['stop_scheduler', 'scheduler_not_running', {}],
  ['drain_worker', 'worker_not_found', { name: 'nope' }],
  ['revoke_worker', 'worker_not_found', { name: 'nope' }],
];

it('an operation’s errors are those that it declares', async () => {
  const { workspace } = await prepared();
  for (const [name, code, params] of WAYS) {
    const error = await refusal(callOperation(workspace, name, params as never));
    expect({ name, params, code: error.code }).toEqual({ name, params, code });
  }
});

it('start_scheduler answers scheduler_already_running while one runs', async () => {
  const { workspace, startScheduler } = await scheduledHome(BOOKS, { schedule: DAILY });
  await startScheduler();
  const error = await refusal(callOperation(workspace, 'start_scheduler', {}));
  expect(error.code).toBe('scheduler_already_running');
});

it('every error that an operation names is provoked here, and no other', async () => {
  const provoked = [
    ...WAYS.map(([name, code]) => `${name}: ${code}`),
    'start_scheduler: scheduler_already_running',
  ];
  const named = await Promise.all(
    OPERATION_NAMES.map(async (name) => {
      const { errors } = (await OPERATIONS[name]()) as unknown as Operation;
      return errors.map((code) => `${name}: ${code}`);
    }),
  );
  expect(provoked.sort()).toEqual(named.flat().sort());
});

/**
 * Jobs `mine`; `busy`, whose run `waiting` is not over; `twice`, which is also in the trash; `broken`, whose file cannot be
 * used, nor can that of `spoilt` in the trash; a run of a job that is gone, and one that never started.
 */
async function prepared(): Promise<OpenHome> {
  const home = await openHome();
  const { workspace, call } = home;
  for (const job_id of ['mine', 'busy', 'twice', 'spoilt']) await call('create_job', { ...fields, job_id });
  await call('delete_job', { job_id: 'twice' });
  await call('create_job', { ...fields, job_id: 'twice' });
  await call('delete_job', { job_id: 'spoilt' });
  for (const { file } of new Trash(workspace.paths.trash).list().filter(({ id }) => id === 'spoilt'))
    writeFileSync(file, '{');
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{');
  for (const [runId, jobId, status] of [
    ['waiting', 'busy', 'waiting_retry'],
    ['orphan', 'gone', 'succeeded'],
    ['of-broken', 'broken', 'succeeded'],
  ]) {
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
         not_before, started_at)
       VALUES (?, ?, 'books', 'manual', 'library', 'UTC', ?, 2, 1, 1, 1)`,
      [runId ?? '', jobId ?? '', status ?? ''],
    );
  }
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at, not_before)
     VALUES ('unstarted', 'gone', 'books', 'manual', 'library', 'UTC', 'missed', 1, 1, 1)`,
  );
  writeFileSync(join(workspace.paths.configs, 'latin.yaml'), Buffer.from([0x75, 0xff, 0x0a]));
  writeFileSync(join(workspace.paths.output, 'there.json'), '{}');
  writeFileSync(workspace.paths.channels, 'me: {');
  return home;
}
