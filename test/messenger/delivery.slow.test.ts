import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { MINUTE_MS } from '../../src/core/lib/clock.ts';
import { messageFacts } from '../../src/core/messages/message-facts.ts';
import { insertMessages, listMessages, readMessage } from '../../src/core/messages/message-store.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { quickscrape, succeed } from '../program.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';
import { httpReceiver, mailServer } from './receivers.ts';

const TIMEOUT_MS = 3 * MINUTE_MS;
const KILLS = Number(process.env['QS_KILLS'] ?? 8);
const MESSENGER = fileURLToPath(new URL('../../dist/messenger.js', import.meta.url));

function startMessenger({ paths }: Workspace): ChildProcess {
  const child = spawn(process.execPath, [MESSENGER, paths.home], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function writeMessages({ db, clock }: Workspace, channel: string, count: number): string[] {
  const now = clock.now();
  return Array.from({ length: count }, (_, index) => ({
    channel,
    event: 'failure' as const,
    jobId: `job${index}`,
    runId: `run${index}`,
    facts: messageFacts().parse({ at: now, failures: 1, error: { kind: 'http', message: 'HTTP 500' } }),
  })).flatMap((message) => insertMessages(db, [message], now));
}

function homeWith(channels: string): Workspace {
  const workspace = openTempWorkspace();
  writeFileSync(workspace.paths.channels, channels, { mode: 0o600 });
  return workspace;
}

it('a failing job reaches mail and webhook through the scheduler, and its recovery too', {
  timeout: TIMEOUT_MS,
}, async () => {
  let isBroken = true;
  const site = await httpReceiver(({ path }) =>
    path === '/robots.txt'
      ? { status: 404 }
      : {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: isBroken ? '<p>Closed</p>' : '<ul><li>One</li><li>Two</li></ul>',
        },
  );
  const hook = await httpReceiver();
  const { port, mails } = await mailServer();
  const yaml = `url: ${site.url}/\nitem: li\nselectors:\n  name: li\n`;
  const home = tempFolder();
  const { workspace, jobId, startScheduler, runThat } = await scheduledHome(
    yaml,
    { schedule: { type: 'daily', time: '09:00', timezone: 'UTC' }, max_retries: 0 },
    home,
  );
  writeFileSync(
    workspace.paths.channels,
    `me: { type: email, server: "smtp://127.0.0.1:${port}", tls: optional, from: a@b.example, to: c@d.example }
hook: { type: webhook, url: "${hook.url}/\${TOKEN}" }\n`,
    { mode: 0o600 },
  );
  writeFileSync(workspace.paths.secrets, 'TOKEN=s3cret-4711\n', { mode: 0o600 });
  await succeed(['job', 'update', jobId, '--notify', 'me hook:failure'], { home });
  const scheduler = await startScheduler();
  await quickscrape(['job', 'run', jobId], { home });
  await runThat(['failed']);
  await waitFor('the mail and the webhook', () => mails.length === 1 && hook.received.length === 1);
  expect(mails[0]).toMatchObject({
    to: ['c@d.example'],
    text: expect.stringContaining('Subject: watched: run failed (no_items)'),
  });
  expect(hook.received[0]?.path).toBe('/s3cret-4711');
  isBroken = false;
  await succeed(['job', 'run', jobId], { home });
  await waitFor('the mail about the recovery', () => mails.length === 2);
  expect(mails[1]?.text).toContain('Subject: watched: works again after a failure');
  expect(hook.received).toHaveLength(1);
  const log = await succeed(['channels', 'log', '--json'], { home });
  expect(log.stdout).not.toContain('4711');
  expect(
    JSON.parse(log.stdout).messages.map(({ channel, event, status }: Record<string, string>) => [
      channel,
      event,
      status,
    ]),
  ).toEqual([
    ['me', 'recovery', 'sent'],
    ['hook', 'failure', 'sent'],
    ['me', 'failure', 'sent'],
  ]);
  await scheduler.kill('SIGTERM');
});

it('a messenger that is killed at any moment loses no message, and repeats none that was recorded as sent', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { url, received } = await httpReceiver();
  const workspace = homeWith(`hook: { type: webhook, url: "${url}", max_per_hour: 1000 }\n`);
  const ids = writeMessages(workspace, 'hook', 30 * KILLS);
  const idsReceived = () => received.map(({ headers }) => String(headers['webhook-id']));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = received.length;
    const messenger = startMessenger(workspace);
    const ended = once(messenger, 'exit');
    await waitFor('some messages', () => received.length >= before + 1 + Math.floor(Math.random() * 25));
    messenger.kill('SIGKILL');
    await ended;
    const sent = new Set(
      listMessages(workspace.db, { statuses: ['sent'], limit: 10_000 }).map(({ messageId }) => messageId),
    );
    const seen = idsReceived();
    // At most the message on its way may have been taken without being recorded.
    expect(seen.filter((id) => !sent.has(id)).length).toBeLessThanOrEqual(1 + kill);
    for (const id of sent) expect(seen).toContain(id);
  }
  const last = startMessenger(workspace);
  await waitFor('the last message', () =>
    ids.every((id) => readMessage(workspace.db, id)?.status === 'sent'),
  );
  last.kill('SIGTERM');
  const counts = new Map<string, number>();
  for (const id of idsReceived()) counts.set(id, (counts.get(id) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([...ids].sort());
  // A kill between the answer and its record repeats that one message, with the same id.
  const repeated = received.length - counts.size;
  expect(repeated).toBeLessThanOrEqual(KILLS);
});

it('a receiver that is away gets its messages later, and two messengers at once send each once', {
  timeout: TIMEOUT_MS,
}, async () => {
  let isAway = true;
  const { url, received } = await httpReceiver(() => (isAway ? { status: 503 } : { status: 200 }));
  const workspace = homeWith(`hook: { type: webhook, url: "${url}" }\n`);
  const [id = ''] = writeMessages(workspace, 'hook', 1);
  startMessenger(workspace);
  startMessenger(workspace);
  const failed = await waitFor('a failed attempt', () => {
    const message = readMessage(workspace.db, id);
    return message?.attempts === 1 ? message : undefined;
  });
  expect(failed.error).toMatch(/HTTP 503$/);
  expect(received).toHaveLength(1);
  isAway = false;
  await waitFor('the next attempt', () => readMessage(workspace.db, id)?.status === 'sent');
  expect(received).toHaveLength(2);
});

it('a channel that is removed while messages wait says so, and sends them when it is back', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { url, received } = await httpReceiver();
  const workspace = homeWith('other: { type: desktop }\n');
  const [id = ''] = writeMessages(workspace, 'hook', 1);
  startMessenger(workspace);
  const failed = await waitFor('a failed attempt', () => {
    const message = readMessage(workspace.db, id);
    return message?.attempts === 1 ? message : undefined;
  });
  expect(failed).toMatchObject({ status: 'waiting', error: 'channel: there is no channel "hook"' });
  writeFileSync(workspace.paths.channels, `hook: { type: webhook, url: "${url}" }\n`, { mode: 0o600 });
  await waitFor('the message', () => received.length === 1);
});

it('a test is sent at once and tried once', { timeout: TIMEOUT_MS }, async () => {
  const { url, received } = await httpReceiver();
  const workspace = homeWith(
    `hook: { type: webhook, url: "${url}", quiet_hours: "00:00-23:59", digest: day, max_per_hour: 1 }\nbad: { type: webhook, url: "http://127.0.0.1:2/t0ken" }\nunset: { type: slack, url: "\${NOT_SET_4711}" }\n`,
  );
  const { home } = workspace.paths;
  const good = await succeed(['channels', 'test', 'hook'], { home });
  expect([good.stdout, received.length]).toEqual(['Channel hook took the test message.\n', 1]);
  // The limit of an hour is used up by now.
  await succeed(['channels', 'test', 'hook'], { home });
  expect(received).toHaveLength(2);
  const bad = await quickscrape(['channels', 'test', 'bad'], { home });
  expect(bad.stderr).toContain('channel bad did not take the message: 127.0.0.1:2: nothing answers there');
  expect(bad.stderr).not.toContain('t0ken');
  const unset = await quickscrape(['channels', 'test', 'unset'], { home });
  expect(unset.stderr).toContain('NOT_SET_4711: not set in secrets.env');
  expect([bad.code, unset.code]).toEqual([1, 1]);
});
