import { setTimeout as delay } from 'node:timers/promises';
import { openPrivateFile } from '../core/database/connection.ts';
import { tryLock } from '../core/database/locks.ts';
import { messengerLock } from '../core/execution/start-messenger.ts';
import { nextMessageAt } from '../core/messages/message-store.ts';
import { openWorkspace } from '../core/workspace.ts';
import { MessageSender } from './send-due-messages.ts';

/** It stays for messages that come soon: a start costs as much as a hundred messages. */
const LINGER_MS = 5_000;
/** It stays for the next attempt until then: without a scheduler, no other process would make it. */
const MAX_WAIT_MS = 150_000;
const POLL_INTERVAL_MS = 250;

/**
 * `messenger.js HOME`: sends the messages of a home until none is due. One process at a time does it; a second one ends
 * at once.
 */
async function main(home: string): Promise<void> {
  const workspace = openWorkspace({ home, actor: 'library', missing: 'refuse', asItIs: true });
  const lock = openPrivateFile(messengerLock(workspace.paths));
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort());
  try {
    if (!tryLock(lock)) return;
    const sender = new MessageSender(workspace, ending.signal);
    let idleSince = performance.now();
    while (!ending.signal.aborted) {
      if (sender.pass() > 0 || sender.isBusy) idleSince = performance.now();
      const isIdle = performance.now() - idleSince > LINGER_MS;
      const now = workspace.clock.now();
      if (isIdle && !isSoon(now, nextMessageAt(workspace.db, now))) return;
      await delay(POLL_INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => {});
    }
    await sender.settled();
  } finally {
    lock.close();
    workspace.close();
  }
}

function isSoon(now: number, next: number | undefined): boolean {
  return next !== undefined && next - now <= MAX_WAIT_MS;
}

await main(process.argv[2] ?? '');
// A connection that was given up may still be open.
process.exit();
