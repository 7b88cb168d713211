import type { Change, ChangeWatch } from '../../core/api/changes.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';

/** Whether a client is told of changes; the home is watched only while it is. */
export class Subscription {
  readonly #open: () => Promise<ChangeWatch>;
  #watch: Promise<ChangeWatch> | undefined;

  /** @param open begins to watch and to tell */
  constructor(open: () => Promise<ChangeWatch>) {
    this.#open = open;
  }

  /** Resolves when nothing that happens from now on is missed. Asked again, it changes nothing. */
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

  async end(): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    await (await watch?.catch(() => undefined))?.close();
  }
}

/** A client with so many bytes unread is waited for. */
const MAX_UNREAD_BYTES = 1024 * 1024;

interface NotifierOptions {
  send(change: Change): void;
  /** While the client is far behind with reading: resolves when it has caught up. */
  waitForDrain(): Promise<void> | undefined;
}

/**
 * Tells a client of changes. For one that does not keep up with reading, only the newest of each job, run and
 * configuration is kept until it has caught up.
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

/** What to wait for before more is sent to the reader of `output`; `undefined` when it keeps up. */
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
      return change.kind;
  }
}
