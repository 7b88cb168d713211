import type { Change, ChangeWatch } from '../../core/api/changes.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';

/** A client's subscription to changes. The home is watched only while the subscription is active. */
export class Subscription {
  readonly #open: () => Promise<ChangeWatch>;
  #watch: Promise<ChangeWatch> | undefined;

  /** @param open starts watching and notifying */
  constructor(open: () => Promise<ChangeWatch>) {
    this.#open = open;
  }

  /** Resolves when no later change can be missed. A second call has no effect. */
  async begin(): Promise<void> {
    this.#watch ??= this.#open();
    const mine = this.#watch;
    try {
      await mine;
    } catch (error) {
      if (this.#watch === mine) this.#watch = undefined;
      throw error;
    }
  }

  get isActive(): boolean {
    return this.#watch !== undefined;
  }

  async end(): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    await (await watch?.catch(() => undefined))?.close();
  }
}

/** Above this number of unread bytes, the server waits for the client. */
const MAX_UNREAD_BYTES = 1024 * 1024;

interface NotifierOptions {
  send(change: Change): void;
  /** Resolves when a client that is far behind has read enough; `undefined` when it keeps up. */
  waitForDrain(): Promise<void> | undefined;
}

/**
 * Notifies a client of changes. If the client does not keep up, only the newest change of each job, run and
 * configuration is saved until it has caught up.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #held = new Map<string, Change>();
  #holding = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  notify(change: Change): void {
    const behind = this.#holding ? undefined : this.#options.waitForDrain();
    if (behind !== undefined) {
      this.#holding = true;
      void behind.then(() => this.#sendHeld());
    }
    if (!this.#holding) this.#options.send(change);
    else this.#hold(change);
  }

  #hold(change: Change): void {
    const subject = subjectOf(change);
    this.#held.delete(subject);
    this.#held.set(subject, change);
  }

  #sendHeld(): void {
    this.#holding = false;
    for (const change of this.#held.values()) this.#options.send(change);
    this.#held.clear();
  }
}

/** The promise to await before sending more to the reader of `output`; `undefined` when the reader keeps up. */
export function waitForDrain(output: Pick<ProtocolOutput, 'backlog' | 'flushed'>): Promise<void> | undefined {
  return output.backlog > MAX_UNREAD_BYTES ? output.flushed() : undefined;
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
    case 'settings_changed':
    case 'workers_changed':
      return change.kind;
  }
}
