/** Scores from here on are of looser kinds: letters that begin words or go on in them, then letters anywhere. */
const ABBREVIATED = 100_000;
const SCATTERED = 200_000;
/** What stands in the second text counts for less than anything in the first. */
const SECONDARY_PENALTY = 500;

/**
 * How well a text, and another one that says more of the same, fit a query; less is better, `undefined` when they do not.
 * Words as they stand come first, those at the beginning and then those at the beginning of a word before the others;
 * then abbreviations (`swm` of `Switch the mouse`), then letters that are in the text in this order.
 *
 * @param synonyms other words for the same: one that was typed in full is better than all else, its beginning nearly as
 * good as that of a word of the text
 */
export function fuzzyScore(query: string, text: string, secondary = '', synonyms = ''): number | undefined {
  const wanted = query.toLowerCase().trim();
  if (wanted === '') return 0;
  const [first, second] = [text.toLowerCase(), secondary.toLowerCase()];
  const others = synonyms === '' ? [] : synonyms.split(' ');
  let sum = 0;
  for (const word of wanted.split(/\s+/)) {
    const score = synonymScore(word, others) ?? wordScore(word, first) ?? secondaryScore(word, second);
    if (score === undefined) return looseScore(wanted.replaceAll(/\s+/g, ''), `${first} ${second}`);
    sum += score;
  }
  return sum;
}

/** How close a score of {@link fuzzyScore} is: words as they stand, abbreviations, or letters here and there. */
export function matchKind(score: number): 'words' | 'abbreviated' | 'scattered' {
  if (score < ABBREVIATED) return 'words';
  return score < SCATTERED ? 'abbreviated' : 'scattered';
}

/** Those that fit, the closest first and equal ones in their order: of the loose kinds only where there is no closer one. */
export function bestMatches<T>(items: readonly T[], scoreOf: (item: T) => number | undefined): T[] {
  const found = items.flatMap((item) => {
    const score = scoreOf(item);
    return score === undefined ? [] : [{ item, score }];
  });
  const best = Math.min(...found.map(({ score }) => score));
  const end = [ABBREVIATED, SCATTERED].find((band) => best < band) ?? Number.POSITIVE_INFINITY;
  return found
    .filter(({ score }) => score < end)
    .sort((a, b) => a.score - b.score)
    .map(({ item }) => item);
}

/** As typed in full, or its first letters; one or two of those begin too many words to mean one of these. */
function synonymScore(word: string, synonyms: readonly string[]): number | undefined {
  if (synonyms.includes(word)) return -1;
  const at = word.length < 3 ? -1 : synonyms.findIndex((synonym) => synonym.startsWith(word));
  return at < 0 ? undefined : SECONDARY_PENALTY / 4 + at;
}

/** At the beginning of a word it counts for more than within one. */
function wordScore(word: string, text: string): number | undefined {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWordStart(text, at)) return at;
  const within = text.indexOf(word);
  return within < 0 ? undefined : SECONDARY_PENALTY / 2 + within;
}

function secondaryScore(word: string, text: string): number | undefined {
  const score = wordScore(word, text);
  return score === undefined ? undefined : SECONDARY_PENALTY + score;
}

function looseScore(letters: string, text: string): number | undefined {
  const end = matchEnd(letters, text, true);
  if (end !== undefined) return ABBREVIATED + end;
  const anywhere = matchEnd(letters, text, false);
  return anywhere === undefined ? undefined : SCATTERED + anywhere;
}

/** Where letters that follow each other in a text may end, at the earliest; a gap leads to the beginning of a word. */
function matchEnd(letters: string, text: string, atWordStarts: boolean): number | undefined {
  // Where the letters so far may have ended; a gap before the first leads to a word, too.
  let ends: readonly number[] = [-1];
  for (const letter of letters) {
    const [first = text.length] = ends;
    const next: number[] = [];
    for (let at = Math.max(0, first); at < text.length; at += 1) {
      if (!text.startsWith(letter, at)) continue;
      if (!atWordStarts || ends.includes(at) || isWordStart(text, at)) next.push(at + letter.length);
    }
    if (next.length === 0) return undefined;
    ends = next;
  }
  return ends[0];
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}
