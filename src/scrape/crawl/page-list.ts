import * as z from 'zod';
import { once } from '../../core/lib/once.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';

/** The most pages that a sentence names; the log has all of them. */
const MAX_LISTED = 10;

/** The state as saved for the next attempt. */
export const pageListSchema = once(() => z.object({ count: z.number(), first: z.array(z.string()) }));

type PageListState = z.output<ReturnType<typeof pageListSchema>>;

/** Pages that one sentence summarizes: their number, and the first of them. */
export class PageList {
  #count = 0;
  readonly #first: string[] = [];

  get count(): number {
    return this.#count;
  }

  /**
   * @param entry the page's address, optionally with its problem
   * @param isImportant whether to name it before the others
   */
  add(entry: string, isImportant = false): void {
    this.#count += 1;
    if (isImportant) this.#first.unshift(entry);
    else this.#first.push(entry);
    this.#first.splice(MAX_LISTED);
  }

  /** `12 pages of urls have no rows: a, b, … and 2 more`; empty without pages. */
  describe(one: string, many: string, what: readonly [one: string, many: string]): string[] {
    if (this.#count === 0) return [];
    const listed = [...this.#first, ...new Array<string>(this.#count - this.#first.length).fill('')];
    const verb = this.#count === 1 ? what[0] : what[1];
    return [`${pluralize(this.#count, one, many)} ${verb}: ${truncateList(listed, MAX_LISTED)}`];
  }

  state(): PageListState {
    return { count: this.#count, first: [...this.#first] };
  }

  restore({ count, first }: PageListState): void {
    this.#count = count;
    this.#first.splice(0, this.#first.length, ...first);
  }
}
