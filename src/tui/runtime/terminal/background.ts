import type { Background } from '../../ui/styles.ts';

/** OSC 11 with a question mark: asks the terminal for the colour of its background. Terminals that cannot say stay silent. */
export const BACKGROUND_QUERY = '\u001b]11;?\u0007';

/** Red, green and blue, each from 0 to 1. */
type Rgb = readonly [number, number, number];

/**
 * Reads the terminal's answer to {@link BACKGROUND_QUERY}: `ESC ] 11 ; rgb:RRRR/GGGG/BBBB`, one to four digits a colour,
 * ended by BEL or ST. `undefined` for everything else.
 */
export function readBackground(sequence: string): Background | undefined {
  const digits = /\]11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(sequence)?.slice(1);
  if (digits === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = digits.map(
    (each) => Number.parseInt(each, 16) / (16 ** each.length - 1),
  );
  return backgroundOf([red, green, blue]);
}

/**
 * The background that COLORFGBG names (`15;0`, `0;default;15`): rxvt, Konsole and others set it. Colours 7 and 15 of the
 * palette are white.
 */
export function backgroundFrom({ COLORFGBG }: NodeJS.ProcessEnv): Background | undefined {
  const color = /;(\d{1,2})$/.exec(COLORFGBG ?? '')?.[1];
  if (color === undefined) return undefined;
  return color === '7' || color === '15' ? 'light' : 'dark';
}

/** A background is light where black has more contrast to it than white: WCAG 2.2, relative luminance and contrast ratio. */
function backgroundOf([red, green, blue]: Rgb): Background {
  const [r, g, b] = [red, green, blue].map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? 'light' : 'dark';
}
