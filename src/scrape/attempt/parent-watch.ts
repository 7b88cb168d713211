/** How often a silence is checked until it is too long. */
const CHECKS = 4;

/** Notices that the process which gives the runs stands still, although it lives. */
export class ParentWatch {
  #missed = 0;

  /** That process has written something. */
  heard(): void {
    this.#missed = 0;
  }

  /**
   * Calls `onSilence` when nothing is heard for `maxSilenceMs`.
   * @returns a function that ends the watch
   */
  start(maxSilenceMs: number, onSilence: () => void): () => void {
    this.#missed = 0;
    // Counted and not measured: after a long computation, or a stop of this process, what was written meanwhile is read
    // before the next check.
    const timer = setInterval(() => {
      this.#missed += 1;
      if (this.#missed === CHECKS) onSilence();
    }, maxSilenceMs / CHECKS);
    timer.unref();
    return () => clearInterval(timer);
  }
}
