import { distance } from 'fastest-levenshtein';
import { getText } from '../extract/select.ts';
import { getOwnText } from './dom-helpers.ts';
import { foldText, type PageText } from './page-text.ts';

const MAX_TEXTS = 20_000;
const MAX_LENGTH = 200;
const MAX_NEAREST = 3;
/** Texts that differ more are no help. */
const MIN_LIKENESS = 0.4;

/** The short texts of a page, to name those that are nearest to a text that is not on it. */
export class NearestTexts {
  readonly #texts = new Map<string, string>();

  constructor(text: PageText) {
    for (const element of text.elements) {
      if (this.#texts.size >= MAX_TEXTS) break;
      if (getOwnText(element) === '' || text.lengthOf(element) > MAX_LENGTH) continue;
      this.#add(getText(element));
      this.#add(element.attribs['title'] ?? '');
    }
  }

  #add(text: string): void {
    const shown = text.replaceAll(/\s+/g, ' ').trim();
    const folded = foldText(shown);
    if (folded !== '' && shown.length <= MAX_LENGTH && !this.#texts.has(folded))
      this.#texts.set(folded, shown);
  }

  /** Returns at most three texts, the nearest first: with the same number, the same words, or few other letters. */
  find(value: string): string[] {
    const wanted = foldText(value).slice(0, MAX_LENGTH);
    const number = getDigits(value);
    const words = splitIntoTerms(value);
    return [...this.#texts]
      .map(([folded, shown]) => ({ shown, likeness: compare({ wanted, number, words }, folded, shown) }))
      .filter(({ likeness }) => likeness >= MIN_LIKENESS)
      .sort((one, other) => other.likeness - one.likeness)
      .slice(0, MAX_NEAREST)
      .map(({ shown }) => shown);
  }
}

interface Wanted {
  wanted: string;
  number: string;
  words: ReadonlySet<string>;
}

function compare({ wanted, number, words }: Wanted, folded: string, shown: string): number {
  if (number !== '' && getDigits(shown) === number) return 0.9;
  const others = splitIntoTerms(shown);
  const common = [...words].filter((word) => others.has(word)).length;
  const byTerms = words.size === 0 ? 0 : (2 * common) / (words.size + others.size);
  const longest = Math.max(wanted.length, folded.length);
  // The distance is at least the difference of the lengths.
  if (Math.abs(wanted.length - folded.length) > longest * (1 - MIN_LIKENESS)) return byTerms;
  return Math.max(byTerms, 1 - distance(wanted, folded) / longest);
}

function getDigits(text: string): string {
  return text.replaceAll(/\D/g, '').replace(/^0+|0+$/g, '');
}

function splitIntoTerms(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []);
}
