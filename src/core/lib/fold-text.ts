// biome-ignore lint/suspicious/noControlCharactersInRegex: it is ASCII that is meant
const ASCII = /^[\x00-\x7f]*$/;

/** Folds a text for comparisons that ignore case, in every script, and the encoding of accents. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // Upper case makes ß and ss, and every form of sigma, equal. Lower case before it handles the capital ẞ. The result
  // is composed again, because these steps decompose some characters.
  const small = text.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return small.replaceAll('ς', 'σ').normalize('NFC');
}
