import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { canFakeTime } from '../faked-time.ts';
import { quickscrape } from '../program.ts';
import { waitFor } from '../wait-for.ts';
import { steppedHome } from './stepped-home.ts';

const HOUR = 3_600_000;

/** Longer than the loop ever sleeps. */
const A_WHOLE_SLEEP = 6_000;

// Each case brings one fault into the life of a real scheduler; together they take as long as the longest.
describe.skipIf(!canFakeTime)(
  'a real scheduler whose clock is set (needs libfaketime: apt install faketime)',
  () => {
    it('forwards an hour, back an hour, back six seconds: each occurrence has one outcome', async () => {
      expect(await Promise.all([forwards(), back(), aLittleBack()])).toEqual([[], [], []]);
    });

    it('over both changes of the clocks starts fixed times once and hourly ones each real hour', async () => {
      const springs = ['2026-03-29', '2027-03-28'].map((date) => toSummerTime(date));
      expect(await Promise.all([toWinterTime(), ...springs])).toEqual([[], [], []]);
    });

    it('waits 25 days, works in 2038, and sleeps through ten minutes with its lease', async () => {
      expect(await Promise.all([after25Days(), in2038(), stoppedAndContinued()])).toEqual([[], [], []]);
    });
  },
);

async function forwards() {
  const home = await steppedHome('2026-12-01T11:59:56Z', 'UTC', { a: '*/10 * * * *', b: '* * * * *' });
  await Promise.all([home.decided('a', '2026-12-01T12:00:00Z'), home.decided('b', '2026-12-01T12:00:00Z')]);
  await home.ended();
  home.time.step(HOUR);
  await home.decided('a', '2026-12-01T13:00:00Z');
  expect(
    home
      .runs('a')
      .slice(1, 6)
      .map(({ status }) => status),
  ).toEqual(Array(5).fill('missed'));
  return home.faults();
}

async function back() {
  const home = await steppedHome('2026-12-01T12:59:56Z', 'UTC', { a: '*/10 * * * *' });
  await home.decided('a', '2026-12-01T13:00:00Z');
  await home.ended();
  home.time.step(-HOUR);
  await waitFor('the jump to be seen', () => home.said().includes('the clock jumped by -36'));
  home.time.set('2026-12-01T12:19:58Z');
  await delay(A_WHOLE_SLEEP);
  expect(home.runs('a')).toHaveLength(1);
  home.time.set('2026-12-01T13:09:58Z');
  await home.decided('a', '2026-12-01T13:10:00Z');
  return home.faults();
}

async function aLittleBack() {
  const home = await steppedHome('2026-12-01T12:00:56Z', 'UTC', { a: '* * * * *' });
  await home.decided('a', '2026-12-01T12:01:00Z');
  await home.ended();
  home.time.step(-6_000);
  await delay(A_WHOLE_SLEEP);
  home.time.set('2026-12-01T12:01:58Z');
  await home.decided('a', '2026-12-01T12:02:00Z');
  expect(home.outcomes('a').map((line) => line.slice(0, 8))).toEqual(['12:01:00', '12:02:00']);
  return home.faults();
}

const BERLIN = { nightly: '30 2 * * *', hourly: '0 * * * *', minutely: '* * * * *' };

/** 02:30 comes twice, at 00:30 and 01:30 UTC. */
async function toWinterTime() {
  const home = await steppedHome('2026-10-25T00:29:56Z', 'Europe/Berlin', BERLIN);
  await home.decided('nightly', '2026-10-25T00:30:00Z');
  home.time.set('2026-10-25T00:59:58Z');
  await home.decided('hourly', '2026-10-25T01:00:00Z');
  home.time.set('2026-10-25T01:29:58Z');
  await home.decided('minutely', '2026-10-25T01:30:00Z');
  home.time.set('2026-10-25T01:59:58Z');
  await home.decided('hourly', '2026-10-25T02:00:00Z');
  expect(home.outcomes('nightly')).toEqual([expect.stringMatching(/^00:30:00 /)]);
  expect(home.outcomes('hourly').map((line) => line.slice(0, 8))).toEqual(['01:00:00', '02:00:00']);
  return home.faults();
}

/** 02:30 does not come: it is due when the clocks show 03:00, at 01:00 UTC. */
async function toSummerTime(date: string) {
  const home = await steppedHome(`${date}T00:59:56Z`, 'Europe/Berlin', BERLIN);
  await home.decided('nightly', `${date}T01:00:00Z`);
  home.time.set(`${date}T01:29:58Z`);
  await home.decided('minutely', `${date}T01:30:00Z`);
  home.time.set(`${date}T01:59:58Z`);
  await home.decided('hourly', `${date}T02:00:00Z`);
  expect(home.outcomes('nightly')).toEqual([expect.stringMatching(/^01:00:00 /)]);
  expect(home.outcomes('hourly').map((line) => line.slice(0, 8))).toEqual(['01:00:00', '02:00:00']);
  return home.faults();
}

async function after25Days() {
  const once = { type: 'once', date: '2026-12-26', time: '00:00' };
  const home = await steppedHome('2026-12-01T00:00:00Z', 'UTC', { a: once });
  await delay(A_WHOLE_SLEEP);
  expect(home.runs('a')).toEqual([]);
  home.time.set('2026-12-25T23:59:58Z');
  await home.decided('a', '2026-12-26T00:00:00Z');
  return home.faults();
}

/** 32 bits end at 03:14:07. */
async function in2038() {
  const home = await steppedHome('2038-01-19T03:14:03Z', 'UTC', { a: '8 14 3 * * *', b: '* * * * *' });
  await home.decided('a', '2038-01-19T03:14:08Z');
  home.time.set('2038-01-19T03:14:58Z');
  await home.decided('b', '2038-01-19T03:15:00Z');
  return home.faults();
}

async function stoppedAndContinued() {
  const home = await steppedHome('2026-12-01T12:00:56Z', 'UTC', { a: '* * * * *' });
  await home.decided('a', '2026-12-01T12:01:00Z');
  await waitFor('its run to end', () => home.runs('a')[0]?.status === 'succeeded');
  process.kill(home.pid, 'SIGSTOP');
  home.time.set('2026-12-01T12:11:30Z');
  const folder = home.workspace.paths.home;
  const second = await quickscrape(['scheduler', 'run'], { home: folder, env: home.time.env });
  expect(second.stderr).toContain('a scheduler is already running');
  process.kill(home.pid, 'SIGCONT');
  const caughtUp = () => home.runs('a').filter(({ trigger }) => trigger === 'catch_up');
  await waitFor('it to catch up', () => caughtUp().some(({ status }) => status === 'succeeded'));
  expect(caughtUp().map(({ scheduledFor }) => scheduledFor)).toEqual([Date.parse('2026-12-01T12:11:00Z')]);
  return home.faults();
}
