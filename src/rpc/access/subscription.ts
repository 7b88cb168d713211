import type { ChangeWatch } from '../../core/api/changes.ts';

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
