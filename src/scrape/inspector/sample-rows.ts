import type { Item, JsonValue } from '../lib/page.ts';
import type { Redact } from '../lib/redact.ts';
import type { RowSink } from '../source/pages-request.ts';

/** A page may have megabytes in one field, but a sample only needs to show what kind of content it has. */
const MAX_TEXT_CHARACTERS = 1_000;
const MAX_LIST_ENTRIES = 50;
const MAX_TOTAL_CHARACTERS = 200_000;

/** Collects the first scraped rows. */
export class SampleRows implements RowSink {
  readonly #rows: Item[] = [];
  readonly #wanted: number;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  async add(rows: readonly Item[]): Promise<void> {
    this.#rows.push(...rows.slice(0, this.#wanted - this.#rows.length));
  }

  /** Returns the rows with long values truncated, and notes about what was truncated or left out. */
  shown(redact: Redact): { rows: Item[]; notes: string[] } {
    const cut = new RowTruncator(redact);
    const rows: Item[] = [];
    let characters = 0;
    for (const row of this.#rows) {
      const shown = cut.row(row);
      characters += JSON.stringify(shown).length;
      if (characters > MAX_TOTAL_CHARACTERS) break;
      rows.push(shown);
    }
    const left = this.#rows.length - rows.length;
    return {
      rows,
      notes: [
        ...(cut.hasTruncated
          ? [
              `the sample shows ${MAX_TEXT_CHARACTERS} characters of a text and ${MAX_LIST_ENTRIES} entries of a list; a run stores all`,
            ]
          : []),
        ...(left > 0 ? [`the sample is ${left} rows shorter than asked for: its rows are very long`] : []),
      ],
    };
  }
}

class RowTruncator {
  hasTruncated = false;
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  row(row: Item): Item {
    return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, this.#value(value)]));
  }

  #value(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) {
      this.hasTruncated ||= value.length > MAX_LIST_ENTRIES;
      return value.slice(0, MAX_LIST_ENTRIES).map((entry) => this.#value(entry));
    }
    return typeof value === 'object' && value !== null ? this.row(value) : value;
  }

  /** Redacted because a site may echo the value of a request header. */
  #text(text: string): string {
    if (text.length <= MAX_TEXT_CHARACTERS) return this.#redact(text);
    this.hasTruncated = true;
    // Half a surrogate pair would be shown as garbage.
    return this.#redact(`${text.slice(0, MAX_TEXT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`);
  }
}
