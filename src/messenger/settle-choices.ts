import { chooseMessages } from '../core/execution/outcome-messages.ts';
import { deleteMessage, insertMessages, type Message } from '../core/messages/message-store.ts';
import type { Workspace } from '../core/workspace.ts';

/**
 * Replaces messages that were written while `channels.yaml` or `settings.yaml` could not be read by those of the
 * channels that each chooses.
 * @returns those that still wait for a file
 */
export function settleChoices(workspace: Workspace, waiting: readonly Message[]): Message[] {
  const { db } = workspace;
  return waiting.filter(({ messageId, jobId, runId, createdAt, facts: { choice, ...facts } }) => {
    if (choice === null) return false;
    const chosen = chooseMessages(workspace, choice, { jobId, runId, facts: { ...facts, choice: null } });
    if (chosen.some((message) => message.facts.choice !== null)) return true;
    db.transaction(() => {
      insertMessages(db, chosen, createdAt);
      deleteMessage(db, messageId);
    });
    return false;
  });
}
