import type { ProtocolOutput } from '../stdio/own-stdout.ts';

/**
 * Notifications to a client that is far behind with reading: each is told once when it has caught up, however often it
 * came. Progress is of no use when it is late, and is left out.
 */
export class LateNotices {
  readonly #output: Pick<ProtocolOutput, 'write' | 'flushed'>;
  readonly #lines = new Set<string>();

  constructor(output: Pick<ProtocolOutput, 'write' | 'flushed'>) {
    this.#output = output;
  }

  /** @param line the whole message as it is written */
  hold(method: string, line: string): void {
    if (method === 'notifications/progress') return;
    this.#lines.add(line);
    if (this.#lines.size > 1) return;
    void this.#output.flushed().then(() => {
      for (const held of this.#lines) this.#output.write(held);
      this.#lines.clear();
    });
  }
}
