import { EXIT } from './exit-codes.ts';

/**
 * Ctrl-C and SIGTERM. A command that has something to clean asks for the signal and is given time for it; a second
 * Ctrl-C ends the program at once. Any other command ends at the first.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  #awaited = false;
  #code: number | undefined;

  /** Begins to listen. The listeners do not keep the program alive. */
  constructor() {
    process.on('SIGINT', () => this.#onSignal(EXIT.interrupted));
    process.on('SIGTERM', () => this.#onSignal(EXIT.terminated));
    process.on('SIGHUP', () => this.#onSignal(129));
  }

  /** Aborted at the first interruption. Whoever takes it promises to end soon then. */
  get signal(): AbortSignal {
    this.#awaited = true;
    return this.#controller.signal;
  }

  /** The exit code of the interruption that came, if one came. */
  get code(): number | undefined {
    return this.#code;
  }

  #onSignal(code: number): void {
    if (!this.#awaited || this.#code !== undefined) process.exit(code);
    this.#code = code;
    this.#controller.abort();
  }
}
