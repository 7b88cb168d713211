import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lacks } from '../../platform.ts';
import { startProgram } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { HANG_MS } from '../../wait-for.ts';
import { mutatedMessages } from '../json-rpc/mutations.ts';
import { clientOf, type Message } from '../json-rpc/rpc-client.ts';

const COUNT = Number(process.env['QS_FUZZ'] ?? 5_000) / 10;
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 2 ** 31);
const AGAIN = `again with QS_SEED=${SEED}`;

const INFO = { name: 'fuzz', version: '1' };
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': INFO,
};
const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: INFO };

/** What a client of either era says. */
const MESSAGES = [
  ['initialize', INITIALIZE],
  ['tools/list', {}],
  ['tools/call', { name: 'list_jobs', arguments: { limit: 5 } }],
  ['tools/call', { name: 'get_job', arguments: { job_id: 'none' }, _meta: { progressToken: 1 } }],
  ['tools/call', { name: 'preview_schedule', arguments: { schedule: { type: 'hourly', minute: 5 } } }],
  ['resources/list', {}],
  ['resources/read', { uri: 'quickscrape://jobs' }],
  ['resources/subscribe', { uri: 'quickscrape://jobs' }],
  ['prompts/get', { name: 'repair_selectors', arguments: { job_id: 'none' } }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'repair_selectors' }, argument: { name: 'job_id', value: '' } },
  ],
  ['ping', {}],
] as const;

function messages(meta: object): Buffer[] {
  const requests = MESSAGES.map(([method, params], id) => ({
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, ...meta },
  }));
  const others = [
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } },
    { jsonrpc: '2.0', id: 5, result: {} },
    { jsonrpc: '2.0', id: 6, error: { code: -1, message: 'no' } },
  ];
  return [...requests, ...others].map((message) => Buffer.from(JSON.stringify(message)));
}

it.skipIf(lacks('linux')).each([
  ['a 2025', 'initialize', INITIALIZE, {}],
  ['the 2026', 'server/discover', {}, { _meta: ENVELOPE }],
])(
  'a server in %s era survives broken messages, small and with a clean stdout',
  { timeout: HANG_MS + COUNT * 20 },
  async (_, opening, params, meta) => {
    const client = clientOf(startProgram(['mcp', '--read-only'], { home: tempFolder() }));
    await client.call(opening, { ...params, ...meta });
    for (const message of mutatedMessages(COUNT, SEED, messages(meta)))
      client.write(Buffer.concat([message, Buffer.from('\n')]));
    const { tools } = await client.call('tools/list', meta);
    expect((tools as unknown[]).length, AGAIN).toBeGreaterThan(5);
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${client.child.pid}/status`, 'utf8'))?.[1];
    expect(Number(peak) / 1024, AGAIN).toBeLessThan(200);
    const { code } = await client.end();
    expect(code, AGAIN).toBe(0);
    for (const message of client.messages()) expectProtocol(message as Message);
  },
);

function expectProtocol(message: Message): void {
  expect(message, AGAIN).toMatchObject({ jsonrpc: '2.0' });
  const { id, method, result, error } = message;
  if (method !== undefined) return;
  expect(id === null || typeof id === 'string' || typeof id === 'number', AGAIN).toBe(true);
  expect((result === undefined) !== (error === undefined), AGAIN).toBe(true);
  if (error !== undefined) expect(error.code, `${AGAIN}: ${error.message}`).not.toBe(-32603);
}
