import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { StoreLock } from '../../../src/core/database/locks.ts';
import { tempFolder } from '../../temp-folder.ts';

it('lets one at a time work, within one lock and over several, in order of asking within one', async () => {
  const file = join(tempFolder(), 'locks', 'store.db');
  const locks = [new StoreLock(file), new StoreLock(file), new StoreLock(file)];
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      locks[index % 3]?.withLock(async () => {
        inside += 1;
        most = Math.max(most, inside);
        if (index % 3 === 0) order.push(index);
        await delay(1);
        inside -= 1;
      }),
    ),
  );
  for (const lock of locks) lock.close();
  expect(most).toBe(1);
  expect(order).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('is free again after work that throws', async () => {
  const lock = new StoreLock(join(tempFolder(), 'store.db'));
  await expect(lock.withLock(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock.withLock(() => 'yes')).toBe('yes');
  lock.close();
});

it('gives up with store_unavailable when another one does not let go', async () => {
  const file = join(tempFolder(), 'store.db');
  const [holder, waiter] = [new StoreLock(file), new StoreLock(file, { maxWaitMs: 50 })];
  await holder.withLock(async () => {
    await expect(waiter.withLock(() => {})).rejects.toMatchObject({ code: 'store_unavailable' });
  });
  expect(await waiter.withLock(() => 'now')).toBe('now');
  holder.close();
  waiter.close();
});

it('does not believe in a lock file that was deleted under it', async () => {
  const file = join(tempFolder(), 'store.db');
  const [first, second] = [new StoreLock(file), new StoreLock(file, { maxWaitMs: 50 })];
  await first.withLock(() => {});
  rmSync(file);
  await first.withLock(async () => {
    await expect(second.withLock(() => {})).rejects.toMatchObject({ code: 'store_unavailable' });
  });
  first.close();
  second.close();
});
