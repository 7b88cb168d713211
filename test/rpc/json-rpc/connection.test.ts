import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { Subscription } from '../../../src/rpc/access/notifier.ts';
import { Connection } from '../../../src/rpc/json-rpc/connection.ts';
import { createMethods } from '../../../src/rpc/json-rpc/methods.ts';
import { LineSplitter } from '../../../src/rpc/stdio/line-splitter.ts';
import { HANG_MS, waitFor } from '../../wait-for.ts';

type Call = (name: string, params: Record<string, unknown>, signal?: AbortSignal) => unknown;

/** A connection in this process, with operations that the test makes up. */
function connected(call: Call) {
  const sent: unknown[] = [];
  const logged: string[] = [];
  const session = {
    names: () => ['get_job', 'run_job'],
    async call(name: string, params: unknown, { signal }: { signal?: AbortSignal | undefined } = {}) {
      return (await call(name, params as Record<string, unknown>, signal)) as Record<string, unknown>;
    },
  };
  const subscription = new Subscription(async () => ({ close: async () => {} }));
  const methods = createMethods({
    session,
    subscription,
    describe: async () => ({}),
    log: (message) => logged.push(message),
  });
  const connection = new Connection({
    splitter: new LineSplitter(1024 * 1024),
    handleRequest: (request, signal) => methods.receive(request, { signal }),
    send: (json) => sent.push(JSON.parse(json)),
    waitForDrain: () => undefined,
    onLost: () => {},
  });
  return {
    connection,
    sent,
    logged,
    send(...messages: unknown[]) {
      void connection.receive(
        Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
      );
    },
  };
}

function ask(id: number | undefined, method = 'get_job', params: object = {}) {
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), method, params };
}

const untilAborted = (signal: AbortSignal | undefined) =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve({ aborted: true });
    signal?.addEventListener('abort', () => resolve({ aborted: true }));
  });

describe('a failure', () => {
  it('of an operation is answered with its number and data', async () => {
    const { send, connection, sent } = connected(() => {
      throw new QuickscrapeError('invalid_schedule', 'minute 61', { field: 'schedule', hint: '0 to 59' });
    });
    send(ask(1));
    await connection.end(HANG_MS);
    const data = { code: 'invalid_schedule', field: 'schedule', hint: '0 to 59' };
    expect(sent).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32005, message: 'minute 61', data } }]);
  });

  it.each([
    ['an error', () => Promise.reject(new Error('secret /home/x'))],
    ['a thrown text', () => Promise.reject('secret /home/x')],
    ['nothing at all', () => Promise.reject(undefined)],
    ['a result that JSON cannot hold', () => ({ secret: 1n })],
  ])('that was not foreseen, %s, is answered without its text, which is in the log', async (_, call) => {
    const { send, connection, sent } = connected(call);
    send(ask(1), ask(undefined));
    await connection.end(HANG_MS);
    expect(sent).toMatchObject([{ id: 1, error: { code: -32603, message: 'Internal error' } }]);
    expect(JSON.stringify(sent)).not.toContain('secret');
  });

  it('of ours is in the log, with where it comes from', async () => {
    const { send, connection, logged } = connected(() => Promise.reject(new Error('secret /home/x')));
    send(ask(1));
    await connection.end(HANG_MS);
    expect(logged.join()).toMatch(/get_job.*secret \/home\/x\n +at .*connection\.test/s);
  });
});

describe('with 32 active calls that all wait', () => {
  it('the next ones are refused, and answers free places', async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { send, sent, connection } = connected(async (_, { wait }) => {
      if (wait) await opened;
      return {};
    });
    send(...Array.from({ length: 32 }, (__, id) => ask(id, 'run_job', { wait: true })));
    send(ask(32), [ask(33), ask(undefined)], ask(undefined));
    await waitFor('refusals', () => sent.length === 2);
    const refusal = { code: -32000, message: expect.stringContaining('32'), data: { code: 'unavailable' } };
    expect(sent).toMatchObject([{ id: 32, error: refusal }, [{ id: 33, error: refusal }]]);
    open();
    await connection.end(HANG_MS);
    expect(sent).toHaveLength(34);
  });

  it('as much as comes is carried out, if it is done quickly', async () => {
    const { send, sent, connection } = connected(async () => {
      await delay(1);
      return {};
    });
    for (let n = 0; n < 20; n += 1) send(...Array.from({ length: 50 }, (_, id) => ask(n * 50 + id)));
    await connection.end(HANG_MS);
    expect(sent).toHaveLength(1_000);
    expect(sent.every((answer) => 'result' in (answer as object))).toBe(true);
  });
});

it('a request that is cancelled is answered with what there is by then, and no other one', async () => {
  const { send, sent, connection } = connected((_, __, signal) => untilAborted(signal));
  send(ask(1, 'run_job'), ask(2, 'run_job'), [ask(3, 'run_job')]);
  send(ask(undefined, '$/cancelRequest', { id: 2 }), ask(undefined, '$/cancelRequest', [3]));
  await waitFor('its answer', () => sent.length === 1);
  send(ask(undefined, '$/cancelRequest', { id: 3 }), ask(undefined, '$/cancelRequest', { id: 4 }));
  await waitFor('another', () => sent.length === 2);
  expect(sent).toEqual([
    { jsonrpc: '2.0', id: 2, result: { aborted: true } },
    [{ jsonrpc: '2.0', id: 3, result: { aborted: true } }],
  ]);
  await connection.end(HANG_MS);
  expect(sent).toHaveLength(3);
});

describe('a batch', () => {
  it('of one is answered with a list of one, and one of notifications with nothing', async () => {
    const { send, sent, connection } = connected(() => ({}));
    send([ask(1)], [ask(undefined), ask(undefined)]);
    await connection.end(HANG_MS);
    expect(sent).toEqual([[{ jsonrpc: '2.0', id: 1, result: {} }]]);
  });

  it('is carried out in its order, one after the other', async () => {
    const begun: unknown[] = [];
    let under = 0;
    const { send, sent, connection } = connected(async (_, { n }) => {
      under += 1;
      expect(under).toBe(1);
      begun.push(n);
      await delay(2);
      under -= 1;
      return { n };
    });
    send([3, 1, 2].map((n) => ask(n, 'get_job', { n })));
    await connection.end(HANG_MS);
    expect(begun).toEqual([3, 1, 2]);
    expect(sent).toMatchObject([[{ id: 3 }, { id: 1 }, { id: 2 }]]);
  });
});

describe('at the end of the input', () => {
  it('waiting calls are told, and give their answers', async () => {
    const { send, sent, connection } = connected((_, __, signal) => untilAborted(signal));
    send(...Array.from({ length: 20 }, (_, id) => ask(id, 'run_job')));
    await connection.end(HANG_MS);
    expect(sent).toHaveLength(20);
    expect(sent).toContainEqual({ jsonrpc: '2.0', id: 19, result: { aborted: true } });
  });

  it('calls that never end are answered with an error, and what follows in their batch is not begun', async () => {
    const begun: unknown[] = [];
    const { send, sent, connection } = connected((name) => {
      begun.push(name);
      return new Promise(() => {});
    });
    send(ask(1), [ask(2, 'run_job'), ask(3), ask(undefined)]);
    await connection.end(50);
    const late = { error: { code: -32000, message: expect.stringContaining('is stopping before') } };
    expect(sent).toMatchObject([
      { id: 1, ...late },
      [
        { id: 2, ...late },
        { id: 3, ...late },
      ],
    ]);
    expect(begun).toEqual(['get_job', 'run_job']);
  });

  it('calls that take long, but end one after the other, are all waited for', async () => {
    const { send, sent, connection } = connected(() => delay(60, {}));
    send(Array.from({ length: 5 }, (_, id) => ask(id)));
    for (let id = 5; id < 10; id += 1) send(ask(id, 'get_job'));
    await connection.end(400);
    expect(sent).toHaveLength(6);
    expect(JSON.stringify(sent)).not.toContain('error');
  });
});
