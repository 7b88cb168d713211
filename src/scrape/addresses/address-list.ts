import { pluralize, truncateList } from '../../core/lib/text.ts';
import { findAddressProblem } from '../config/input-types.ts';
import { ADDRESS_FILE_ENDINGS, MAX_START_CHARACTERS, MAX_START_URLS } from '../config/urls-from.ts';
import { toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { DroppedEntries } from './dropped-entries.ts';

/** As in a sitemap. */
const MAX_URL_CHARACTERS = 2_047;
/** The most entries that a warning names. */
const MAX_NAMED = 3;

/** The addresses that a run is given. */
export interface StartUrls {
  /** In their order, each once, without passwords and fragments. */
  urls: string[];
  /** One of each origin, with the name and password if the first one has some. */
  origins: string[];
  /** What was left out, or may be wrong. */
  warnings: string[];
  /** What was left out without a warning. */
  dropped?: DroppedEntries;
  /** What to do, where all addresses were refused. */
  hint?: string;
}

/** How a file is written that has entries. */
export function hintForEmpty(file: string, example: string): string {
  if (/\.[ct]sv$/i.test(file)) return `Write them under the header, one a line, such as ${example}.`;
  return /\.json$/i.test(file)
    ? `Write them as a list, such as ["${example}"].`
    : `Write them one a line, such as ${example}.`;
}

/**
 * Collects addresses that people or programs have written: each counts once. A few entries that are no addresses are
 * left out; more than half of them show that the source is not a list of addresses.
 */
export class AddressList {
  /** Begins the messages: `ids.csv`. */
  readonly #source: string;
  readonly #urls = new Set<string>();
  readonly #origins = new Map<string, string>();
  readonly #wrong: { where: string; problem: string; hint: string }[] = [];
  #wrongCount = 0;
  #count = 0;
  #duplicates = 0;
  #characters = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /**
   * @param entry white space around it is ignored
   * @param where says where it stands, for messages: `ids.csv, line 17`
   * @throws ScrapeError `config` when there are more than a run can fetch
   */
  add(entry: string, where: () => string): void {
    const text = entry.trim();
    if (text === '') return;
    this.#count += 1;
    const problem = describeProblem(text, this.#source);
    if (problem !== undefined) {
      this.#wrongCount += 1;
      if (this.#wrong.length < MAX_NAMED) this.#wrong.push({ where: where(), ...problem });
      return;
    }
    const url = toPageUrl(text);
    if (this.#urls.has(url)) {
      this.#duplicates += 1;
      return;
    }
    this.#urls.add(url);
    this.#characters += url.length;
    const { origin } = new URL(url);
    if (!this.#origins.has(origin)) this.#origins.set(origin, text);
    if (this.#urls.size > MAX_START_URLS || this.#characters > MAX_START_CHARACTERS)
      throw tooManyError(this.#source);
  }

  /** Whether nothing was added yet. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** @throws ScrapeError `config` when more than half of the entries are no addresses, or there is no entry */
  end(): StartUrls {
    const [first] = this.#wrong;
    if (first !== undefined && this.#wrongCount * 2 > this.#count) {
      const more = this.#wrongCount === 1 ? '' : ` (and ${this.#wrongCount - 1} more)`;
      throw new ScrapeError('config', `${first.where}: ${first.problem}${more}`, { hint: first.hint });
    }
    if (this.#count === 0)
      throw new ScrapeError('config', `${this.#source} has no addresses`, {
        hint: hintForEmpty(this.#source, 'https://shop.example/books'),
      });
    return {
      urls: [...this.#urls],
      origins: [...this.#origins.values()],
      warnings: this.#warnings(),
      dropped: { duplicates: this.#duplicates, empty: 0 },
    };
  }

  #warnings(): string[] {
    if (this.#wrongCount === 0) return [];
    const named = this.#wrong.map(({ where, problem }) => `${where}: ${problem}`);
    const listed = [...named, ...new Array<string>(this.#wrongCount - named.length).fill('')];
    const what =
      this.#wrongCount === 1 ? '1 entry was left out' : `${this.#wrongCount} entries were left out`;
    return [`${what}: ${truncateList(listed, MAX_NAMED)}`];
  }
}

function tooManyError(source: string): ScrapeError {
  const count = MAX_START_URLS.toLocaleString('en-US');
  return new ScrapeError(
    'config',
    `${source} has more addresses than a run can fetch (${count}, or ${MAX_START_CHARACTERS / 1_000_000} MB of them)`,
    { hint: 'Split it between several configurations. Nothing was fetched.' },
  );
}

function describeProblem(text: string, source: string): { problem: string; hint: string } | undefined {
  if (text.length > MAX_URL_CHARACTERS)
    return {
      problem: `an address may have ${MAX_URL_CHARACTERS.toLocaleString('en-US')} characters, and this one has ${text.length.toLocaleString('en-US')}`,
      hint: 'Shorten it, or leave it out.',
    };
  const problem = findAddressProblem(text);
  if (problem === undefined) return undefined;
  return {
    problem: `${showEntry(text)} is ${problem.message.startsWith('not ') ? problem.message : `no address to fetch: ${problem.message}`}`,
    hint: `Write each address in full, such as https://shop.example/books. If this is another column, name the right one: field.${hintForParts(source)}`,
  };
}

/** For a file of numbers or names. */
function hintForParts(source: string): string {
  return ADDRESS_FILE_ENDINGS.some((ending) => source.toLowerCase().endsWith(ending))
    ? ` If these are parts of addresses, write a template: urls_from: {template: "https://shop.example/{id}", values: {id: ${source}}}.`
    : '';
}

/** What has the form of an address without its query: the file may be another one, which holds secrets. */
const ADDRESS_LIKE = /^(?:[a-z]+:\/{0,2})?(?:[a-z0-9-]{1,40}\.)+[a-z]{2,12}(?=[/:?#]|$)/i;

/** Returns an entry that is no address for a message: its scheme and host at most. */
function showEntry(text: string): string {
  const start = ADDRESS_LIKE.exec(text)?.[0];
  if (start === undefined) return `a text of ${pluralize(text.length, 'character')}`;
  return JSON.stringify(start.length === text.length ? start : `${start}…`);
}
