import { insertMessages } from '../messages/message-store.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';
import { startMessages } from './outcome-messages.ts';
import { startMessengerWithoutScheduler } from './start-messenger.ts';

/**
 * Writes the messages of a run that starts: those of heartbeats, which measure the time from its first attempt. A run
 * does not fail because one is not written.
 * @param warn receives why they were not written
 */
export function writeStartMessages(
  workspace: Workspace,
  run: RunRecord,
  warn: (message: string) => void,
): void {
  if (run.attempt !== 1) return;
  try {
    const now = workspace.clock.now();
    const messages = startMessages(workspace, run, now);
    if (messages.length === 0) return;
    insertMessages(workspace.db, messages, now);
    startMessengerWithoutScheduler(workspace);
  } catch (error) {
    warn(`no heartbeat at the start: ${error instanceof Error ? error.message : String(error)}`);
  }
}
