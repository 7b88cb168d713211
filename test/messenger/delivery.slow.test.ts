import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
    text: expect.stringContaining('Subject: watched: run failed (no items found)'),
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

it('a channel that does not answer holds no other channel up', { timeout: TIMEOUT_MS }, async () => {
  const silent = createServer((request) => void request.resume());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { url, received } = await httpReceiver();
  const workspace = homeWith(
    `hang: { type: webhook, url: "http://127.0.0.1:${(silent.address() as AddressInfo).port}" }\ngood: { type: webhook, url: "${url}" }\n`,
  );
  const [stuck = ''] = writeMessages(workspace, 'hang', 3);
  const [first = ''] = writeMessages(workspace, 'good', 1);
  startMessenger(workspace);
  await waitFor('the first message', () => readMessage(workspace.db, first)?.status === 'sent');
  expect(readMessage(workspace.db, stuck)).toMatchObject({ status: 'sending', attempts: 0 });
  const tested = await succeed(['channels', 'test', 'good'], { home: workspace.paths.home });
  expect(tested.stdout).toContain('took the test message');
  expect(received).toHaveLength(2);
});

it('a recipient who has a mail gets no second one, although the messenger was killed meanwhile', {
  timeout: TIMEOUT_MS,
}, async () => {
  let isSlow = true;
  const { port, mails } = await mailServer({ holds: (address) => isSlow && address.startsWith('slow') });
  const workspace = homeWith(
    `me: { type: email, server: "smtp://127.0.0.1:${port}", tls: optional, from: a@b.example, to: [one@c.example, two@c.example, slow@c.example] }\n`,
  );
  const [id = ''] = writeMessages(workspace, 'me', 1);
  const messenger = startMessenger(workspace);
  await waitFor('two recipients', () => readMessage(workspace.db, id)?.accepted.length === 2);
  const ended = once(messenger, 'exit');
  messenger.kill('SIGKILL');
  await ended;
  isSlow = false;
  startMessenger(workspace);
  await waitFor('the last recipient', () => readMessage(workspace.db, id)?.status === 'sent');
  expect(mails.map(({ to }) => to[0])).toEqual(['one@c.example', 'two@c.example', 'slow@c.example']);
});

it('no secret of a channel comes back by what its receiver answers, however it is spelt or cut', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { url } = await httpReceiver(({ headers, path }) => ({
    status: 400,
    body: `no ${headers.authorization} ${Buffer.from(`x${headers.authorization}`).toString('base64')} ${path} ${'.'.repeat(150)}${headers['x-key']}`,
  }));
  const workspace = homeWith(
    `team: { type: webhook, url: "${url}/hooks/LITERAL-4711-SECRET?k=QUERY-4711", headers: { authorization: "Bearer \${TOKEN}", x-key: LITERAL-HEADER-4711 } }\n`,
  );
  writeFileSync(workspace.paths.secrets, `TOKEN=TOKEN-4711-${'y'.repeat(80)}\n`, { mode: 0o600 });
  const { home } = workspace.paths;
  const said = await quickscrape(['channels', 'test', 'team'], { home });
  expect(said.stderr).toContain('answered HTTP 400');
  const log = await succeed(['channels', 'log', '--json'], { home });
  const decoded = (text: string) =>
    text.replaceAll(/[A-Za-z0-9+/=]{16,}/g, (word) => Buffer.from(word, 'base64').toString('latin1'));
  for (const text of [said.stderr, log.stdout, decoded(said.stderr)])
    expect(text).not.toMatch(/4711|yyyy|LITERAL|QUERY/);
});

it('messages wait without an attempt while channels.yaml cannot be read', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { url, received } = await httpReceiver();
  const workspace = homeWith('hook: [\n');
  const [id = ''] = writeMessages(workspace, 'hook', 1);
  const before = Date.now();
  startMessenger(workspace);
  await waitFor('it to be put off', () => (readMessage(workspace.db, id)?.notBefore ?? 0) > before + 5_000);
  expect(readMessage(workspace.db, id)).toMatchObject({ status: 'waiting', attempts: 0 });
  writeFileSync(workspace.paths.channels, `hook: { type: webhook, url: "${url}" }\n`, { mode: 0o600 });
  await waitFor('the message', () => received.length === 1);
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
