import type { Workspace } from '../../../core/workspace.ts';

/** The time limit for reading configurations in one batch, in milliseconds. A batch blocks the process. */
const TIME_BUDGET_MS = 25;

const NO_HOSTS: readonly string[] = [];

/**
 * Caches the hosts of the configurations. Each configuration is read once, and again after a change. If thousands are
 * requested at once, those beyond the time limit have no hosts until {@link readMore}.
 */
export class HostCache {
  readonly #configs: Workspace['configs'];
  readonly #known = new Map<string, readonly string[] | null>();
  readonly #waiting = new Set<string>();
  #until = 0;

  constructor({ configs }: Pick<Workspace, 'configs'>) {
    this.#configs = configs;
  }

  /** Starts a new batch with the full time limit. */
  begin(): void {
    this.#until = performance.now() + TIME_BUDGET_MS;
  }

  /** `null` when the configuration does not exist. */
  hostsOf(configName: string | null): readonly string[] | null {
    if (configName === null) return NO_HOSTS;
    const known = this.#known.get(configName);
    if (known !== undefined) return known;
    if (performance.now() > this.#until) {
      this.#waiting.add(configName);
      return NO_HOSTS;
    }
    return this.#read(configName);
  }

  /** True while configurations have not been read yet. */
  get isBehind(): boolean {
    return this.#waiting.size > 0;
  }

  /** Reads the next batch of configurations. @returns their names */
  readMore(): ReadonlySet<string> {
    this.begin();
    const read = new Set<string>();
    for (const name of this.#waiting) {
      if (performance.now() > this.#until && read.size > 0) break;
      this.#read(name);
      read.add(name);
    }
    return read;
  }

  /** Removes a configuration that was written or deleted. */
  forget(configName: string): void {
    this.#known.delete(configName);
  }

  #read(name: string): readonly string[] | null {
    const hosts = this.#configs.hostsOf(name);
    this.#known.set(name, hosts);
    this.#waiting.delete(name);
    return hosts;
  }
}
