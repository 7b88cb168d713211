import { describe, expect } from 'vitest';
import { openWorkspace, type Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { listPrograms } from '../../list-programs.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { ERAS, type Era, openRaw } from './raw-client.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** A home with a job whose run is held back until the site opens. */
async function heldJob() {
  const home = tempFolder();
  const site = await gatedSite();
  site.hold();
  const within = async <T>(work: (workspace: Workspace) => T | Promise<T>): Promise<T> => {
    const workspace = openWorkspace({ home, actor: 'library' });
    try {
      return await work(workspace);
    } finally {
      workspace.close();
    }
  };
  await within(async ({ configs, jobs }) => {
    await configs.write('page', gatedConfig(site.url));
    await jobs.create({ id: 'mine', fields: { config_name: 'page', schedule: DAILY } }, 'library');
  });
  const status = () => within(({ runs }) => runs.list({ jobId: 'mine', limit: 1 }).runs[0]?.status);
  return {
    home,
    site,
    hasJob: () => within(({ jobs }) => jobs.get('mine') !== undefined),
    /** Lets the page through, and waits for the end of the run. */
    async open() {
      site.open();
      await waitFor('the run to end by itself', async () => (await status()) === 'succeeded');
    },
  };
}

const WAITING = { job_id: 'mine', wait_seconds: 50 };
/** It takes a tenth of a second, and seconds on a busy machine: in any case not until it need not wait any more. */
const BEFORE_THE_WAIT_ENDS_MS = 45_000;
const STILL_RUNNING = { structuredContent: { run: { status: 'running' } } };

describe.each(ERAS)('quickscrape mcp, with a %s client,', (era) => {
  it('has answered all that it read when its input ends, and is gone long before the run ends', async () => {
    const { home, site, open } = await heldJob();
    const client = await openRaw(era, { home });
    client.send('waits', 'run_job', WAITING);
    await waitFor('the run to be under way', () => site.hits() > 0);
    const ids = Array.from({ length: 100 }, (_, id) => id);
    for (const id of ids)
      client.send(id, id % 2 === 0 ? 'list_jobs' : 'get_job', { ...(id % 2 && { job_id: 'mine' }) });
    let lastAnswer = 0;
    client.wire.child.stdout?.on('data', () => {
      lastAnswer = performance.now();
    });
    const { code } = await client.wire.end();
    expect([code, performance.now() - lastAnswer < BEFORE_THE_WAIT_ENDS_MS]).toEqual([0, true]);
    const answers = client.answers();
    for (const id of ids) expect(answers.get(id)).toMatchObject({ result: { structuredContent: {} } });
    expect(answers.get('waits')).toMatchObject({ result: STILL_RUNNING });
    expect(client.wire.stderr()).toBe('');
    await open();
  });

  it('gives no answer to a call that was cancelled, and does not wait for it', async () => {
    const { home, site, open } = await heldJob();
    const client = await openRaw(era, { home });
    client.send('waits', 'run_job', WAITING);
    await waitFor('the run to be under way', () => site.hits() > 0);
    const params = client.params({ requestId: 'waits' });
    client.wire.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    expect(await client.call('list_jobs')).toMatchObject({ structuredContent: { total: 1 } });
    expect(await client.wire.end()).toMatchObject({ code: 0 });
    expect(client.answers().has('waits')).toBe(false);
    await open();
  });
});

it('does not wait for a scheduler that waits for its runs', async ({ site, homeWithJob }) => {
  site.hold();
  const home = await homeWithJob({ schedule: DAILY });
  await home.startScheduler();
  const client = await openRaw('legacy', { home: home.workspace.paths.home });
  const [job] = home.workspace.jobs.list();
  await client.call('run_job', { job_id: job?.id });
  await waitFor('the run to be under way', () => site.hits() > 0);
  client.send('stops', 'stop_scheduler');
  await waitFor('the scheduler to be asked', async () => {
    const { structuredContent } = await client.call('get_job', { job_id: job?.id });
    return JSON.stringify(structuredContent).includes('stopping');
  });
  const { code, ms } = await client.wire.end();
  expect([code, ms < BEFORE_THE_WAIT_ENDS_MS]).toEqual([0, true]);
  expect(client.answers().get('stops')).toMatchObject({
    result: { structuredContent: { running: true, running_runs: 1 } },
  });
  site.open();
});

it.skipIf(lacks('signals')).each([
  ['legacy', 'SIGTERM', 0],
  ['modern', 'SIGINT', 130],
] as const)(
  'with a %s client, ends at %s, with the answer to what waits and long before the run ends',
  async (era, signal, code) => {
    const { home, site, open } = await heldJob();
    const client = await openRaw(era, { home });
    client.send('waits', 'run_job', WAITING);
    await waitFor('the run to be under way', () => site.hits() > 0);
    const start = performance.now();
    client.wire.child.kill(signal);
    expect(await client.wire.ended).toBe(code);
    expect(performance.now() - start).toBeLessThan(BEFORE_THE_WAIT_ENDS_MS);
    expect(client.answers().get('waits')).toMatchObject({ result: STILL_RUNNING });
    await open();
  },
);

it('ends when its answers are no longer read', async () => {
  const client = await openRaw('modern', { home: tempFolder() });
  client.wire.child.stdout?.destroy();
  client.send(1, 'list_jobs');
  expect(await client.wire.ended).toBe(0);
});

it('makes a client wait that does not read, and answers everything when it does', async () => {
  const client = await unreading('legacy');
  client.wire.child.stdout?.resume();
  expect(await client.wire.end()).toMatchObject({ code: 0 });
  expect(client.answers().size).toBe(MANY + 1);
});

it('ends at SIGTERM also when its client does not read', async () => {
  const client = await unreading('modern');
  client.wire.child.kill();
  await waitFor('its end', () => client.wire.child.exitCode !== null);
  expect(client.wire.child.exitCode).toBe(0);
});

it.skipIf(lacks('linux'))('leaves no process behind', async ({ home }) => {
  const client = await openRaw('legacy', { home });
  await client.wire.call('resources/subscribe', { uri: 'quickscrape://jobs' });
  await client.call('preview_schedule', { schedule: DAILY });
  const { pid = 0 } = client.wire.child;
  await client.wire.end();
  expect(listPrograms(home, pid)).toEqual([]);
});

const MANY = 300;

/** A client that has asked for far more than it reads, once the server takes no more of it. */
async function unreading(era: Era) {
  const client = await openRaw(era, { home: tempFolder() });
  const { stdin, stdout } = client.wire.child;
  stdout?.pause();
  for (let id = 0; id < MANY; id += 1)
    client.wire.send(`${client.request(id, 'tools/list')}${' '.repeat(64 * 1024)}`);
  let [before, still] = [-1, 0];
  await waitFor('the server to take no more', () => {
    const unsent = stdin?.writableLength ?? 0;
    still = unsent === before ? still + 1 : 0;
    before = unsent;
    return still > 20;
  });
  expect(before).toBeGreaterThan(1024 * 1024);
  return client;
}

it('does not wait for a person who can no longer answer', async () => {
  const { home, hasJob } = await heldJob();
  const client = await openRaw('legacy', { home, elicits: {} });
  client.send('asks', 'delete_job', { job_id: 'mine' });
  await client.wire.notified('the question', ({ method }) => method === 'elicitation/create');
  const { code, ms } = await client.wire.end();
  expect([code, ms < BEFORE_THE_WAIT_ENDS_MS]).toEqual([0, true]);
  expect(client.answers().get('asks')).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringContaining('closed its end') }] },
  });
  expect(await hasJob()).toBe(true);
});
