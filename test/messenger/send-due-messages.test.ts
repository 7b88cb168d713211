import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/core/lib/clock.ts';
import { messageFacts } from '../../src/core/messages/message-facts.ts';
import { insertMessages, readMessage } from '../../src/core/messages/message-store.ts';
import { MessageSender } from '../../src/messenger/send-due-messages.ts';
import { ManualClock } from '../manual-clock.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { httpReceiver, mailServer } from './receivers.ts';

/** A home with one channel, `me`, under a clock that the test moves. */
function homeWith(channel: string) {
  const clock = new ManualClock('2026-03-01T10:50:00Z');
  const workspace = openTempWorkspace({ clock });
  writeFileSync(workspace.paths.channels, `me: ${channel}\n`, { mode: 0o600 });
  const write = (runId: string) => {
    const facts = messageFacts().parse({ at: clock.now(), failures: 1 });
    const about = { channel: 'me', event: 'failure' as const, jobId: 'prices', runId, facts };
    return insertMessages(workspace.db, [about], clock.now())[0] ?? '';
  };
  /** What a messenger does that starts now, until it has tried what is due. */
  const send = async () => {
    const sender = new MessageSender(workspace, new AbortController().signal);
    sender.pass();
    await sender.settled();
  };
  const statusOf = (id: string) => readMessage(workspace.db, id)?.status;
  return { workspace, clock, write, send, statusOf };
}

it('a recipient that is refused does not keep later digests from the others', async () => {
  let isFull = true;
  const { port, mails } = await mailServer({ refuses: (address) => isFull && address.startsWith('ben') });
  const { clock, write, send, statusOf } = homeWith(
    `{ type: email, server: "smtp://127.0.0.1:${port}", tls: optional, from: a@b.example, to: [anna@c.example, ben@c.example], digest: hour }`,
  );
  const ids: string[] = [];
  for (let hour = 1; hour <= 3; hour += 1) {
    ids.push(write(`run${hour}`));
    clock.advance(HOUR_MS);
    await send();
  }
  const runsOf = (name: string) =>
    mails.filter(({ to }) => to[0]?.startsWith(name)).map(({ text }) => text.match(/run\d/g)?.at(0));
  expect(runsOf('anna')).toEqual(['run1', 'run2', 'run3']);
  isFull = false;
  clock.advance(2 * HOUR_MS);
  await send();
  expect(runsOf('anna')).toHaveLength(3);
  expect(runsOf('ben')).toEqual(['run1', 'run2', 'run3']);
  expect(ids.map(statusOf)).toEqual(['sent', 'sent', 'sent']);
});

it.each([
  ['a digest', 'digest: hour'],
  ['the limit of an hour', 'max_per_hour: 1'],
])('an attempt after a failed one has the same content under the same id: %s', async (_, fields) => {
  let isAway = true;
  const { url, received } = await httpReceiver(() => ({ status: isAway ? 503 : 200 }));
  const { clock, write, send, statusOf } = homeWith(`{ type: webhook, url: "${url}", ${fields} }`);
  const together = [write('run1'), write('run2')];
  clock.advance(HOUR_MS);
  await send();
  const later = write('run3');
  clock.advance(HOUR_MS);
  isAway = false;
  await send();
  clock.advance(HOUR_MS + MINUTE_MS);
  await send();
  const copies = received.map(({ headers, body }) => [headers['webhook-id'], body]);
  expect(copies).toHaveLength(3);
  expect(copies[1]).toEqual(copies[0]);
  expect(copies[2]?.[0]).toBe(later);
  expect([...together, later].map(statusOf)).toEqual(['sent', 'joined', 'sent']);
});
