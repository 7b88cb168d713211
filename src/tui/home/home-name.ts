import { sep } from 'node:path';
import { splitGraphemes } from '../../core/lib/display-width.ts';
import { cleanLine } from '../ui/text/clean.ts';
import { textWidth, truncate } from '../ui/text/fit.ts';

/** Formats a home's folder: `~/.quickscrape` when it lies in the user's folder. */
export function homeName(home: string, userFolder: string): string {
  const isInside = userFolder !== sep && home.startsWith(`${userFolder}${sep}`);
  return cleanLine(isInside ? `~${home.slice(userFolder.length)}` : home);
}

/** Shortens the name of a home to at most `cells`. It keeps the end, because that is where homes differ. */
export function shortHomeName(name: string, cells: number): string {
  if (textWidth(name) <= cells) return name;
  const letters = [...splitGraphemes(name)].map(({ segment }) => segment);
  while (letters.length > 0 && textWidth(letters.join('')) > cells - 1) letters.shift();
  return truncate(`…${letters.join('')}`, cells);
}

/** `QuickScrape ~/.quickscrape [read-only]` */
export function programTitle({ homeName: name, readOnly }: { homeName: string; readOnly: boolean }): string {
  return `QuickScrape ${name}${readOnly ? ` ${READ_ONLY}` : ''}`;
}

/** Marks a dashboard that cannot change anything. */
export const READ_ONLY = '[read-only]';
