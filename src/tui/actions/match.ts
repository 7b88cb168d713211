/**
 * How well a text fits a query, less is better: `undefined` when the query's letters are not in it in this order. Words
 * as they stand come first, then letters that begin words, then letters anywhere.
 */
export function matchOf(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase().trim();
  const searched = text.toLowerCase();
  if (wanted === '') return 0;
  const words = wanted.split(/\s+/);
  if (words.every((word) => searched.includes(word)))
    return words.reduce((sum, word) => sum + placeOf(word, searched), 0);
  return scattered(wanted.replaceAll(/\s+/g, ''), searched);
}

/** At the beginning of a word it counts for more than within one. */
function placeOf(word: string, text: string): number {
  const atWord = ` ${text}`.indexOf(` ${word}`);
  return atWord >= 0 ? atWord : 100 + text.indexOf(word);
}

function scattered(letters: string, text: string): number | undefined {
  let from = 0;
  let gaps = 0;
  for (const letter of letters) {
    const at = text.indexOf(letter, from);
    if (at < 0) return undefined;
    gaps += at - from;
    from = at + 1;
  }
  return 1000 + gaps;
}
