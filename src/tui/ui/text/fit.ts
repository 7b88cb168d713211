import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';

export const textWidth = displayWidth;
export const truncate = truncateToWidth;

/** Cuts and pads a text to exactly `cells`. */
export function fitTo(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const short = truncate(text, cells);
  const blank = ' '.repeat(Math.max(0, cells - textWidth(short)));
  return align === 'right' ? blank + short : short + blank;
}
