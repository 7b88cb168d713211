import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { canStartRuns } from '../lease/lease.ts';
import { programFile } from '../lib/program.ts';
import { nextMessageAt } from '../messages/message-store.ts';
import { startDetached } from '../process/detached-process.ts';
import { NO_PROCESS_TREE } from '../process/process-tree.ts';
import { openToAppend } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';

/** A messenger that ended early, or found another one at work, is not started again before this. */
const MIN_INTERVAL_MS = 2_000;

/** The file that the process holds locked while it sends. */
export function messengerLock({ locks }: Pick<Workspace['paths'], 'locks'>): string {
  return join(locks, 'messenger.db');
}

/**
 * Starts the process that sends the messages of a home, which ends by itself. Its errors go to the scheduler's log.
 * @returns a promise of how it ended, or why it could not be started; it never rejects
 */
export function startMessenger({ paths }: Workspace): Promise<string> {
  const log = openToAppend(paths.schedulerLog);
  try {
    return startDetached([programFile('messenger'), paths.home], paths.home, log, NO_PROCESS_TREE);
  } finally {
    closeSync(log);
  }
}

/** For a process that has written messages: starts the messenger if no scheduler does. */
export function startMessengerWithoutScheduler(workspace: Workspace): void {
  const { db, clock } = workspace;
  const now = clock.now();
  if (canStartRuns(db) || (nextMessageAt(db, now) ?? Number.POSITIVE_INFINITY) > now) return;
  void startMessenger(workspace);
}

/** Starts the messenger of a scheduler whenever messages are due. */
export class MessengerStarter {
  readonly #workspace: Workspace;
  readonly #log: (message: string) => void;
  #isRunning = false;
  #startedAt = Number.NEGATIVE_INFINITY;

  /** @param log receives why a messenger failed */
  constructor(workspace: Workspace, log: (message: string) => void) {
    this.#workspace = workspace;
    this.#log = log;
  }

  /** Starts a messenger if a message is due and none runs. */
  check(now: number): void {
    if (this.#isRunning || (nextMessageAt(this.#workspace.db, now) ?? Number.POSITIVE_INFINITY) > now) return;
    const at = this.#workspace.clock.monotonic();
    if (at - this.#startedAt < MIN_INTERVAL_MS) return;
    this.#startedAt = at;
    this.#isRunning = true;
    void startMessenger(this.#workspace).then((end) => {
      this.#isRunning = false;
      if (end !== 'it ended with exit code 0') this.#log(`messages are not sent: ${end}`);
    });
  }
}
