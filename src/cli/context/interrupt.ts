import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from './exit-codes.ts';

/**
 * Handles Ctrl-C, SIGTERM and SIGHUP. A command that needs to clean up takes the signal and gets time for that; a
 * second Ctrl-C ends the program at once. Any other command ends at the first one.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  #awaited = false;
  #code: number | undefined;
  #listener: ((code: number) => void) | undefined;

  /** Starts to listen. The listeners do not keep the process alive. */
  constructor() {
    process.on('SIGINT', () => this.#onSignal(EXIT.interrupted));
    process.on('SIGTERM', () => this.#onSignal(EXIT.terminated));
    process.on('SIGHUP', () => this.#onSignal(129));
  }

  /** Aborted at the first interruption. A command that reads it must end soon after that. */
  get signal(): AbortSignal {
    this.#awaited = true;
    return this.#controller.signal;
  }

  /** The exit code of the interruption, if there was one. */
  get code(): number | undefined {
    return this.#code;
  }

  /**
   * Whether a signal has come, or comes within `ms` milliseconds. A terminal sends Ctrl-C to each program in it, and the
   * end of another one may be seen first.
   */
  async comesWithin(ms: number): Promise<boolean> {
    const { signal } = this.#controller;
    if (!signal.aborted) await delay(ms, undefined, { signal }).catch(() => {});
    return signal.aborted;
  }

  /** From now on, each interruption calls `listener` with its exit code, and none ends the program. */
  handle(listener: (code: number) => void): void {
    this.#listener = listener;
  }

  #onSignal(code: number): void {
    if (this.#listener) {
      this.#listener(code);
      return;
    }
    if (!this.#awaited || this.#code !== undefined) process.exit(code);
    this.#code = code;
    this.#controller.abort();
  }
}
