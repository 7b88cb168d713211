/**
 * Room for so many messages at once. When all of it is taken, the next message waits until one ends; when none has ended
 * for `patienceMs`, it is turned away. So a client may send at once as much as it likes of what is done quickly, and one
 * whose calls all wait for something is told so.
 */
export class MessageLimiter {
  readonly #count: number;
  readonly #patienceMs: number;
  #taken = 0;
  /** Since when all are taken and none has been given back. */
  #quietSince = 0;
  #waiter: ((free: boolean) => void) | undefined;

  constructor(count: number, patienceMs: number) {
    this.#count = count;
    this.#patienceMs = patienceMs;
  }

  /** Takes a place; one message after the other asks. @returns false when none is free in time */
  acquire(): boolean | Promise<boolean> {
    if (this.#taken < this.#count) {
      this.#taken += 1;
      this.#quietSince = performance.now();
      return true;
    }
    const timeoutMs = this.#quietSince + this.#patienceMs - performance.now();
    return timeoutMs > 0 && this.#wait(timeoutMs);
  }

  /** Gives a place back. */
  free(): void {
    this.#quietSince = performance.now();
    if (this.#waiter) this.#waiter(true);
    else this.#taken -= 1;
  }

  #wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiter?.(false), timeoutMs);
      this.#waiter = (free) => {
        clearTimeout(timer);
        this.#waiter = undefined;
        resolve(free);
      };
    });
  }
}
