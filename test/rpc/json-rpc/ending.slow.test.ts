import { describe, expect } from 'vitest';
import { FRAMINGS } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { it } from '../../extend.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { listPrograms } from '../../list-programs.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { ASK, request } from './ask.ts';
import { startRpc } from './rpc-client.ts';

/** Of the 50 seconds that a call may wait: milliseconds. */
const LESS_THAN_THE_WAIT = 45_000;

/** A home with a job whose run is held back until the site opens. */
async function heldJob() {
  const site = await gatedSite();
  site.hold();
  const { home } = shopHome({ page: gatedConfig(site.url) });
  const workspace = openTempWorkspace({ home });
  const fields = { config_name: 'page', schedule: ASK.params.schedule };
  await workspace.jobs.create({ id: 'mine', fields }, 'library');
  /** Lets the run go on, and waits for its end: nobody may write to a home that the test removes. */
  const goOn = async () => {
    site.open();
    const last = () => workspace.runs.list({ jobId: 'mine', limit: 1 }).runs[0];
    await waitFor('the run to succeed', () => last()?.status === 'succeeded');
    await waitFor('its process to end', () => listPrograms(home).length === 0);
  };
  return { site, home, goOn };
}

describe.each(FRAMINGS)('when its input ends, quickscrape rpc with %s', (framing) => {
  it('has answered everything that it read, and is gone', async () => {
    const client = startRpc({ home: tempFolder(), framing });
    for (let id = 0; id < 300; id += 1) client.send(request(id));
    expect(await client.end()).toMatchObject({ code: 0 });
    const ids = client.messages().flatMap((message) => ('result' in message ? [message.id] : []));
    expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 300 }, (_, id) => id));
  });
});

it('answers a call that waits for a run as the run is, when the input ends; the run goes on', async () => {
  const { site, home, goOn } = await heldJob();
  const client = startRpc({ home });
  await client.call('subscribe');
  client.send(request(1, { method: 'run_job', params: { job_id: 'mine', wait_seconds: 50 } }));
  await waitFor('the run to be under way', () => site.hits() > 0);
  const { code, ms } = await client.end();
  expect([code, ms < LESS_THAN_THE_WAIT]).toEqual([0, true]);
  const answer = client
    .messages()
    .flat()
    .find(({ id }) => id === 1);
  expect(answer).toMatchObject({ result: { run: { status: 'running' } } });
  await goOn();
});

it.skipIf(lacks('linux'))('leaves no process behind', async ({ home }) => {
  const client = startRpc({ home });
  await client.call('subscribe');
  await client.call('list_jobs');
  const { pid = 0 } = client.child;
  await client.end();
  expect(listPrograms(home, pid)).toEqual([]);
});

it.skipIf(lacks('signals')).each([
  ['SIGTERM', 0],
  ['SIGINT', 130],
] as const)('ends at %s, with the answer to what waits', async (signal, code) => {
  const { site, home, goOn } = await heldJob();
  const client = startRpc({ home });
  await client.call('subscribe');
  client.send(request(1, { method: 'run_job', params: { job_id: 'mine', wait_seconds: 50 } }));
  await waitFor('the run to be under way', () => site.hits() > 0);
  const start = performance.now();
  client.child.kill(signal);
  expect(await client.ended).toBe(code);
  expect(performance.now() - start).toBeLessThan(LESS_THAN_THE_WAIT);
  expect(client.messages().at(-1)).toMatchObject({ id: 1, result: { run: { status: 'running' } } });
  expect(client.stderr()).toBe('');
  await goOn();
});

it('ends when its answers are no longer read', async () => {
  const client = startRpc({ home: tempFolder() });
  await client.call('list_jobs');
  client.child.stdout?.destroy();
  client.send(request(1));
  expect(await client.ended).toBe(0);
});

it('says why it cannot go on, and ends', async () => {
  const client = startRpc({ home: tempFolder(), framing: 'content-length' });
  client.send(request(1));
  client.write(`${request(2)}\n`);
  expect(await client.ended).toBe(2);
  expect(client.messages()).toHaveLength(2);
  const of = (id: number | null) =>
    client
      .messages()
      .flat()
      .find((message) => message.id === id);
  expect(of(1)).toMatchObject({ result: {} });
  expect(of(null)).toMatchObject({
    error: { code: -32700, message: expect.stringContaining('without --framing content-length') },
  });
  expect(client.stderr()).toMatch(/can no longer be parsed/);
});
