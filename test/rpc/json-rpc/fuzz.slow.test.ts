import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Subscription } from '../../../src/rpc/access/notifier.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { Connection } from '../../../src/rpc/json-rpc/connection.ts';
import { createMethods } from '../../../src/rpc/json-rpc/methods.ts';
import { createSplitter, FRAMINGS } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { it } from '../../core/operations/open-home.ts';
import { tempFolder } from '../../temp-folder.ts';
import { HANG_MS } from '../../wait-for.ts';
import { mutatedMessages } from './mutations.ts';
import { type Message, startRpc } from './rpc-client.ts';

const COUNT = Number(process.env['QS_FUZZ'] ?? 5_000);
const SEED = Number(process.env['QS_SEED'] ?? Date.now() % 2 ** 31);
const AGAIN = `again with QS_SEED=${SEED}`;
const TIME = HANG_MS + COUNT * 5;
/** Parse error, invalid request, unknown method, invalid params; what the methods themselves refuse. */
const FORESEEN = [-32700, -32600, -32601, -32602, -32001, -32005, -32009];

it('answers every broken message that needs an answer', {
  timeout: TIME,
}, async ({ workspace }) => {
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const session = await Session.open(workspace, {
    face: 'rpc',
    policy: { ...DEFAULT_POLICY, readOnly: true },
    log,
  });
  const subscription = new Subscription(async () => ({ close: async () => {} }));
  const methods = createMethods({ session, subscription, describe: async () => ({}), log });
  const kinds = new Set<number | undefined>();
  for (const message of mutatedMessages(COUNT, SEED)) {
    const sent: (Message | Message[])[] = [];
    const connection = new Connection({
      splitter: createSplitter('lines'),
      handleRequest: (request, signal) => methods.receive(request, { signal }),
      send: (json) => sent.push(JSON.parse(json)),
      waitForDrain: () => undefined,
      onLost: () => {},
    });
    void connection.receive(message);
    await connection.end(HANG_MS);
    for (const answer of sent) expectAnswer(answer, message);
    for (const { error } of sent.flat()) kinds.add(error?.code);
    expect(sent.length, `${AGAIN}: ${message}`).toBe(answersTo(message));
  }
  expect(logged, AGAIN).toEqual([]);
  // Much of what is broken still is a request, and some of it is carried out.
  expect([...kinds]).toEqual(expect.arrayContaining([undefined, -32700, -32600, -32601, -32602]));
});

it.each(FRAMINGS)(
  'a real server with %s survives them, small and with a clean stdout',
  { timeout: TIME },
  async (framing) => {
    const client = startRpc({ home: tempFolder(), framing });
    for (const message of mutatedMessages(COUNT / 25, SEED)) {
      if (framing === 'lines') client.write(Buffer.concat([message, Buffer.from('\n')]));
      else client.write(Buffer.concat([Buffer.from(`Content-Length: ${message.length}\r\n\r\n`), message]));
    }
    expect(await client.call('list_jobs'), AGAIN).toMatchObject({ jobs: [], total: 0 });
    expect(peakMegabytes(client.child.pid), AGAIN).toBeLessThan(200);
    expect(await client.end(), AGAIN).toMatchObject({ code: 0 });
    for (const answer of client.messages()) if (!('method' in answer)) expectAnswer(answer, AGAIN);
    expect(client.stderr(), AGAIN).toBe('');
  },
);

it('a real server ends in order when headers are broken, and says why', async () => {
  const header = Buffer.from('Content-Length: 46\r\n\r\n');
  let lost = 0;
  for (const message of mutatedMessages(8, SEED)) {
    const client = startRpc({ home: tempFolder(), framing: 'content-length' });
    client.write(Buffer.concat([message, header, message, header]));
    const { code } = await client.end();
    if (code === 2) lost += 1;
    expect([0, 2], AGAIN).toContain(code);
    expect(client.stderr(), AGAIN).toMatch(code === 2 ? /can no longer be parsed/ : /^$/);
    for (const answer of client.messages()) expectAnswer(answer, AGAIN);
  }
  expect(lost).toBeGreaterThan(0);
});

function expectAnswer(answer: Message | Message[], message: unknown): void {
  const answers = Array.isArray(answer) ? answer : [answer];
  const says = `${AGAIN}: ${message}`;
  expect(answers.length, says).toBeGreaterThan(0);
  for (const { id, result, error, ...rest } of answers) {
    expect(rest, says).toEqual({ jsonrpc: '2.0' });
    expect(id === null || typeof id === 'string' || typeof id === 'number', says).toBe(true);
    expect((result === undefined) !== (error === undefined), says).toBe(true);
    if (error !== undefined) expect(FORESEEN, says).toContain(error.code);
  }
}

/** How many answers bytes need, by the specification alone: one a line, none where only notifications stand. */
function answersTo(bytes: Buffer): number {
  const lines: Buffer[] = [];
  for (let from = 0, to = 0; from <= bytes.length; from = to + 1) {
    to = bytes.indexOf('\n', from);
    if (to === -1) to = bytes.length;
    lines.push(bytes.subarray(from, to));
  }
  return lines.filter((line) => {
    if (!isUtf8(line)) return true;
    const text = line.toString().replace(/^\uFEFF/, '');
    if (/^[ \t\r]*$/.test(text)) return false;
    try {
      const value = JSON.parse(text);
      return Array.isArray(value) && value.length > 0 ? value.some(isAnswered) : isAnswered(value);
    } catch {
      return true;
    }
  }).length;
}

/** All but a notification: a request object of version 2.0 with a method, fitting params and no id. */
function isAnswered(value: unknown): boolean {
  const request = Object(value) as Record<string, unknown>;
  // `null` is an object to typeof, and no parameters to a server that Emacs talks to.
  const structured = !('params' in request) || typeof request['params'] === 'object';
  return (
    Object.hasOwn(request, 'id') ||
    request['jsonrpc'] !== '2.0' ||
    typeof request['method'] !== 'string' ||
    !structured
  );
}

function peakMegabytes(pid = 0): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
