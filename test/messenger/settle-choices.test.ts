import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ChannelChoice, messageFacts } from '../../src/core/messages/message-facts.ts';
import { insertMessages, listMessages } from '../../src/core/messages/message-store.ts';
import { MessageSender } from '../../src/messenger/send-due-messages.ts';
import { ManualClock } from '../manual-clock.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { httpReceiver } from './receivers.ts';

const PAUSED: ChannelChoice = {
  notify: [
    { channel: 'beat', on: ['failure'] },
    { channel: 'hook', on: ['recovery', 'paused'] },
    { channel: 'other', on: ['change'] },
  ],
  events: ['paused', 'failure'],
  beat: 'failure',
};

async function openHome(choice: ChannelChoice) {
  const clock = new ManualClock('2026-03-01T10:50:00Z');
  const workspace = openTempWorkspace({ clock });
  const { url, received } = await httpReceiver();
  const facts = messageFacts().parse({ at: clock.now(), failures: 2, choice });
  const about = { channel: 'channels.yaml', event: 'paused' as const, jobId: 'prices', runId: 'r1', facts };
  insertMessages(workspace.db, [about], clock.now());
  const send = async () => {
    const sender = new MessageSender(workspace, new AbortController().signal);
    // The first pass chooses the channels, the second one sends.
    sender.pass();
    sender.pass();
    await sender.settled();
    clock.advance(15_000);
  };
  const told = () =>
    listMessages(workspace.db, { limit: 9 }).map(
      ({ channel, event, status }) => `${channel} ${event} ${status}`,
    );
  const channels =
    `beat: { type: heartbeat, url: "${url}/beat" }\nhook: { type: webhook, url: "${url}/hook" }\n` +
    `other: { type: webhook, url: "${url}/other" }\n`;
  return { workspace, channels, received, send, told };
}

it('a message chooses its channels when channels.yaml can be read, and a monitor hears of the failure', async () => {
  const { workspace, channels, received, send, told } = await openHome(PAUSED);
  writeFileSync(workspace.paths.channels, 'hook: {type: "');
  await send();
  expect(told()).toEqual(['channels.yaml paused waiting']);
  writeFileSync(workspace.paths.channels, channels);
  await send();
  expect(told().sort()).toEqual(['beat failure sent', 'hook paused sent']);
  expect(received.map(({ path }) => path).sort()).toEqual(['/beat/fail', '/hook']);
});

it('a message waits for the default channels while settings.yaml cannot be read, and others do not', async () => {
  const { workspace, channels, received, send, told } = await openHome({ ...PAUSED, notify: null });
  writeFileSync(workspace.paths.channels, channels);
  writeFileSync(workspace.paths.settings, 'notify: [{ channel: "hook');
  const facts = messageFacts().parse({ at: 0 });
  const about = { channel: 'other', event: 'failure' as const, jobId: 'prices', runId: 'r1', facts };
  insertMessages(workspace.db, [about], workspace.clock.now());
  await send();
  expect(told()).toEqual(['other failure sent', 'channels.yaml paused waiting']);
  writeFileSync(workspace.paths.settings, 'notify: [{ channel: hook }]\n');
  await send();
  expect(told()).toEqual(['hook paused sent', 'other failure sent']);
  expect(received.map(({ path }) => path)).toEqual(['/other', '/hook']);
});
