import { writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { startHeartbeat } from '../../../src/core/scheduler/heartbeat.ts';
import { ManualClock } from '../../manual-clock.ts';
import { httpReceiver } from '../../messenger/receivers.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';

async function heartbeatHome(channels: (url: string) => string, status = 200) {
  const { url, received } = await httpReceiver(() => ({ status }));
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const workspace = openTempWorkspace({ clock });
  writeFileSync(workspace.paths.channels, channels(url));
  writeFileSync(workspace.paths.secrets, 'UUID=4711\n', { mode: 0o600 });
  await workspace.settings.set('heartbeat', 'monitor');
  const logged: string[] = [];
  const end = startHeartbeat(workspace, (message) => logged.push(message));
  onTestFinished(end);
  return { clock, received, logged, end };
}

it('pings the channel of the setting at once and each minute, until it ends', async () => {
  const { clock, received, logged, end } = await heartbeatHome(
    (url) => `monitor: { type: heartbeat, url: "${url}/\${UUID}" }\n`,
  );
  await waitFor('the first ping', () => received.length === 1);
  clock.advance(60_000);
  await waitFor('the second ping', () => received.length === 2);
  expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /4711', 'POST /4711']);
  end();
  clock.advance(600_000);
  expect([received.length, logged]).toEqual([2, []]);
});

it('says what is wrong, without the address, and goes on', async () => {
  const { logged, clock } = await heartbeatHome(
    (url) => `monitor: { type: heartbeat, url: "${url}/\${UUID}" }\n`,
    404,
  );
  await waitFor('a message', () => logged.length === 1);
  expect(logged[0]).toMatch(/^heartbeat: 127\.0\.0\.1:\d+ answered HTTP 404$/);
  clock.advance(60_000);
  await waitFor('another one', () => logged.length === 2);
});

it('pings only a channel of type heartbeat that exists', async () => {
  const other = await heartbeatHome(() => 'monitor: { type: desktop }\n');
  await waitFor('a message', () => other.logged.length === 1);
  expect(other.logged).toEqual(['heartbeat: channel monitor is of type desktop, not heartbeat']);
  const none = await heartbeatHome(() => '\n');
  await waitFor('a message', () => none.logged.length === 1);
  expect(none.logged[0]).toContain('there is no channel "monitor"');
});
