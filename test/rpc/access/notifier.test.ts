import { expect, it } from 'vitest';
import type { Change } from '../../../src/core/api/changes.ts';
import { Notifier } from '../../../src/rpc/access/notifier.ts';

const changed = (job_id: string): Change => ({ kind: 'job_changed', job_id });

it('sends a slow client the newest change of each once it has caught up', async () => {
  const sent: unknown[] = [];
  let catchUp = (): void => {};
  let behind: Promise<void> | undefined;
  const notifier = new Notifier({
    send: (change) => sent.push(change),
    waitForDrain: () => behind,
  });
  notifier.notify(changed('a'));
  behind = new Promise((resolve) => {
    catchUp = resolve;
  });
  for (let n = 0; n < 1_000; n += 1) notifier.notify(changed(n % 2 === 0 ? 'b' : 'a'));
  notifier.notify({ kind: 'settings_changed' });
  notifier.notify({ kind: 'config_changed', config_name: 'a' });
  notifier.notify({ kind: 'settings_changed' });
  notifier.notify(changed('b'));
  expect(sent).toEqual([{ kind: 'job_changed', job_id: 'a' }]);
  behind = undefined;
  catchUp();
  await Promise.resolve();
  notifier.notify(changed('c'));
  expect(sent.slice(1)).toEqual([
    { kind: 'job_changed', job_id: 'a' },
    { kind: 'config_changed', config_name: 'a' },
    { kind: 'settings_changed' },
    { kind: 'job_changed', job_id: 'b' },
    { kind: 'job_changed', job_id: 'c' },
  ]);
});
