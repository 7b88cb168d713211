import type { Effect } from '../state/effect.ts';
import type { Event } from '../state/event.ts';

/** How many calls have no answer yet, so that they can be waited for when the dashboard is left. */
export class InFlightCalls {
  #count = 0;
  #whenNone: (() => void) | undefined;

  /** Told of each effect that is carried out. */
  onEffect({ kind }: Effect): void {
    if (kind === 'call') this.#count += 1;
  }

  /** Told of each event. */
  onEvent({ kind }: Event): void {
    if (kind !== 'answer') return;
    this.#count -= 1;
    if (this.#count === 0) this.#whenNone?.();
  }

  /** Resolves when all have their answers, or after so many milliseconds. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#whenNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
