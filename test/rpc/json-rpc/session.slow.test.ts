import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FRAMINGS } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { lacks } from '../../platform.ts';
import { waitFor } from '../../wait-for.ts';
import { type RpcClient, startRpc } from './rpc-client.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
const MINE = { job_id: 'mine', config_name: 'page', schedule: DAILY };

async function gatedHome() {
  const site = await gatedSite();
  return { site, ...shopHome({ page: gatedConfig(site.url) }) };
}

async function jobOf(client: RpcClient): Promise<Record<string, unknown>> {
  return (await client.call('get_job', { job_id: 'mine' }))['job'] as Record<string, unknown>;
}

describe.each(FRAMINGS)('a session with %s', (framing) => {
  it('makes a job, looks ahead, runs it, changes it, deletes it and brings it back', async () => {
    const { home } = await gatedHome();
    const client = startRpc({ home, framing });
    expect(await client.call('create_job', MINE)).toMatchObject({
      created: true,
      job: { id: 'mine', created_by: 'rpc' },
    });
    expect(await client.call('create_job', MINE)).toMatchObject({ created: false });
    expect(
      await client.call('preview_schedule', { schedule: DAILY, count: 2, from: '2026-12-01T00:00:00Z' }),
    ).toMatchObject({ next_runs: ['2026-12-01T09:00:00.000+01:00', '2026-12-02T09:00:00.000+01:00'] });
    const { run } = await client.call('run_job', { job_id: 'mine', wait_seconds: 30 });
    expect(run).toMatchObject({ status: 'succeeded', items: 1, trigger: 'manual' });
    const { run_id } = run as { run_id: string };
    expect(await client.call('get_run', { run_id })).toMatchObject({
      run: { run_id },
      sample: [{ name: 'only row' }],
    });

    const { revision } = await jobOf(client);
    const changes = { max_retries: 1 };
    await client.call('update_job', { job_id: 'mine', changes, if_revision: revision });
    expect(
      await client.refusal('update_job', { job_id: 'mine', changes, if_revision: revision }),
    ).toMatchObject({
      code: -32004,
      data: { code: 'conflict' },
    });
    expect(await client.call('delete_job', { job_id: 'mine' })).toEqual({ deleted: true });
    expect(await client.refusal('get_job', { job_id: 'mine' })).toMatchObject({ code: -32001 });
    expect(await client.call('restore_job', { job_id: 'mine' })).toMatchObject({ job: { max_retries: 1 } });
    expect(await client.end()).toMatchObject({ code: 0 });
    expect(client.stderr()).toBe('');
  });
});

it('reports an edit by hand to a client that has subscribed, and to no other', async () => {
  const { home } = await gatedHome();
  const [told, other] = [startRpc({ home }), startRpc({ home, framing: 'content-length' })];
  await told.call('create_job', MINE);
  expect(await told.call('subscribe')).toEqual({ subscribed: true });
  await other.call('list_jobs');
  const file = join(home, 'jobs', 'mine.json');
  const edits = () =>
    told
      .messages()
      .flat()
      .filter(({ method }) => method === 'job_changed');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"time": "\d\d/, '"time": "10'));
  await waitFor('the edit to be told', () => edits().length > 0);
  expect(edits().at(-1)?.params).toEqual({ job_id: 'mine' });
  expect(await jobOf(told)).toMatchObject({
    schedule: { time: '10:00' },
    updated_by: 'hand',
  });

  await other.call('update_job', { job_id: 'mine', changes: { description: 'by another server' } });
  expect(
    other
      .messages()
      .flat()
      .every(({ method }) => method === undefined),
  ).toBe(true);
  await other.end();
  await told.end();
});

it('reports a run from its request to its end, and nothing after unsubscribe', async () => {
  const { home, site } = await gatedHome();
  const [told, other] = [startRpc({ home }), startRpc({ home })];
  await other.call('create_job', MINE);
  await told.call('subscribe');
  await told.call('subscribe');
  site.hold();
  const { run } = (await other.call('run_job', { job_id: 'mine' })) as { run: { run_id: string } };
  const status = (wanted: string) =>
    told.notified(
      wanted,
      ({ method, params }) =>
        method === 'run_changed' && (params?.['run'] as { status: string } | undefined)?.status === wanted,
    );
  expect((await status('running')).params).toMatchObject({ run: { run_id: run.run_id, job_id: 'mine' } });
  site.open();
  await status('succeeded');
  const ended = told
    .messages()
    .flat()
    .filter(({ method }) => method === 'run_changed');
  const runs = ended.map(({ params }) => JSON.stringify(params));
  expect(new Set(runs).size).toBe(runs.length);

  expect(await told.call('unsubscribe')).toEqual({ subscribed: false });
  const before = told.messages().length;
  await other.call('delete_job', { job_id: 'mine' });
  await told.call('list_jobs');
  await told.end();
  expect(
    told
      .messages()
      .slice(before)
      .flat()
      .map(({ method }) => method),
  ).toEqual([undefined]);
  await other.end();
});

it('reports the pages of a test run to the subscriber that asked for it, before its answer', async () => {
  const { home } = await gatedHome();
  const args = ['--allow-private-hosts', '127.0.0.1'];
  const [told, other] = [startRpc({ home, args }), startRpc({ home })];
  await other.call('subscribe');
  const params = { config_name: 'page' };
  expect(await told.call('test_config', params)).toMatchObject({ items: 1, source: 'live' });
  const isProgress = ({ method }: { method?: string }) => method === 'test_progress';
  expect(told.messages().flat().some(isProgress)).toBe(false);
  await told.call('subscribe');
  const { id } = await told.ask('test_config', params);
  const messages = told.messages().flat();
  const at = messages.findIndex(isProgress);
  expect(messages[at]?.params).toEqual({ id, pages: 1, items: expect.any(Number), progress: 1 });
  expect(at).toBeLessThan(messages.findIndex((message) => message.id === id));
  await told.end();
  await other.end();
  expect(other.messages().flat().some(isProgress)).toBe(false);
});

it.skipIf(lacks('shell'))('offers what the person that started it allows', async () => {
  const { home } = await gatedHome();
  const careful = startRpc({ home });
  expect(await careful.refusal('create_job', { ...MINE, on_success: 'true' })).toMatchObject({
    code: -32009,
    data: { code: 'not_allowed', field: 'on_success', hint: expect.stringContaining('--allow-commands') },
  });
  await careful.end();
  const allowing = startRpc({ home, args: ['--allow-commands', '--output-dir', join(home, 'elsewhere')] });
  expect(
    await allowing.call('create_job', { ...MINE, on_success: 'true', output_path: 'x.csv' }),
  ).toMatchObject({
    job: { output_path: join(home, 'elsewhere', 'x.csv') },
  });
  await allowing.end();
  const reading = startRpc({ home, args: ['--read-only'] });
  expect(await reading.call('list_jobs')).toMatchObject({ total: 1 });
  expect(await reading.call('subscribe')).toEqual({ subscribed: true });
  expect(await reading.refusal('delete_job', { job_id: 'mine' })).toMatchObject({ code: -32009 });
  expect((await reading.refusal('delete_jobs')).data?.['hint']).not.toContain('delete_job');
  await reading.end();
});

it('serves several clients of one home at once', async () => {
  const { home } = await gatedHome();
  const clients = Array.from({ length: 4 }, () => startRpc({ home }));
  await Promise.all(
    clients.map(async (client, n) => {
      for (let m = 0; m < 5; m += 1) await client.call('create_job', { ...MINE, job_id: `job-${n}-${m}` });
    }),
  );
  for (const client of clients) expect(await client.call('list_jobs')).toMatchObject({ total: 20 });
  for (const client of clients) expect(await client.end()).toMatchObject({ code: 0 });
});
