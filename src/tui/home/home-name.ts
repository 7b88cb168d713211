import { sep } from 'node:path';
import { splitGraphemes } from '../../core/lib/graphemes.ts';
import { cleanLine } from '../ui/text/clean.ts';
import { textWidth, truncate } from '../ui/text/fit.ts';

/** A home's folder as people write it: `~/.quickscrape` where it lies in the folder of the user. */
export function homeName(home: string, userFolder: string): string {
  const isInside = userFolder !== sep && home.startsWith(`${userFolder}${sep}`);
  return cleanLine(isInside ? `~${home.slice(userFolder.length)}` : home);
}

/** The name of a home in at most `cells`: its end, since homes differ there. */
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

/** How the dashboard says that nothing can be changed from it. */
export const READ_ONLY = '[read-only]';
