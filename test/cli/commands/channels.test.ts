import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { messageFacts } from '../../../src/core/messages/message-facts.ts';
import {
  insertMessages,
  markFailed,
  markSending,
  markSent,
} from '../../../src/core/messages/message-store.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { shopHome } from '../shop-home.ts';

/** A home with a channel that works and one that does not, and a message of job `morning` for each. */
async function homeWithMessages() {
  const { home, program: qs } = shopHome();
  writeFileSync(
    join(home, 'channels.yaml'),
    'me: { type: ntfy, url: "https://ntfy.example/me" }\nteam: { type: slack, url: "https://hooks.example/T0KEN" }\n',
  );
  await qs('job', 'create', '--config', 'books', '--schedule', 'daily', '--at', '09:00', '--id', 'morning');
  const { db, close } = openHome(home);
  const now = Date.now();
  const facts = messageFacts().parse({ at: now });
  const about = { event: 'failure' as const, jobId: 'morning', runId: 'r1', facts };
  const [sent = '', failed = ''] = insertMessages(
    db,
    [
      { channel: 'me', ...about },
      { channel: 'team', ...about },
    ],
    now,
  );
  markSending(db, [sent, failed], now);
  markSent(db, [sent], now);
  markFailed(db, [failed], { error: 'HTTP 404', nextAt: now + 60_000 }, now);
  close();
  return qs;
}

function openHome(home: string) {
  const workspace = openWorkspace({ home, actor: 'library' });
  return { db: workspace.db, close: () => workspace.close() };
}

it('channels list says which channels get their messages, and no secret', async () => {
  const qs = await homeWithMessages();
  const { stdout } = await qs('channels', 'list');
  expect(stdout).toMatch(/me +ntfy +ok +0 +\d{4}-\d\d-\d\d \d\d:\d\d +ntfy\.example/);
  expect(stdout).toMatch(/team +slack +failing +1 +- +hooks\.example/);
  expect(stdout).toContain('Channel team: HTTP 404');
  expect(stdout).not.toContain('T0KEN');
});

it('channels log and job show have the messages, and why one is not sent', async () => {
  const qs = await homeWithMessages();
  const log = (await qs('channels', 'log', '--job', 'morning')).stdout;
  expect(log).toMatch(/team +failure +morning +r1 +waiting +at .*: HTTP 404/);
  expect(log).toMatch(/me +failure +morning +r1 +sent/);
  const shown = (await qs('job', 'show', 'morning')).stdout;
  expect(shown).toMatch(/\nMessages\n.*CHANNEL.*\n.*team +failure/);
});
