import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { FRAMINGS } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { shopHome } from '../../cli/shop-home.ts';
import { lacks } from '../../platform.ts';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { ASK, request } from './ask.ts';
import { clientOf, startRpc } from './rpc-client.ts';

describe.each(FRAMINGS)('a message that is too large, with %s,', (framing) => {
  it('is refused, and the next one is answered', async () => {
    const client = startRpc({ home: tempFolder(), framing });
    client.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(1024 * 1024) }));
    client.send(`${' '.repeat(1024 * 1024 - request(2).length)}${request(2)}`);
    await client.end();
    expect(client.messages()).toMatchObject([
      { id: null, error: { code: -32600, message: expect.stringContaining('over 1048576 bytes') } },
      { id: 2, result: {} },
    ]);
  });
});

it('quotes only a few hundred bytes of a refused message', async () => {
  const client = startRpc({ home: tempFolder() });
  const long = 'x'.repeat(60_000);
  const yaml = `url: https://example.org/\nselectors:\n  title: "[${long}"\n`;
  const refused = await Promise.all([
    client.refusal('list_jobs', { cursor: long }),
    client.refusal('get_run', { run_id: long }),
    client.refusal('list_jobs', { [long]: 1 }),
    client.refusal('save_config', { config_name: 'long', yaml }),
    client.refusal('preview_schedule', { schedule: { type: 'custom', cron_expression: long } }),
    client.refusal('subscribe', { [long]: 1 }),
    client.refusal(long, {}),
  ]);
  for (const error of refused) {
    expect(Buffer.byteLength(error.message)).toBeLessThanOrEqual(600);
    expect(JSON.stringify(error).length).toBeLessThan(4_000);
  }
  await client.end();
});

it('keeps everything but the protocol out of stdout', async () => {
  const stray = pathToFileURL(fileURLToPath(new URL('../../fixtures/preload/stray.js', import.meta.url)));
  const client = startRpc({ home: tempFolder(), env: { NODE_OPTIONS: `--import=${stray.href}` } });
  await client.call('subscribe');
  for (let n = 0; n < 20; n += 1) await client.call('list_jobs');
  await client.end();
  expect(client.messages()).toHaveLength(21);
  for (const way of ['console.log', 'console.dir', 'stdout.write', 'later'])
    expect(client.stderr()).toContain(way);
});

/** A client that has asked for far more than it reads, once the server takes no more of it. */
async function unreadingClient() {
  const { home } = shopHome();
  const workspace = openWorkspace({ home, actor: 'library' });
  const fields = { config_name: 'books', schedule: ASK.params.schedule, description: 'x'.repeat(1_000) };
  for (let n = 0; n < 20; n += 1) await workspace.jobs.create({ id: `job-${n}`, fields }, 'library');
  workspace.close();
  const client = startRpc({ home });
  await client.call('list_jobs');
  const { stdin, stdout } = client.child;
  stdout?.pause();
  for (let id = 0; id < 500; id += 1)
    client.send(`${request(id, { method: 'list_jobs', params: {} })}${' '.repeat(64 * 1024)}`);
  const unsent = () => stdin?.writableLength ?? 0;
  let [before, still] = [unsent(), 0];
  await waitFor('the server to take no more', () => {
    still = unsent() === before ? still + 1 : 0;
    before = unsent();
    return still > 20;
  });
  return { client, unsent: unsent() };
}

it('makes a client wait that does not read, and answers everything when it does', async () => {
  const { client, unsent } = await unreadingClient();
  expect(unsent).toBeGreaterThan(8 * 1024 * 1024);
  client.child.stdout?.resume();
  expect(await client.end()).toMatchObject({ code: 0 });
  expect(client.messages()).toHaveLength(501);
});

it.skipIf(lacks('signals'))('ends at SIGTERM also when its client does not read', async () => {
  const { client } = await unreadingClient();
  client.child.kill();
  await waitFor('its end', () => client.child.exitCode !== null);
  expect(client.child.exitCode).toBe(0);
});

// A network of its own, in which not even loopback is up.
const ALONE = ['-rn', 'setsid'];
const possible = spawnSync('unshare', [...ALONE, 'true']).status === 0;

it.skipIf(!possible)('serves without a terminal and without a network', async () => {
  const home = tempFolder();
  const child = spawn('unshare', [...ALONE, process.execPath, PROGRAM, 'rpc', '--home', home], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const client = clientOf(child);
  expect(await client.call('list_jobs')).toMatchObject({ jobs: [], total: 0 });
  expect(await client.call('subscribe')).toEqual({ subscribed: true });
  expect(await client.end()).toMatchObject({ code: 0 });
});

it('without a home answers each call with what to do, and serves a home once there is one', async () => {
  const home = join(tempFolder(), 'typo');
  const client = startRpc({ home });
  for (const method of ['list_jobs', 'subscribe'])
    expect(await client.refusal(method)).toMatchObject({
      code: -32013,
      data: { code: 'home_not_found', hint: expect.stringContaining(`quickscrape init --home ${home}`) },
    });
  expect(client.stderr()).toContain(`there is no home at ${home}`);
  expect(existsSync(home)).toBe(false);
  openWorkspace({ home, actor: 'library' }).close();
  expect(await client.call('list_jobs')).toMatchObject({ jobs: [] });
  expect(await client.call('subscribe')).toEqual({ subscribed: true });
  expect(await client.end()).toMatchObject({ code: 0 });
});
