import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { type Answer, connect, KINDS } from './mcp-clients.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };

async function newsHome() {
  const home = tempFolder();
  const site = await gatedSite();
  const workspace = openTempWorkspace({ home });
  await workspace.configs.write('news', gatedConfig(site.url));
  return { home, site, workspace };
}

function good<T = Record<string, unknown>>(answer: Answer): T {
  if (answer.isError) throw new Error(answer.text);
  return answer.data as T;
}

it.each(KINDS)('a %s client does a whole session', async (kind) => {
  const { home, workspace } = await newsHome();
  const client = await connect(kind, home);

  const preview = good(await client.call('preview_schedule', { schedule: DAILY, count: 3 }));
  expect(preview['next_runs']).toHaveLength(3);
  const job = { job_id: 'daily-news', config_name: 'news', schedule: DAILY };
  expect(good(await client.call('create_job', job))).toMatchObject({ created: true });
  expect(good(await client.call('create_job', job))).toMatchObject({ created: false });

  const progress: Record<string, unknown>[] = [];
  const { run } = good<{ run: { run_id: string } }>(
    await client.call(
      'run_job',
      { job_id: 'daily-news', wait_seconds: 30 },
      { onProgress: (one) => progress.push(one) },
    ),
  );
  expect(run).toMatchObject({ status: 'succeeded', items: 1 });
  const done = progress.map((one) => Number(one['progress']));
  expect(done.length).toBeGreaterThan(0);
  expect(done).toEqual([...new Set(done)].sort((a, b) => a - b));
  expect(good(await client.call('get_run', { run_id: run.run_id }))).toMatchObject({
    sample: [{ name: 'only row' }],
  });

  const { job: stored } = good<{ job: { revision: number } }>(
    await client.call('get_job', { job_id: 'daily-news' }),
  );
  const change = { job_id: 'daily-news', if_revision: stored.revision };
  good(await client.call('update_job', { ...change, changes: { description: 'by an agent' } }));
  const stale = await client.call('update_job', { ...change, changes: { description: 'too late' } });
  expect(stale).toMatchObject({ isError: true, text: expect.stringMatching(/^conflict: .*revision/) });

  expect(good(await client.call('delete_job', { job_id: 'daily-news' }))).toMatchObject({ deleted: true });
  expect(await client.call('get_job', { job_id: 'daily-news' })).toMatchObject({ isError: true });
  expect(good(await client.call('restore_job', { job_id: 'daily-news' }))).toMatchObject({
    job: { description: 'by an agent', revision: 2 },
  });
  const audit = readFileSync(workspace.paths.auditLog, 'utf8').trim().split('\n');
  const ended = audit.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome !== 'under_way');
  expect(ended).toMatchObject(
    ['create_job', 'create_job', 'run_job', 'update_job', 'update_job', 'delete_job', 'restore_job'].map(
      (operation) => ({ operation, face: 'mcp', client: 'test client 1.0' }),
    ),
  );
});

it.each(KINDS)('reports an edit by hand and a run to a %s client', async (kind) => {
  const { home, workspace, site } = await newsHome();
  site.hold();
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'news', schedule: DAILY } }, 'cli');
  const client = await connect(kind, home);
  const { run } = good<{ run: { run_id: string } }>(await client.call('run_job', { job_id: 'mine' }));
  const uris = ['quickscrape://jobs/mine', `quickscrape://runs/${run.run_id}`, 'quickscrape://configs/news'];
  const { updated, lists } = await client.subscribe(uris);
  const told = async (uri: string) => {
    await waitFor(`word of ${uri}`, () => updated.includes(uri));
    updated.length = 0;
  };
  await workspace.jobs.update('mine', { description: 'by hand' }, { by: 'hand' });
  await told('quickscrape://jobs/mine');
  expect(JSON.parse(await client.read('quickscrape://jobs/mine'))).toMatchObject({
    job: { description: 'by hand' },
  });
  await workspace.configs.write('news', `${gatedConfig(site.url)}# changed\n`);
  await told('quickscrape://configs/news');
  await workspace.jobs.create({ id: 'other', fields: { config_name: 'news', schedule: DAILY } }, 'cli');
  await waitFor('word of the list', () => lists.length > 0);
  // Nobody asked for that one.
  expect(updated).not.toContain('quickscrape://jobs/other');
  updated.length = 0;
  site.open();
  await told(`quickscrape://runs/${run.run_id}`);
});

it.each(KINDS)('asks the person by way of a %s client before it deletes', async (kind) => {
  const { home, workspace } = await newsHome();
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'news', schedule: DAILY } }, 'cli');
  const questions: string[] = [];
  let action: 'accept' | 'decline' = 'decline';
  const client = await connect(kind, home, {
    onQuestion: (message) => {
      questions.push(message);
      return action === 'accept' ? { action, content: { confirm: true } } : { action };
    },
  });
  expect(await client.call('delete_job', { job_id: 'mine' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('nothing was done'),
  });
  expect(workspace.jobs.get('mine')).toBeDefined();
  action = 'accept';
  expect(good(await client.call('delete_job', { job_id: 'mine' }))).toMatchObject({ deleted: true });
  expect(questions).toEqual([expect.stringContaining('"mine"'), expect.stringContaining('"mine"')]);
});
