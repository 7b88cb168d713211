import { UnreadableMarkup } from './unreadable-markup.ts';

/** What the elements and texts of one page may take, in bytes; with rows and what is left over on the way it is three times as much. */
export const MAX_PAGE_BYTES = 160_000_000;

/** Measured on 64-bit Node 20 (`process.memoryUsage().heapUsed` after a collection) with pages of 200,000 to 800,000 nodes. */
export const ELEMENT_BYTES = 165;
const ATTRIBUTE_BYTES = 40;
const TEXT_BYTES = 135;

/** Counts what the tree of one page takes while it is made. */
export class PageMemory {
  #bytes = 0;
  #nodesLeft: number;
  readonly #length: number;
  /** How many characters of the page have been read. */
  read = 0;

  /**
   * @param markup the page
   * @throws UnreadableMarkup when its tags alone would take too much
   */
  constructor(markup: string) {
    const tags = countTags(markup);
    this.#length = markup.length;
    if (tags * ELEMENT_BYTES > MAX_PAGE_BYTES) throw tooMuchError(tags * ELEMENT_BYTES);
    // What people write has an element and two texts a tag. Far more is made of tags that were left open on purpose.
    this.#nodesLeft = 10_000 + 4 * tags;
  }

  /** @throws UnreadableMarkup when there is no room for it */
  element(attributes: number): void {
    this.#add(ELEMENT_BYTES + attributes * ATTRIBUTE_BYTES);
  }

  /** Or a comment. @throws UnreadableMarkup when there is no room for it */
  text(): void {
    this.#add(TEXT_BYTES);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#nodesLeft -= 1;
    if (this.#nodesLeft < 0) throw new UnreadableMarkup('makes far more elements than it has tags');
    if (this.#bytes <= MAX_PAGE_BYTES) return;
    throw tooMuchError((this.#bytes * this.#length) / Math.max(1, Math.min(this.read, this.#length)));
  }
}

function tooMuchError(bytes: number): UnreadableMarkup {
  const megabytes = (some: number) => `${Math.ceil(some / 1_000_000).toLocaleString('en')} MB`;
  return new UnreadableMarkup(
    `would take about ${megabytes(bytes)} of memory once it is read; a page may take ${megabytes(MAX_PAGE_BYTES)}`,
  );
}

/** Those that open, and comments. */
function countTags(markup: string): number {
  let tags = 0;
  for (let at = markup.indexOf('<'); at !== -1; at = markup.indexOf('<', at + 1)) {
    const next = markup.charCodeAt(at + 1);
    const letter = next | 0x20;
    // Names of XML may begin with other letters, too.
    if ((letter >= 0x61 && letter <= 0x7a) || next === 0x21 || next === 0x5f || next > 0x7f) tags += 1;
  }
  return tags;
}
