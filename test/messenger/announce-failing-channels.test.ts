import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { messageFacts } from '../../src/core/messages/message-facts.ts';
import {
  insertMessages,
  listMessages,
  markFailed,
  markSending,
  markSent,
} from '../../src/core/messages/message-store.ts';
import { announceFailingChannels } from '../../src/messenger/announce-failing-channels.ts';
import { composeMessage } from '../../src/messenger/text/compose-message.ts';
import { ManualClock } from '../manual-clock.ts';
import { openTempWorkspace } from '../temp-workspace.ts';

const HOUR = 3_600_000;
const CHANNELS = ['me', 'team', 'client', 'phone']
  .map((name) => `${name}: { type: ntfy, url: "http://127.0.0.1:9/${name}" }\n`)
  .join('');
const BEAT = 'beat: { type: heartbeat, url: "http://127.0.0.1:9/beat" }\n';

function openHome(settings: string = '', channels = CHANNELS + BEAT) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const workspace = openTempWorkspace({ clock });
  writeFileSync(workspace.paths.channels, channels, { mode: 0o600 });
  if (settings !== '') writeFileSync(workspace.paths.settings, settings);
  const fail = (channel: string, ago: number, nextAt: number | null = clock.now()) => {
    const at = clock.now() - ago;
    const facts = messageFacts().parse({ at });
    const ids = insertMessages(
      workspace.db,
      [{ channel, event: 'failure', jobId: 'a', runId: 'r', facts }],
      at,
    );
    markSending(workspace.db, ids, at);
    markFailed(workspace.db, ids, { error: 'connection refused', nextAt }, at);
    return ids;
  };
  const announced = () =>
    listMessages(workspace.db, { limit: 100 })
      .filter(({ event }) => event === 'channel')
      .map(({ channel, facts }) => `${channel}: ${facts.about_channel}`)
      .sort();
  return { workspace, clock, fail, announced };
}

it('a channel that fails for an hour is announced once through each channel that works', () => {
  const { workspace, fail, announced } = openHome();
  fail('team', 2 * HOUR);
  fail('phone', HOUR / 2);
  announceFailingChannels(workspace);
  announceFailingChannels(workspace);
  expect(announced()).toEqual(['client: team', 'me: team']);
});

it('the channels of the setting notify come before all others', () => {
  const { workspace, fail, announced } = openHome('notify: [{ channel: me }, { channel: team }]\n');
  fail('team', 2 * HOUR);
  fail('client', 1000, null);
  announceFailingChannels(workspace);
  expect(announced()).toEqual(['me: client', 'me: team']);
});

it('a failure after messages got through is announced again', () => {
  const { workspace, clock, fail, announced } = openHome(`notify: [{ channel: me }]\n`);
  const ids = fail('team', 2 * HOUR);
  announceFailingChannels(workspace);
  clock.advance(1000);
  markSending(workspace.db, ids, clock.now());
  markSent(workspace.db, ids, clock.now());
  announceFailingChannels(workspace);
  expect(announced()).toEqual(['me: team']);
  clock.advance(1000);
  fail('team', 0, null);
  announceFailingChannels(workspace);
  expect(announced()).toEqual(['me: team', 'me: team']);
});

it('nothing is announced while channels.yaml cannot be read', () => {
  const { workspace, fail, announced } = openHome('', '- no map\n');
  fail('team', 2 * HOUR);
  announceFailingChannels(workspace);
  expect(announced()).toEqual([]);
});

it('the message says since when, why, and what to try', async () => {
  const { workspace, fail } = openHome('timezone: Europe/Berlin\nnotify: [{ channel: me }]\n');
  fail('team', 2 * HOUR);
  announceFailingChannels(workspace);
  const [message] = listMessages(workspace.db, { channel: 'me', limit: 1 });
  if (message === undefined) throw new Error('no message');
  const text = await composeMessage(workspace, workspace.channels.get('me'), [message]);
  expect(text.title).toBe('Channel team gets no messages');
  expect(text.paragraphs[0]).toMatch(
    /^Messages to channel team have failed since \d{4}-\d\d-\d\d \d\d:\d\d Europe\/Berlin: connection refused$/,
  );
  expect(text.next).toEqual([expect.stringContaining('channels test team')]);
});
