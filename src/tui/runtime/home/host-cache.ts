import type { Workspace } from '../../../core/workspace.ts';

/** So long configurations are read at a time, in milliseconds: nothing else happens meanwhile. */
const TIME_BUDGET_MS = 25;

const NO_HOSTS: readonly string[] = [];

/**
 * The hosts of the configurations. Each is read once and again when it changed; those that there is no time for when
 * thousands are asked for at once have none until {@link readMore}.
 */
export class HostCache {
  readonly #configs: Workspace['configs'];
  readonly #known = new Map<string, readonly string[] | null>();
  readonly #waiting = new Set<string>();
  #until = 0;

  constructor({ configs }: Pick<Workspace, 'configs'>) {
    this.#configs = configs;
  }

  /** From now on there is time to read again. */
  begin(): void {
    this.#until = performance.now() + TIME_BUDGET_MS;
  }

  /** `null` where there is no such configuration. */
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

  /** True while configurations wait to be read. */
  get isBehind(): boolean {
    return this.#waiting.size > 0;
  }

  /** Reads some of those that wait. @returns their names */
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

  /** A configuration was written, or has gone. */
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
