import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { LineTransport } from '../../../src/rpc/mcp/line-transport.ts';

/** A transport between streams; the test is the server behind it. */
async function open(beforeRequest: (method: string) => Promise<void> | undefined = () => undefined) {
  const input = new PassThrough();
  const written: string[] = [];
  const followed: boolean[] = [];
  let done = (): void => {};
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  let caughtUp = (): void => {};
  const output = {
    write(text: string, more = false) {
      written.push(text);
      followed.push(more);
    },
    backlog: 0,
    flushed: () =>
      new Promise<void>((resolve) => {
        if (output.backlog === 0) resolve();
        else caughtUp = resolve;
      }),
    onGone() {},
  };
  const transport = new LineTransport(input, output, { beforeRequest, onInputEnd() {}, onDone: done });
  const received: JSONRPCMessage[] = [];
  transport.onmessage = (message) => received.push(message);
  await transport.start();
  return {
    transport,
    received,
    written,
    /** Of each that was written, whether others were about to follow. */
    followed,
    ended,
    /** The client has so many bytes unread. */
    isBehind(bytes: number) {
      output.backlog = bytes;
      if (bytes === 0) caughtUp();
    },
    say: (line: string) => input.write(`${line}\n`),
    async end(...lines: string[]) {
      input.end(lines.map((line) => `${line}\n`).join(''));
      await once(input, 'end');
    },
  };
}

const ASKS = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const ANSWER = { jsonrpc: '2.0', id: 1, result: {} } as const;
const QUESTION = { jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: {} } as const;

it('writes an answer at once, and together with others while they are on their way', async () => {
  const { transport, followed, say } = await open();
  say(ASKS);
  say(ASKS.replace('1,', '2,'));
  await transport.send(ANSWER);
  await transport.send({ ...ANSWER, id: 2 });
  expect(followed).toEqual([true, false]);
});

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
  // Not when its patience is at an end: then it closes in any case.
  await new Promise(setImmediate);
  expect(closed).toBe(true);
});

it('answers with an error what is unanswered after its timeout, and nothing after that', async () => {
  const { transport, ended, written, end } = await open();
  await end(ASKS, ASKS.replace('1', '2'), ASKS);
  await transport.send({ ...ANSWER, id: 2 });
  transport.finish(20);
  await ended;
  await transport.send(ANSWER);
  expect(written.slice(1).map((line) => JSON.parse(line))).toMatchObject([
    { id: 1, error: { code: -32000, message: expect.stringContaining('stopping') } },
    { id: 1, error: { code: -32000 } },
  ]);
});

it('holds a request back until its preparation is done, but no other one, and refuses it when that fails', async () => {
  const listen = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"subscriptions/listen"}`;
  const ready: { resolve(): void; reject(error: Error): void }[] = [];
  const { received, written, say, end } = await open((method) =>
    method === 'tools/list'
      ? undefined
      : new Promise<void>((resolve, reject) => void ready.push({ resolve, reject })),
  );
  for (const id of [2, 3, 4]) say(listen(id));
  say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}');
  say(ASKS);
  await new Promise(setImmediate);
  expect(received).toMatchObject([{ id: 1 }]);
  ready[2]?.reject(new Error('no such folder'));
  for (const { resolve } of ready) resolve();
  await new Promise(setImmediate);
  expect(received).toMatchObject([{ id: 1 }, { id: 2 }]);
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { id: 4, error: { message: 'no such folder' } },
  ]);
  await end();
});

it('answers for a client that has gone what it was asked, before and afterwards', async () => {
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

it('delivers held requests of the same id as often as they came, and closes when the rest was refused', async () => {
  const ready: { resolve(): void; reject(error: Error): void }[] = [];
  const { transport, received, written, ended, end } = await open(
    () => new Promise<void>((resolve, reject) => void ready.push({ resolve, reject })),
  );
  await end(ASKS, ASKS, ASKS);
  ready[0]?.resolve();
  ready[1]?.resolve();
  ready[2]?.reject(new Error('the home is locked'));
  await new Promise(setImmediate);
  expect(received).toMatchObject([{ id: 1 }, { id: 1 }]);
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { id: 1, error: { message: 'the home is locked' } },
  ]);
  await transport.send(ANSWER);
  await transport.send(ANSWER);
  await ended;
});

it('limits the requests at once, and refuses those beyond', async () => {
  const { received, written, transport, say } = await open();
  for (let id = 0; id < 2_050; id += 1) say(`{"jsonrpc":"2.0","id":${id},"method":"tools/list"}`);
  expect(received).toHaveLength(2_048);
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { id: 2_048, error: { code: -32000, message: expect.stringContaining('too many requests') } },
    { id: 2_049 },
  ]);
  await transport.send({ jsonrpc: '2.0', id: 7, result: {} });
  say(ASKS);
  expect(received).toHaveLength(2_049);
});

it('spares a client that is far behind with reading the progress of runs', async () => {
  const { transport, written, isBehind } = await open();
  const tell = (method: string, params: Record<string, unknown>) =>
    transport.send({ jsonrpc: '2.0', method, params });
  const progress = (count: number) => tell('notifications/progress', { progressToken: 1, progress: count });
  await progress(1);
  isBehind(2 << 20);
  await progress(2);
  await tell('notifications/resources/updated', { uri: 'quickscrape://jobs' });
  isBehind(0);
  await progress(3);
  expect(written.map((line) => JSON.parse(line).params)).toEqual([
    { progressToken: 1, progress: 1 },
    { uri: 'quickscrape://jobs' },
    { progressToken: 1, progress: 3 },
  ]);
});
