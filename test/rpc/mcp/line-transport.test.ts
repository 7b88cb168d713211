import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { LineTransport } from '../../../src/rpc/mcp/line-transport.ts';

/** A transport between streams; the test is the server behind it. */
async function open() {
  const input = new PassThrough();
  const written: string[] = [];
  let done = (): void => {};
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  const output = {
    write: (text: string) => written.push(text),
    backlog: 0,
    flushed: async () => {},
    onGone() {},
  };
  const transport = new LineTransport(input, output, { onRequest() {}, onInputEnd() {}, onDone: done });
  const received: JSONRPCMessage[] = [];
  transport.onmessage = (message) => received.push(message);
  await transport.start();
  return {
    transport,
    received,
    written,
    ended,
    async end(...lines: string[]) {
      input.end(lines.map((line) => `${line}\n`).join(''));
      await once(input, 'end');
    },
  };
}

const ASKS = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const ANSWER = { jsonrpc: '2.0', id: 1, result: {} } as const;
const QUESTION = { jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: {} } as const;

it('closes after the end of input when everything is answered, an id that came twice two times', async () => {
  const { transport, ended, end } = await open();
  let closed = false;
  void ended.then(() => {
    closed = true;
  });
  await end(ASKS, ASKS);
  await transport.send(ANSWER);
  await new Promise(setImmediate);
  expect(closed).toBe(false);
  await transport.send(ANSWER);
  await ended;
});

it('gives up what is not answered, as long as it was told to wait', async () => {
  const { transport, ended, written, end } = await open();
  await end(ASKS);
  transport.finish(20);
  await ended;
  await transport.send(ANSWER);
  expect(written).toEqual([]);
});

it('answers in place of a client that has gone what the client was asked, before and afterwards', async () => {
  const { transport, received, written, end } = await open();
  await transport.send(QUESTION);
  await end();
  await transport.send({ ...QUESTION, id: 1 });
  await new Promise(setImmediate);
  expect(received).toMatchObject([
    { id: 0, error: { code: -32000 } },
    { id: 1, error: { code: -32000 } },
  ]);
  expect(written).toHaveLength(1);
  await transport.close();
});
