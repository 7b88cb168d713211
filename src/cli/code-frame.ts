import { cutToWidth, visibleText } from './visible-text.ts';

const WIDEST = 100;

/**
 * The line of a text that something is said about, with a mark below the place; nothing where there is no such line.
 * @param line from 1
 * @param column from 1
 */
export function codeFrame(text: string, line: number | undefined, column = 1): string[] {
  const written = line === undefined ? undefined : text.split(/\r?\n/)[line - 1];
  if (written === undefined || written.trim() === '' || column > WIDEST) return [];
  const number = String(line);
  return [
    `${number} | ${cutToWidth(visibleText(written), WIDEST)}`,
    `${' '.repeat(number.length)} | ${' '.repeat(column - 1)}^`,
  ];
}
