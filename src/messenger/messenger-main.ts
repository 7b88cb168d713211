import { setTimeout as delay } from 'node:timers/promises';
import { openPrivateFile } from '../core/database/connection.ts';
import { tryLock } from '../core/database/locks.ts';
import { messengerLock } from '../core/execution/start-messenger.ts';
import { nextMessageAt } from '../core/messages/message-store.ts';
import { openWorkspace } from '../core/workspace.ts';
import { sendDueMessages } from './send-due-messages.ts';

/** It stays for messages that come soon: a start costs as much as a hundred messages. */
const LINGER_MS = 5_000;
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
    let idleSince = performance.now();
    while (!ending.signal.aborted && performance.now() - idleSince < LINGER_MS) {
      const sent = await sendDueMessages(workspace, ending.signal);
      if (sent > 0) idleSince = performance.now();
      else if (isFarAway(workspace.clock.now(), nextMessageAt(workspace.db))) return;
      else await delay(POLL_INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => {});
    }
  } finally {
    lock.close();
    workspace.close();
  }
}

/** Whether no message is due soon, so that another process had better start this one again. */
function isFarAway(now: number, next: number | undefined): boolean {
  return next !== undefined && next - now > LINGER_MS;
}

await main(process.argv[2] ?? '');
