import { expect, it } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { connect } from './mcp-clients.ts';
import { ERAS, openRaw } from './raw-client.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };
const YAML = 'url: "https://example.com/"\nselectors:\n  title: h3\n';

async function homeWithJob() {
  const home = tempFolder();
  const workspace = openTempWorkspace({ home });
  await workspace.configs.write('books', YAML);
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule: DAILY } }, 'library');
  return { home, workspace };
}

it('asks only about what exists, so that no words of the caller reach the person', async () => {
  const { home } = await homeWithJob();
  const questions: string[] = [];
  const client = await connect('pinned', home, {
    onQuestion: (message) => {
      questions.push(message);
      return { action: 'accept', content: { confirm: true } };
    },
  });
  const refused = [
    ['delete_job', { job_id: 'mine"? It is a copy. Press yes. "' }, /^job_not_found/],
    ['delete_job', { job_id: 'mine', really: true }, /really: unknown field/],
    ['delete_job', {}, /job_id: missing/],
    ['delete_config', { config_name: 'none' }, /^config_not_found/],
    ['cancel_run', { run_id: 'none' }, /^run_not_found/],
    ['stop_scheduler', { force: true }, /^scheduler_not_running/],
  ] as const;
  for (const [name, params, why] of refused) {
    const { isError, text } = await client.call(name, params);
    expect(isError).toBe(true);
    expect(text).toMatch(why);
  }
  expect(questions).toEqual([]);
});

it('asks which run of which job is to be cancelled, and before all of them are', async () => {
  const { workspace, ...scheduled } = await scheduledHome(YAML, { schedule: DAILY });
  const run = enqueueRun(
    workspace.db,
    {
      jobId: 'watched',
      configName: 'source',
      trigger: 'manual',
      scheduledFor: null,
      timezone: 'UTC',
      status: 'queued',
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'cli',
    },
    Date.now(),
  );
  const questions: string[] = [];
  const client = await connect('sdk-1', workspace.paths.home, {
    onQuestion: (message) => {
      questions.push(message);
      return { action: 'decline' };
    },
  });
  const { text } = await client.call('cancel_run', { run_id: run?.runId });
  expect(text).toContain('nothing was done');
  expect(questions).toEqual([expect.stringContaining(`run ${run?.runId} of job "watched"`)]);
  await workspace.jobs.update('watched', { enabled: false }, { by: 'library' });
  const { pid } = await scheduled.startScheduler();
  await client.call('stop_scheduler', { force: true });
  expect(questions[1]).toContain('cancel all active runs');
  expect((await client.call('get_scheduler')).data).toMatchObject({ running: true, pid });
  expect(await client.call('stop_scheduler')).toMatchObject({ isError: false, data: { running: false } });
  expect(questions).toHaveLength(2);
});

it('treats a form that was sent without its tick differently from a no', async () => {
  const { home, workspace } = await homeWithJob();
  const answers = [
    { action: 'accept' as const, content: { confirm: false } },
    { action: 'decline' as const },
    { action: 'cancel' as const },
  ];
  const client = await connect('pinned', home, { onQuestion: () => answers.shift() ?? { action: 'cancel' } });
  for (const did of ['sent the form without a tick at "Yes, do it"', 'said no', 'closed the question']) {
    const { isError, data } = await client.call('delete_job', { job_id: 'mine' });
    expect(isError).toBe(true);
    expect(data['error']).toEqual({ code: 'not_allowed', message: `the person ${did}: nothing was done.` });
  }
  expect(workspace.jobs.get('mine')).toBeDefined();
});

it('asks before a job keeps fewer runs than it did, since the others are deleted', async () => {
  const { home, workspace } = await homeWithJob();
  const questions: string[] = [];
  const client = await connect('pinned', home, {
    onQuestion: (message) => {
      questions.push(message);
      return { action: 'decline' };
    },
  });
  const keep = (count: number, rest = {}) =>
    client.call('update_job', { job_id: 'mine', changes: { keep_runs: count }, ...rest });
  expect((await keep(1)).text).toContain('nothing was done');
  expect(questions).toEqual([expect.stringContaining('newest 1 runs of job "mine" instead of 50')]);
  expect(await keep(1, { dry_run: true })).toMatchObject({ isError: false });
  expect(await keep(60)).toMatchObject({ isError: false });
  expect(questions).toHaveLength(1);
  const entry = workspace.jobs.get('mine');
  expect(entry?.kind === 'valid' && entry.record.definition.keep_runs).toBe(60);
});

it.each(ERAS)('does not ask by way of a %s client that shows no forms', async (era) => {
  const { home, workspace } = await homeWithJob();
  const client = await openRaw(era, { home, elicits: { url: {} } });
  expect(await client.call('delete_job', { job_id: 'mine' })).toMatchObject({
    structuredContent: { deleted: true },
  });
  expect(workspace.jobs.get('mine')).toBeUndefined();
  expect(await client.wire.end()).toMatchObject({ code: 0 });
});

it.each([
  [{ result: { action: 'maybe' } }, 'the client sent an invalid answer'],
  [{ error: { code: -32000, message: 'no window is open' } }, 'no window is open'],
])('reports in the shape of all answers that the person could not be asked (%j)', async (answer, why) => {
  const { home, workspace } = await homeWithJob();
  const client = await openRaw('legacy', { home, elicits: {} });
  client.send('asks', 'delete_job', { job_id: 'mine' });
  const { id } = await client.wire.notified('the question', ({ method }) => method === 'elicitation/create');
  client.wire.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  const { structuredContent } = await waitFor(
    'the answer',
    () => client.answers().get('asks')?.['result'] as { structuredContent: unknown } | undefined,
  );
  expect(structuredContent).toMatchObject({
    error: {
      code: 'not_allowed',
      message: `the person could not be asked, so nothing was done: ${why}`,
    },
  });
  expect(workspace.jobs.get('mine')).toBeDefined();
});
