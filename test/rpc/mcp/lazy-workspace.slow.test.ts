import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { LazyWorkspace } from '../../../src/rpc/mcp/lazy-workspace.ts';
import type { OpenHome } from '../../../src/rpc/mcp/open-home.ts';
import { lacks } from '../../platform.ts';
import { startProgram } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { clientOf } from '../json-rpc/rpc-client.ts';
import { ERAS, openRaw } from './raw-client.ts';

const tools = new Map();

it('the handshake and a ping wait for nothing, and do not open the home', () => {
  let asked = 0;
  const openHome = async () => {
    asked += 1;
    return {} as OpenHome;
  };
  const late = new LazyWorkspace({ openHome, tools });
  for (const method of ['initialize', 'server/discover', 'ping'])
    expect(late.beforeRequest(method)).toBeUndefined();
  expect(asked).toBe(0);
  expect(() => late.home).toThrow('not open');
});

it('what needs the home waits until it is open, which is done once', async () => {
  const order: string[] = [];
  let openIt = (_: OpenHome): void => {};
  const openHome = () => {
    order.push('asked to open');
    return new Promise<OpenHome>((resolve) => {
      openIt = resolve;
    });
  };
  const late = new LazyWorkspace({ openHome, tools });
  const waiting = ['tools/list', 'tools/call'].map((method) =>
    late.beforeRequest(method)?.then(() => order.push(method)),
  );
  late.startOpening();
  const home = {} as OpenHome;
  openIt(home);
  await Promise.all(waiting);
  expect(order).toEqual(['asked to open', 'tools/list', 'tools/call']);
  expect(late.home).toBe(home);
  expect(late.beforeRequest('tools/call')).toBeUndefined();
});

it('tools can be listed before the home is open, where it certainly can be opened', () => {
  let asked = 0;
  const openHome = async () => {
    asked += 1;
    return {} as OpenHome;
  };
  const late = new LazyWorkspace({ openHome, tools, canListUnopened: () => true });
  expect(late.beforeRequest('tools/list')).toBeUndefined();
  expect(asked).toBe(0);
  expect(late.beforeRequest('tools/call')).toBeDefined();
  expect(asked).toBe(1);
});

it.skipIf(lacks('modes'))(
  'a home that cannot be opened ends the server with the reason, after the handshake or without one',
  async () => {
    const home = tempFolder();
    chmodSync(home, 0o777);
    const initialize = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    for (const opening of [
      { id: 1, method: 'initialize', params: initialize },
      { id: 1, method: 'tools/list' },
      null,
    ]) {
      const client = clientOf(startProgram(['mcp'], { home }));
      if (opening === null) client.child.stdin?.end();
      else client.send(JSON.stringify({ jsonrpc: '2.0', ...opening }));
      expect(await client.ended).toBe(1);
      expect(client.stderr()).toMatch(/others can write .*\n?.*chmod go-w/);
      const [answer] = client.messages().flat();
      if (opening === null) expect(answer).toBeUndefined();
      else if (opening.method === 'initialize')
        expect(answer?.result).toMatchObject({ protocolVersion: '2025-11-25' });
      else expect(answer?.error?.message).toContain('others can write');
    }
  },
);

it.each(ERAS)(
  'without a home a server lists its tools, answers each call with what to do, and serves a home once there is one, to a %s client',
  async (era) => {
    const home = join(tempFolder(), 'typo');
    const client = await openRaw(era, { home });
    const { tools } = await client.wire.call('tools/list', client.params());
    expect((tools as unknown[]).length).toBeGreaterThan(10);
    for (let call = 0; call < 2; call += 1)
      expect(await client.call('list_jobs')).toMatchObject({
        isError: true,
        content: [
          { text: expect.stringMatching(/^\{"summary":"home_not_found: .*typo".*quickscrape init --home/) },
        ],
      });
    expect((await client.wire.refusal('resources/list', client.params())).message).toContain(
      'there is no home',
    );
    expect(existsSync(home)).toBe(false);
    expect(client.wire.stderr().match(/there is no home/g)).toHaveLength(1);
    openWorkspace({ home, actor: 'library' }).close();
    expect(await client.call('list_jobs')).not.toHaveProperty('isError', true);
    expect(await client.wire.end()).toMatchObject({ code: 0 });
  },
);

it('a server without a home ends with its input', async () => {
  const client = clientOf(startProgram(['mcp'], { home: join(tempFolder(), 'typo') }));
  expect(await client.end()).toMatchObject({ code: 0 });
});

it('a server whose flags leave no tool in this home says so at its start, and answers all the same', async () => {
  const home = tempFolder();
  openWorkspace({ home, actor: 'library' }).close();
  const client = clientOf(startProgram(['mcp', '--read-only', '--toolsets', 'workers'], { home }));
  const initialize = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  client.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }));
  client.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }));
  expect(await client.end()).toMatchObject({ code: 0 });
  expect(client.messages().flat()).toContainEqual(
    expect.objectContaining({ id: 2, result: expect.objectContaining({ tools: [] }) }),
  );
  expect(client.stderr()).toMatch(/offers no tools with --read-only and --toolsets.*--toolsets or --tools/s);
  expect(client.stderr().match(/offers no tools/g)).toHaveLength(1);

  writeFileSync(join(home, 'workers.json'), '{"workers":[]}');
  const other = clientOf(startProgram(['mcp', '--toolsets', 'workers'], { home }));
  expect(await other.end()).toMatchObject({ code: 0 });
  expect(other.stderr()).not.toContain('offers no tools');
});
