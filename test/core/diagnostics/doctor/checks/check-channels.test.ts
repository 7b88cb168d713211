import { chmodSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  type ChannelsFacts,
  checkChannels,
} from '../../../../../src/core/diagnostics/doctor/checks/check-channels.ts';
import { runDoctorChecks } from '../../../../../src/core/diagnostics/doctor/run-doctor-checks.ts';
import { DAILY, it as itAtHome } from '../../../operations/open-home.ts';
import { NOW } from '../expect-finding.ts';

const ME = { name: 'me', type: 'desktop', channel: { type: 'desktop', max_per_hour: 20 } } as const;
const WRONG = {
  name: 'team',
  type: 'slack',
  problem: {
    path: 'team.url',
    message: 'team.url: missing',
    file: '/home/channels.yaml',
    line: 3,
    column: 1,
  },
} as const;
const HEALTHY = { channel: 'me', waiting: 0, failingSince: null, error: null, lastSentAt: NOW, givenUp: 0 };
const FACTS: ChannelsFacts = {
  now: NOW,
  file: { path: '/home/channels.yaml', mode: 0o600, error: undefined },
  entries: [ME],
  wanted: [{ where: 'jobs/a.json', channels: ['me'] }],
  health: [HEALTHY],
};

it.each<[Partial<ChannelsFacts>, 'ok' | 'warning' | 'problem', RegExp]>([
  [{}, 'ok', /^1 channel$/],
  [{ entries: [], wanted: [], health: [] }, 'ok', /^none$/],
  [{ file: { ...FACTS.file, error: 'not YAML' } }, 'problem', /^the channels cannot be read: not YAML$/],
  [{ file: { ...FACTS.file, mode: 0o644 } }, 'warning', /others can read the file of channels/],
  [{ entries: [ME, WRONG] }, 'problem', /team\.url: missing/],
  [{ wanted: [{ where: 'jobs/a.json', channels: ['me', 'them'] }] }, 'problem', /^there is no channel them$/],
  [
    { health: [{ ...HEALTHY, waiting: 3, failingSince: NOW - 3_600_000, error: 'HTTP 500' }] },
    'warning',
    /^channel me: no message got through for 1 h, 3 waiting: HTTP 500$/,
  ],
  [
    { health: [{ ...HEALTHY, waiting: 1, failingSince: NOW - 60_000, error: 'HTTP 500' }] },
    'ok',
    /1 channel/,
  ],
  [{ health: [{ ...HEALTHY, givenUp: 2, error: 'HTTP 404' }] }, 'warning', /2 messages of the last week/],
  // A channel that was removed needs no person any more.
  [{ health: [{ ...HEALTHY, channel: 'old', givenUp: 2 }] }, 'ok', /1 channel/],
])('channels such as %j', (facts, status, message) => {
  expect(checkChannels({ ...FACTS, ...facts })).toEqual([
    expect.objectContaining({ check: 'channels', status, message: expect.stringMatching(message) }),
  ]);
});

itAtHome('doctor reads channels.yaml, the jobs and the messages of a home', async ({ workspace, call }) => {
  const { paths } = workspace;
  writeFileSync(paths.channels, 'me: { type: desktop }\n');
  chmodSync(paths.channels, 0o600);
  await call('create_job', { config_name: 'books', schedule: DAILY, notify: [{ channel: 'me' }] });
  const findings = async () =>
    (
      await runDoctorChecks(
        paths,
        () => [],
        (line) => line,
      )
    ).filter(({ check }) => check === 'channels');
  expect(await findings()).toMatchObject([{ status: 'ok', message: '1 channel' }]);
  writeFileSync(paths.channels, 'you: { type: desktop }\n');
  expect(await findings()).toMatchObject([{ status: 'problem', message: 'there is no channel me' }]);
});
