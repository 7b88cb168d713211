// biome-ignore lint/suspicious/noControlCharactersInRegex: it is ASCII that is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Text by which two writings of the same words are found alike: without regard to capitals, in every script, and to how
 * an accent is encoded.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // By way of the capitals, so that ß is ss and every sigma is the same, and of small letters before, for the capital ẞ;
  // once more composed after that, since they come apart.
  const small = text.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return small.replaceAll('ς', 'σ').normalize('NFC');
}
