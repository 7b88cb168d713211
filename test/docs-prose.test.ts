import { describe, expect, it } from 'vitest';
import { PAGES, pageText } from './docs-pages.ts';

/** Nine of ten sentences have at most so many words (docs/contributing/prose.md). */
const MAX_WORDS = 25;
/** Of a single page; some explain what needs a longer sentence. */
const MAX_WORDS_OF_PAGE = 28;

/** Words that this project used for too many things, or in a sense of its own. */
const BANNED = [
  'carr(?:y|ies|ied) out',
  'call(?:s|ed)? off',
  'look(?:s|ed|ing)? after',
  'passed over',
  'under way',
  'mend(?:s|ed)?',
  'for good',
  'so many',
  'faces?',
  'trials?',
  'remed(?:y|ies)',
  'happenings?',
  'whoever',
].map((word) => new RegExp(`\\b(?:${word})\\b`, 'gi'));

/** A sentence that begins with "what" or "who" and ends with a full stop. "What happens when …" is fine. */
const HEADLESS =
  /(?:^|[.:|]\s|^\s*[-*] )(?:(?:What|Who) (?!happens\b)|Whoever |Those who )[a-z](?:(?!\n\n|:\n)[^.?!|])*[.]/gm;

/** Pages that show what not to write. */
const SHOWS_BANNED = 'docs/contributing/prose.md';
const OWN_PAGES = PAGES.filter((page) => page !== SHOWS_BANNED);

/** What people wrote: no generated parts, no code. Links lose their address, code becomes a word. */
function prose(page: string): string {
  return pageText(page)
    .replaceAll(/<!-- From here on written by [\s\S]*$/g, '')
    .replaceAll(/<!-- Written by [\s\S]*?<!-- End of what is written -->/g, '')
    .replaceAll(/```[\s\S]*?```/g, '')
    .replaceAll(/^(?: {4}|\t).*$/gm, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/`[^`]*`/g, 'code');
}

/** A cell of a table, a point of a list and a title end a sentence. */
function lengths(page: string): number[] {
  return prose(page)
    .split(/\n\s*\n|\n\s*(?=[-*#>|]|\d+\. )|[|]|[.?!](?=\s)/)
    .map((text) => text.trim())
    .filter((text) => /[a-z]/i.test(text))
    .map((text) => text.split(/\s+/).length);
}

/** The length that nine of ten sentences do not pass. */
function p90(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.ceil(all.length * 0.9) - 1] ?? 0;
}

describe('the prose of the documentation', () => {
  it('has at most 25 words in nine of ten sentences', () => {
    expect(p90(OWN_PAGES.flatMap(lengths))).toBeLessThanOrEqual(MAX_WORDS);
  });

  it.each(OWN_PAGES)('%s has sentences that are read once', (page) => {
    expect(p90(lengths(page))).toBeLessThanOrEqual(MAX_WORDS_OF_PAGE);
  });

  it.each(OWN_PAGES)('%s uses the words of the glossary', (page) => {
    const found = BANNED.flatMap((word) => prose(page).match(word) ?? []);
    expect(found).toEqual([]);
  });

  it.each(OWN_PAGES)('%s has sentences with a subject', (page) => {
    expect(prose(page).match(HEADLESS) ?? []).toEqual([]);
  });
});
