/** How long after the last change work begins, in milliseconds. */
const DELAY_MS = 300;

/** Work on things that change: a new one on the same thing ends the one before. Failures are left to the next one. */
export class Debounced {
  readonly #controllers = new Map<string, AbortController>();

  run(key: string, work: (signal: AbortSignal) => Promise<void>, delayMs = DELAY_MS): void {
    this.cancel(key);
    const controller = new AbortController();
    this.#controllers.set(key, controller);
    const { signal } = controller;
    const timer = setTimeout(() => {
      work(signal).then(
        () => this.#forget(key, controller),
        () => this.#forget(key, controller),
      );
    }, delayMs);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  cancel(key: string): void {
    this.#controllers.get(key)?.abort();
    this.#controllers.delete(key);
  }

  dispose(): void {
    for (const key of this.#controllers.keys()) this.cancel(key);
  }

  #forget(key: string, controller: AbortController): void {
    if (this.#controllers.get(key) === controller) this.#controllers.delete(key);
  }
}
