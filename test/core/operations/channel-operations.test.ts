import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { messageFacts } from '../../../src/core/messages/message-facts.ts';
import {
  insertMessages,
  markFailed,
  markSending,
  markSent,
} from '../../../src/core/messages/message-store.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { DAILY, it, refusal } from './open-home.ts';

const CHANNELS = `me: { type: email, server: "smtps://smtp.example", from: a@b.example, to: [c@d.example], password: "\${PW}" }
hook: { type: webhook, url: "https://hooks.example/T0KEN?key=S3CRET" }
hidden: { type: slack, url: "\${SLACK}" }
bad: { type: gotify, url: https://g.example }
`;

it('list_channels says where messages go and whether they get through, and no secret', async ({
  workspace,
  call,
}) => {
  const { paths, db } = workspace;
  writeFileSync(paths.channels, CHANNELS);
  const now = workspace.clock.now();
  const facts = messageFacts().parse({ at: now });
  const [first = '', second = ''] = insertMessages(
    db,
    ['me', 'hook'].map((channel) => ({ channel, event: 'failure' as const, jobId: 'a', runId: 'r1', facts })),
    now,
  );
  markSent(db, [first], now);
  markSending(db, [second], now);
  markFailed(db, [second], { error: 'HTTP 500', nextAt: now + 5_000 }, now);
  const { channels, file } = await call('list_channels', {});
  expect(file).toBe(paths.channels);
  expect(channels).toMatchObject([
    { name: 'me', type: 'email', to: 'c@d.example', problem: null, waiting: 0, error: null },
    { name: 'hook', to: 'hooks.example', waiting: 1, error: 'HTTP 500', failing_since: expect.any(String) },
    { name: 'hidden', to: null, problem: null },
    { name: 'bad', type: 'gotify', problem: expect.stringMatching(/channels\.yaml:4: bad\.token: missing/) },
  ]);
  expect(JSON.stringify(channels)).not.toMatch(/T0KEN|S3CRET/);
});

it('an assistant may test a channel five times in ten minutes, a person any number of times', async ({
  workspace,
}) => {
  const { paths, db, clock } = workspace;
  writeFileSync(paths.channels, CHANNELS);
  const now = clock.now();
  const facts = messageFacts().parse({ at: now });
  const test = { channel: 'me', event: 'test' as const, jobId: null, runId: null, facts };
  insertMessages(db, [test, test, test, test, test], now - 60_000);
  const assistant = openWorkspace({ home: paths.home, actor: 'mcp' });
  const refused = await refusal(callOperation(assistant, 'test_channel', { channel: 'me' }));
  assistant.close();
  expect(refused).toMatchObject({ code: 'not_allowed', field: 'channel' });
  const byPerson = await refusal(
    callOperation(workspace, 'test_channel', { channel: 'me' }, { signal: AbortSignal.abort() }),
  ).catch((error: Error) => ({ code: error.name }));
  expect(byPerson.code).not.toBe('not_allowed');
});

it('an error about channels.yaml quotes no address and no token', async ({ workspace, call }) => {
  writeFileSync(
    workspace.paths.channels,
    'a: { type: slack, url: "htps://hooks.slack.com/T0/S3CRET" }\nb: { type: gotify, url: "https://g.example", tokn: S3CRET }\nc: { type: webhook, url: "https://h.example", headers: { k: [S3CRET] } }\n',
  );
  const { channels } = await call('list_channels', {});
  expect(channels.map(({ problem }) => problem !== null)).toEqual([true, true, true]);
  expect(JSON.stringify(channels)).not.toContain('S3CRET');
});

it('list_messages goes on by cursor, which continues only the same call', async ({ workspace, call }) => {
  const now = workspace.clock.now();
  const facts = messageFacts().parse({ at: now });
  for (let index = 0; index < 5; index += 1)
    insertMessages(
      workspace.db,
      [
        {
          channel: index % 2 === 0 ? 'me' : 'hook',
          event: 'failure',
          jobId: `job${index}`,
          runId: null,
          facts,
        },
      ],
      now,
    );
  const first = await call('list_messages', { limit: 2 });
  expect(first.messages.map(({ job_id }) => job_id)).toEqual(['job4', 'job3']);
  const rest = await call('list_messages', { limit: 9, cursor: first.next_cursor });
  expect(rest.messages.map(({ job_id }) => job_id)).toEqual(['job2', 'job1', 'job0']);
  expect(rest.next_cursor).toBeUndefined();
  expect(rest.messages[0]).toMatchObject({
    status: 'waiting',
    sent_at: null,
    next_attempt_at: expect.any(String),
  });
  expect(await refusal(call('list_messages', { channel: 'me', cursor: first.next_cursor }))).toMatchObject({
    code: 'invalid_params',
    field: 'cursor',
  });
  expect((await call('list_messages', { channel: 'hook' })).messages).toHaveLength(2);
});

it('a job names only channels that a person has made', async ({ workspace, call }) => {
  writeFileSync(workspace.paths.channels, CHANNELS);
  const job = { job_id: 'mine', config_name: 'books', schedule: DAILY };
  const notify = (channel: string) => [{ channel }];
  expect(await refusal(call('create_job', { ...job, notify: notify('hooks') }))).toMatchObject({
    code: 'invalid_params',
    field: 'notify',
    hint: 'Channels: me, hook, hidden, bad',
  });
  const { job: made } = await call('create_job', { ...job, notify: notify('hook') });
  expect(made['notify']).toEqual([{ channel: 'hook', on: ['failure', 'recovery', 'paused'] }]);
  const change = { job_id: 'mine', changes: { notify: notify('none') } };
  expect(await refusal(call('update_job', change))).toMatchObject({ field: 'notify' });
  expect((await call('update_job', { job_id: 'mine', changes: { notify: [] } })).job['notify']).toEqual([]);
});
