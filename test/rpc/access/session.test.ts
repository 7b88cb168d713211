import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEFAULT_POLICY, exposedInput, type Policy } from '../../../src/rpc/access/policy.ts';
import { Session, type SessionOptions } from '../../../src/rpc/access/session.ts';
import { DAILY, openHome, refusal } from '../../core/operations/open-home.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

async function served(policy: Partial<Policy> = {}, options: Partial<SessionOptions> = {}) {
  const { workspace } = await openHome();
  const session = await Session.open(workspace, {
    face: 'mcp',
    policy: { ...DEFAULT_POLICY, ...policy },
    log: () => {},
    ...options,
  });
  const { auditLog } = workspace.paths;
  const audit = () =>
    existsSync(auditLog)
      ? readFileSync(auditLog, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  return { workspace, session, audit };
}

const MINE = { job_id: 'mine', config_name: 'books', schedule: DAILY };

it('writes one line for each call that changes something: who, what, before and after', async () => {
  const { session, audit } = await served();
  const client = 'tester 1.0';
  await session.call('create_job', MINE, { client });
  await session.call('get_job', { job_id: 'mine' }, { client });
  await session.call('update_job', { job_id: 'mine', changes: { max_retries: 1 } }, { client });
  await session.call(
    'update_job',
    { job_id: 'mine', changes: { max_retries: 2 }, dry_run: true },
    { client },
  );
  await refusal(session.call('update_job', { job_id: 'mine', changes: {}, if_revision: 1 }, { client }));
  await refusal(session.call('update_job', { job_id: 'mine', changes: { on_success: 'id' } }));
  await session.call('delete_job', { job_id: 'mine' }, { client });
  expect(audit()).toMatchObject([
    {
      face: 'mcp',
      client,
      operation: 'create_job',
      target: 'job mine',
      before: null,
      after: 1,
      outcome: 'done',
    },
    { operation: 'update_job', target: 'job mine', before: 1, after: 2, outcome: 'done' },
    { operation: 'update_job', before: 2, after: 2, outcome: 'conflict' },
    { operation: 'update_job', client: null, before: 2, after: 2, outcome: 'not_allowed' },
    { operation: 'delete_job', target: 'job mine', before: 2, after: null, outcome: 'done' },
  ]);
});

it('writes one line for each job of a call that changes several, and counts each', async () => {
  const { session, audit } = await served({}, { limits: { perMinute: 6 } });
  await session.call('create_job', MINE);
  const changes = { timeout: 60 };
  await session.call('update_jobs', { job_ids: ['mine', 'gone'], changes, dry_run: true });
  await session.call('update_jobs', { job_ids: ['mine', 'gone'], changes });
  await refusal(session.call('update_jobs', { filter: 'nope:', changes }));
  expect(audit().slice(1)).toMatchObject([
    { operation: 'update_jobs', target: 'job mine', before: 1, after: 2, outcome: 'done' },
    { operation: 'update_jobs', target: 'job gone', before: null, after: null, outcome: 'job_not_found' },
    { operation: 'update_jobs', target: 'jobs', outcome: 'invalid_params' },
  ]);
  const error = await refusal(
    session.call('update_jobs', { job_ids: ['mine', 'gone'], changes: { timeout: 70 } }),
  );
  expect(error).toMatchObject({ code: 'not_allowed', hint: expect.stringContaining('Wait') });
  expect(await session.call('get_job', { job_id: 'mine' })).toMatchObject({ job: { timeout: 60 } });
});

it('lets clients set harmless settings only, notes both, and keeps bundles in the output folder', async () => {
  const { session, audit, workspace } = await served();
  await session.call('set_setting', { name: 'keep_runs', value: '7' });
  expect(
    await refusal(session.call('set_setting', { name: 'browser_path', value: '/bin/sh' })),
  ).toMatchObject({
    code: 'not_allowed',
    hint: expect.stringContaining('config set browser_path /bin/sh'),
  });
  expect(workspace.settings.get('browser_path')).toBeNull();
  await session.call('export', { output_path: 'all.json' });
  for (const output_path of ['../all.json', '/etc/all.json'])
    expect(await refusal(session.call('export', { output_path }))).toMatchObject({ code: 'not_allowed' });
  expect(audit()).toMatchObject([
    { operation: 'set_setting', target: 'setting keep_runs', before: 50, after: 7, outcome: 'done' },
    { operation: 'set_setting', target: 'setting browser_path', outcome: 'not_allowed' },
    { operation: 'export', target: 'bundle all.json', outcome: 'done' },
    { operation: 'export', outcome: 'not_allowed' },
    { operation: 'export', outcome: 'not_allowed' },
  ]);
});

it('keeps the policy in the changes of several jobs', async () => {
  const { session } = await served();
  const params = { job_ids: ['mine'], changes: { retry_delay: 5 } };
  expect(await refusal(session.call('update_jobs', params))).toMatchObject({
    code: 'not_allowed',
    field: 'changes.retry_delay',
  });
  const command = { job_ids: ['mine'], changes: { on_success: 'id' } };
  expect(await refusal(session.call('update_jobs', command))).toMatchObject({ code: 'not_allowed' });
});

it('notes a call that takes its time before it has ended, too', async ({ site }) => {
  const { workspace, session, audit } = await served();
  site.hold();
  await workspace.configs.write('books', `url: "${site.url}"\nselectors:\n  a: b\n`);
  await session.call('create_job', MINE);
  const ran = session.call('run_job', { job_id: 'mine', wait_seconds: 30 });
  await waitFor('the line', () => audit().length === 2);
  expect(audit().at(-1)).toMatchObject({ operation: 'run_job', target: 'job mine', outcome: 'under_way' });
  site.open();
  await ran;
  expect(audit().slice(2)).toMatchObject([{ operation: 'run_job', outcome: 'done' }]);
});

it('writes what a client calls itself so that it is one line, in which all is seen', async () => {
  const { workspace, session, audit } = await served();
  const client = 'x"\n{"outcome":"done"}\u2028\u009b2K\u202e\u{e0041}\ud800';
  await refusal(session.call('delete_job', { job_id: `\u202e${'none'.repeat(40)}` }, { client }));
  expect(audit()).toMatchObject([{ client, outcome: 'job_not_found' }]);
  expect(readFileSync(workspace.paths.auditLog, 'utf8')).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Cs}]{1,1000}\n$/u);
});

it('names the id that a new job got', async () => {
  const { session, audit } = await served();
  const { job_id: _, ...unnamed } = MINE;
  const { job } = await session.call('create_job', unnamed);
  expect(audit()).toMatchObject([{ target: `job ${(job as { id: string }).id}`, after: 1 }]);
});

it.skipIf(lacks('links'))('changes nothing that it could not note', async () => {
  const { workspace, session } = await served();
  symlinkSync(join(tempFolder(), 'elsewhere'), workspace.paths.auditLog);
  expect(await refusal(session.call('create_job', MINE))).toMatchObject({ code: 'not_allowed' });
  expect(workspace.jobs.get('mine')).toBeUndefined();
});

it('offers only what reads with --read-only, and says why it does no more', async () => {
  const { workspace, session } = await served({ readOnly: true });
  expect(session.names()).toContain('list_jobs');
  expect(session.names()).not.toContain('run_job');
  expect(await refusal(session.call('create_job', MINE))).toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('--read-only'),
  });
  expect(workspace.jobs.get('mine')).toBeUndefined();
});

it('does not show the fields of commands, unless they are allowed', async () => {
  const { session } = await served();
  const create = session.exposed.get('create_job');
  const update = session.exposed.get('update_job');
  if (create === undefined || update === undefined) throw new Error('they are not served');
  const seen = (policy: Policy) =>
    JSON.stringify(
      [create, update].map((operation) => exposedInput(operation, policy).toJSONSchema({ io: 'input' })),
    );
  expect(seen(DEFAULT_POLICY)).not.toMatch(/"on_/);
  expect(seen({ ...DEFAULT_POLICY, allowCommands: true }).match(/"on_success"/g)).toHaveLength(2);
  expect(seen(DEFAULT_POLICY)).toContain('max_retries');
});

it('keeps the command of a job that has one', async () => {
  const { workspace, session } = await served();
  await workspace.jobs.create(
    { id: 'mine', fields: { ...MINE, job_id: undefined, on_success: 'notify-me' } },
    'cli',
  );
  await session.call('update_job', { job_id: 'mine', changes: { description: 'prices' } });
  const entry = workspace.jobs.get('mine');
  expect(entry?.kind === 'valid' && entry.record.definition).toMatchObject({
    on_success: 'notify-me',
    description: 'prices',
  });
});

it('limits changes a minute and the number of jobs; reading goes on', async () => {
  const { session } = await served({}, { limits: { perMinute: 3, jobs: 1 } });
  await session.call('create_job', MINE);
  expect(await refusal(session.call('create_job', { ...MINE, job_id: 'other' }))).toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('has created 1 jobs'),
  });
  await session.call('update_job', { job_id: 'mine', changes: { priority: 1 } });
  expect(
    await refusal(session.call('update_job', { job_id: 'mine', changes: { priority: 2 } })),
  ).toMatchObject({
    code: 'not_allowed',
    hint: expect.stringMatching(/^Wait \d+ s/),
  });
  expect(await session.call('list_jobs', {})).toMatchObject({ total: 1 });
});

it('notes the first of the calls that come too fast, and no line for each of the others', async () => {
  const { session, audit } = await served({}, { limits: { perMinute: 2 } });
  for (let count = 0; count < 10; count += 1)
    await refusal(session.call('delete_job', { job_id: 'none', on_success: 'id' }));
  expect(audit()).toHaveLength(3);
});

it('makes no more jobs than it may, also when all are asked for at once', async () => {
  const { workspace, session } = await served({}, { limits: { jobs: 2 } });
  const asked = Array.from({ length: 5 }, (_, index) =>
    session.call('create_job', { ...MINE, job_id: `mine-${index}` }),
  );
  expect((await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(workspace.jobs.list()).toHaveLength(2);
});

it('limits how often configurations are written and how many calls run at once', async () => {
  const { session } = await served({}, { limits: { configs: 1, maxConcurrent: 1 } });
  const save = (path: string, rest = {}) =>
    session.call('save_config', {
      config_name: 'shop',
      yaml: `url: "https://example.com/${path}"\nselectors:\n  a: b\n`,
      ...rest,
    });
  const first = save('1', { dry_run: true });
  expect(await refusal(save('1'))).toMatchObject({ message: 'too many concurrent calls (limit: 1)' });
  await first;
  await save('1');
  expect(await refusal(save('2'))).toMatchObject({
    code: 'not_allowed',
    message: expect.stringContaining('saved configurations 1 times'),
  });
});

it('reports the first hundred of thousands of wrong fields, and their number', async () => {
  const { session } = await served();
  const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, index]));
  const { message, issues } = await refusal(
    session.call('get_job', { job_id: 'mine', ['x'.repeat(10_000)]: 1, ...fields }),
  );
  expect(message).toMatch(/ \(and 5000 more\)$/);
  expect(message.length).toBeLessThan(300);
  expect(issues).toHaveLength(100);
});
