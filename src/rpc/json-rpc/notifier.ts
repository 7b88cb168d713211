import { createJSONRPCNotification } from 'json-rpc-2.0';
import type { Change } from '../../core/changes.ts';

export interface NotifierOptions {
  send(json: string): void;
  /** While the client is far behind with reading: resolves when it has caught up. */
  readerCaughtUp(): Promise<void> | undefined;
}

/**
 * Tells a client of changes, each as a notification whose method is the change's kind. For a client that does not keep up
 * with reading, only the newest of each job, run and configuration is kept until it has caught up.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #held = new Map<string, Change>();
  #holding = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  tell(change: Change): void {
    const behind = this.#holding ? undefined : this.#options.readerCaughtUp();
    if (behind !== undefined) {
      this.#holding = true;
      void behind.then(() => this.#sendHeld());
    }
    if (!this.#holding) this.#send(change);
    else this.#hold(change);
  }

  /** What is held is not told any more. */
  forget(): void {
    this.#held.clear();
  }

  #hold(change: Change): void {
    const subject = subjectOf(change);
    this.#held.delete(subject);
    this.#held.set(subject, change);
  }

  #sendHeld(): void {
    this.#holding = false;
    for (const change of this.#held.values()) this.#send(change);
    this.#held.clear();
  }

  #send({ kind, ...params }: Change): void {
    this.#options.send(JSON.stringify(createJSONRPCNotification(kind, params)));
  }
}

function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'job_changed':
      return `${change.kind} ${change.job_id}`;
    case 'config_changed':
      return `${change.kind} ${change.config_name}`;
    case 'run_changed':
    case 'run_progress':
      return `${change.kind} ${change.run.run_id}`;
    case 'scheduler_changed':
      return change.kind;
  }
}
