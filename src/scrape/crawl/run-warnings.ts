/** A warning, and on how many more pages there was one of its kind. */
interface Warning {
  kind: string;
  text: string;
  more: number;
  /** Whether it says what a page contains. */
  ofPage?: boolean | undefined;
}

/** The warnings of a run. Pages of one site tend to repeat them, each with its own figures: each kind is kept once. */
export class RunWarnings {
  readonly #kinds = new Map<string, Warning>();

  /**
   * @param url of the page
   * @param ofPage whether it says what a page contains, and so may explain why there are no rows
   * @returns whether the warning is of a new kind
   */
  add(text: string, url = '', ofPage = false): boolean {
    const kind = text.replaceAll(url, '').replaceAll(/\d+/g, '#');
    const before = this.#kinds.get(kind);
    if (before === undefined) this.#kinds.set(kind, { kind, text, more: 0, ...(ofPage && { ofPage }) });
    else before.more += 1;
    return before === undefined;
  }

  list(): string[] {
    return this.state().map(describe);
  }

  /** The warnings in the order in which they may explain why there are no rows: first those of pages. */
  listReasons(): string[] {
    const all = this.state();
    const isOfPage = ({ ofPage = false }: Warning) => ofPage;
    return [...all.filter(isOfPage), ...all.filter((one) => !isOfPage(one))].map(describe);
  }

  /** The state as saved for the next attempt. */
  state(): Warning[] {
    return [...this.#kinds.values()];
  }

  restore(warnings: readonly Warning[]): void {
    for (const warning of warnings) this.#kinds.set(warning.kind, { ...warning });
  }
}

function describe({ text, more }: Warning): string {
  return more === 0 ? text : `${text} (likewise on ${more} more ${more === 1 ? 'page' : 'pages'})`;
}
