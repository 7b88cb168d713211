import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { channelRule } from '../../src/core/channels/channel-rules.ts';
import { messageFacts } from '../../src/core/messages/message-facts.ts';
import { insertMessages, type Message, readMessage } from '../../src/core/messages/message-store.ts';
import { attemptDelivery } from '../../src/messenger/attempt-delivery.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { httpReceiver } from './receivers.ts';

/** A receiver that answers as the test says, and may leave the answer open. */
async function openReceiver(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function attempt(url: string, { limitMs = 60_000, signal = new AbortController().signal } = {}) {
  const workspace = openTempWorkspace();
  const facts = messageFacts().parse({ at: Date.now() });
  const about = { channel: 'hook', event: 'failure' as const, jobId: 'a', runId: 'r', facts };
  const [id = ''] = insertMessages(workspace.db, [about], Date.now());
  const message = readMessage(workspace.db, id) as Message;
  const channel = channelRule('webhook').parse({ type: 'webhook', url });
  return attemptDelivery(workspace, channel, [message], { limitMs, signal, onAccepted: () => {} });
}

it('an attempt ends at its limit, although the receiver still answers', async () => {
  const url = await openReceiver(() => {});
  expect(await attempt(url, { limitMs: 200 })).toMatchObject({
    isSent: false,
    error: expect.stringMatching(/in time|within 0\.2 s/),
    isUnreachable: true,
  });
});

it('the status decides: an answer that never ends, or breaks off, makes no second message', async () => {
  const endless = await openReceiver((response) => response.writeHead(200).write('x'));
  expect(await attempt(endless)).toEqual({ isSent: true });
  const broken = await openReceiver((response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
  });
  expect(await attempt(broken)).toEqual({ isSent: true });
});

it('an attempt ends when its process is asked to end', async () => {
  const url = await openReceiver(() => {});
  const ending = new AbortController();
  const sending = attempt(url, { signal: ending.signal });
  ending.abort();
  expect(await sending).toMatchObject({ isSent: false });
});

it('an https address of a server without TLS is an error in words', async () => {
  const { url } = await httpReceiver();
  const failed = await attempt(url.replace('http:', 'https:'));
  expect(failed).toMatchObject({ error: expect.stringMatching(/: it does not speak TLS there$/) });
});

it('a user and a password in the address are sent as a header', async () => {
  const { url, received } = await httpReceiver();
  expect(await attempt(url.replace('//', '//bob:p%40ss@'))).toEqual({ isSent: true });
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('bob:p@ss').toString('base64')}`);
});
