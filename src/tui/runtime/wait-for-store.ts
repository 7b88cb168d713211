import { setTimeout as delay } from 'node:timers/promises';
import { BUSY_WAIT_MS } from '../../core/database/connection.ts';
import { isBusy } from '../../core/database/sql-errors.ts';
import type { EffectContext } from './effect-context.ts';

const RETRY_INTERVAL_MS = 50;

/**
 * Resolves when the database is writable, and shows a notice when that takes a while. An operation's own wait for
 * another program's write would block the whole dashboard, including its keys.
 * @param timeoutMs the maximum wait in milliseconds
 * @throws QuickscrapeError `store_unavailable` when the database stays locked for that time
 */
export async function waitForStore(
  { workspace: { db }, send }: Pick<EffectContext, 'workspace' | 'send'>,
  timeoutMs = BUSY_WAIT_MS,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let tries = 1; ; tries += 1) {
    try {
      db.withBusyTimeout(0, () => db.transaction(() => undefined));
      return;
    } catch (error) {
      // The operation reports any other error, if it needs the database at all.
      if (!isBusy(error)) return;
      if (performance.now() >= end) throw error;
    }
    if (tries === 2)
      send({ kind: 'said', tone: 'info', text: 'Waiting for the store: another program is writing to it.' });
    await delay(RETRY_INTERVAL_MS);
  }
}
