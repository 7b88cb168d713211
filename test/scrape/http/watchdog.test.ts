import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Watchdog } from '../../../src/scrape/http/watchdog.ts';

/** The whole answer has four times as long: more than a busy machine adds. */
const TIMEOUT_MS = 400;

/** Keeps the process busy for longer than the time-out, from where timers are looked at before connections. */
function busy(then: () => void): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      setImmediate(() => {
        then();
        resolve();
      });
      const end = performance.now() + TIMEOUT_MS * 1.1;
      while (performance.now() < end);
    });
  });
}

it('an answer that came while this process was busy for longer than the time-out is no silence', async () => {
  const watchdog = new Watchdog(new URL('http://127.0.0.1/'), TIMEOUT_MS, new AbortController().signal);
  await busy(() => watchdog.reset());
  await turn();
  expect(watchdog.reason).toBeUndefined();
  watchdog.close();
});

it('silence that goes on behind it is', async () => {
  const watchdog = new Watchdog(new URL('http://127.0.0.1/'), TIMEOUT_MS, new AbortController().signal);
  const ended = new Promise((resolve) => watchdog.onEnd(resolve));
  await busy(() => undefined);
  expect(await ended).toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining('no answer within'),
  });
  watchdog.close();
});
