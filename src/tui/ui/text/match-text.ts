/**
 * Scores from here on are looser matches: first letters that begin words or follow each other, then letters anywhere.
 */
const ABBREVIATED = 100_000;
const SCATTERED = 200_000;
/** A match in the secondary text ranks below any match in the first. */
const SECONDARY_PENALTY = 500;

/**
 * How well a text and its secondary text match a query; lower is better, `undefined` for no match. Complete words rank
 * first: at the start of the text, then at the start of a word, then within one. Then come abbreviations (`swm` for
 * `Switch the mouse`), then letters in the same order anywhere.
 *
 * @param synonyms other search words: a complete one ranks above all else, the beginning of one nearly as high as a
 *   word of the text
 */
export function fuzzyScore(
  query: string,
  text: string,
  secondary = '',
  synonyms: readonly string[] = [],
): number | undefined {
  const wanted = query.toLowerCase().trim();
  if (wanted === '') return 0;
  const [first, second] = [text.toLowerCase(), secondary.toLowerCase()];
  let sum = 0;
  for (const word of wanted.split(/\s+/)) {
    const scores = [synonymScore(word, synonyms), wordScore(word, first), secondaryScore(word, second)];
    const found = scores.filter((score) => score !== undefined);
    if (found.length === 0) return looseScore(wanted.replaceAll(/\s+/g, ''), `${first} ${second}`);
    sum += Math.min(...found);
  }
  return sum;
}

/** The kind of match behind a score of {@link fuzzyScore}: words, an abbreviation, or scattered letters. */
export function matchKind(score: number): 'words' | 'abbreviated' | 'scattered' {
  if (score < ABBREVIATED) return 'words';
  return score < SCATTERED ? 'abbreviated' : 'scattered';
}

/**
 * The matching items, the best first and equal ones in their order. Looser kinds count only if there is no closer
 * match.
 */
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

/** Where the words of a query stand in a text, as `[start, end)` in order; words that are not in it are left out. */
export function foundRanges(query: string, text: string): readonly (readonly [number, number])[] {
  const lower = text.toLowerCase();
  const words = new Set(query.toLowerCase().split(/\s+/).filter(Boolean));
  const found = [...words].flatMap((word): [number, number][] => {
    const at = startOf(word, lower);
    return at < 0 ? [] : [[at, at + word.length]];
  });
  found.sort(([one], [other]) => one - other);
  // Of words that overlap, the first is enough.
  return found.filter(([start], index) => start >= (found[index - 1]?.[1] ?? 0));
}

/** The synonym that stands for a word of the query that is not in the text, if there is one. */
export function matchedSynonym(query: string, text: string, synonyms: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  const missing = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !lower.includes(word));
  const found = missing.flatMap((word) => {
    if (synonyms.includes(word)) return [word];
    return word.length < MIN_SYNONYM_START ? [] : synonyms.filter((synonym) => synonym.startsWith(word));
  });
  return found[0];
}

/** Where the letters of an abbreviation stand in a text, as {@link foundRanges}; none if it is not one of this text. */
export function abbreviationRanges(query: string, text: string): readonly (readonly [number, number])[] {
  const lower = text.toLowerCase();
  const letters = query.toLowerCase().replaceAll(/\s+/g, '');
  const failed = new Set<string>();
  const placesFrom = (index: number, from: number): number[] | undefined => {
    if (index === letters.length) return [];
    if (failed.has(`${index} ${from}`)) return undefined;
    for (let at = from; at < lower.length; at += 1) {
      if (lower[at] !== letters[index] || (at !== from && !isWordStart(lower, at))) continue;
      const rest = placesFrom(index + 1, at + 1);
      if (rest !== undefined) return [at, ...rest];
    }
    failed.add(`${index} ${from}`);
    return undefined;
  };
  const ranges: [number, number][] = [];
  for (const at of placesFrom(0, 0) ?? []) {
    const last = ranges.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else ranges.push([at, at + 1]);
  }
  return ranges;
}

/** The first place of a word at the start of a word of the text, or else within one; -1 for none. */
function startOf(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWordStart(text, at)) return at;
  return text.indexOf(word);
}

/** Fewer letters begin too many words. */
const MIN_SYNONYM_START = 3;

/** Matches a complete synonym, or its first letters. */
function synonymScore(word: string, synonyms: readonly string[]): number | undefined {
  if (synonyms.includes(word)) return -1;
  const at = word.length < MIN_SYNONYM_START ? -1 : synonyms.findIndex((synonym) => synonym.startsWith(word));
  return at < 0 ? undefined : SECONDARY_PENALTY / 4 + at;
}

/** A match at the start of a word ranks above one within a word. */
function wordScore(word: string, text: string): number | undefined {
  const at = startOf(word, text);
  if (at < 0) return undefined;
  return isWordStart(text, at) ? at : SECONDARY_PENALTY / 2 + at;
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

/**
 * The earliest end of a match of these letters in this order. With `atWordStarts`, each gap must lead to the start of a
 * word.
 */
function matchEnd(letters: string, text: string, atWordStarts: boolean): number | undefined {
  // The possible ends of the letters so far; a gap before the first letter also leads to the start of a word.
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
