/** A text, a comment, or a comma that may be one too many; what is not closed goes to the end. */
const PARTS = /"(?:[^"\\]|\\.)*(?:"|$)|\/\/[^\n]*|\/\*.*?(?:\*\/|$)|<!--.*?(?:-->|$)|,/gs;
const FOLLOWED_BY_END = /^\s*[}\]]/;

/**
 * Returns JSON that was written by hand into a page as it was meant: without comments, without a comma before a closing
 * bracket or a semicolon at the end, and with line ends in texts as `\n`. Other mistakes stay.
 */
export function repairJson(text: string): string {
  const bare = text.replaceAll(PARTS, (part) =>
    part.startsWith('"') ? repairText(part) : part === ',' ? part : ' ',
  );
  return bare
    .replaceAll(PARTS, (part, at: number) =>
      part === ',' && FOLLOWED_BY_END.test(bare.slice(at + 1, at + 1_000)) ? '' : part,
    )
    .replace(/;\s*$/, '');
}

/** JSON has no control characters in texts, and no `\'`. */
function repairText(text: string): string {
  return text
    .replaceAll(/\\./gs, (pair) => (pair === "\\'" ? "'" : pair))
    .replaceAll(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what pages have
      /[\u0000-\u001F]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
