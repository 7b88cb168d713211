import { sanitizeText, truncateToWidth } from '../../core/lib/terminal-text.ts';

const MAX_WIDTH = 100;

/** The password of an address, and the value of a key that is named so, unless a variable takes its place. */
const PASSWORD_PATTERNS = [
  /(?<=:\/\/[^\s/?#@:]*:)(?!\$\{)[^\s/?#@]+(?=@)/gi,
  /(?<=\bpassword["']?\s*:\s*")(?!\$\{)[^"]+/gi,
  /(?<=\bpassword["']?\s*:\s*')(?!\$\{)[^']+/gi,
  /(?<=\bpassword["']?\s*:\s*)(?!\$\{)[^\s"',{}#][^,{}]*/gi,
];

/**
 * The line of a text that something is said about, with a mark below the place; nothing where there is no such line.
 * Passwords are not shown: what is printed may be kept by whoever runs the command.
 * @param line from 1
 * @param column from 1
 */
export function codeFrame(text: string, line: number | undefined, column = 1): string[] {
  const written = line === undefined ? undefined : text.split(/\r?\n/)[line - 1];
  if (written === undefined || written.trim() === '' || column > MAX_WIDTH) return [];
  const number = String(line);
  // As long as it is, so that the mark stays below its place.
  const shown = PASSWORD_PATTERNS.reduce(
    (before, pattern) => before.replaceAll(pattern, (password) => '*'.repeat(password.length)),
    written,
  );
  return [
    `${number} | ${truncateToWidth(sanitizeText(shown), MAX_WIDTH)}`,
    `${' '.repeat(number.length)} | ${' '.repeat(column - 1)}^`,
  ];
}
