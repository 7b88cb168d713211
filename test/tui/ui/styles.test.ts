import { describe, expect, it } from 'vitest';
import { readBackground } from '../../../src/tui/runtime/terminal/background.ts';
import {
  HIGH_CONTRAST,
  isStateStyle,
  OWN_COLORS,
  STYLES_ON,
  type Styles,
  styleOnBar,
} from '../../../src/tui/ui/styles.ts';

/** Backgrounds of terminals as they are delivered, and of themes that many people use. */
const BACKGROUNDS = {
  'xterm, black': '000000',
  'xterm, white': 'ffffff',
  'VS Code, dark': '1e1e1e',
  'VS Code, dark modern': '1f1f1f',
  'VS Code, light': 'ffffff',
  'GNOME Terminal, dark': '171421',
  'Ubuntu’s terminal': '300a24',
  'Windows Terminal': '0c0c0c',
  'PowerShell, blue': '012456',
  'macOS, Basic dark': '1e1e1e',
  'Solarized dark': '002b36',
  'Solarized light': 'fdf6e3',
  'Gruvbox dark': '282828',
  'Gruvbox light': 'fbf1c7',
  Nord: '2e3440',
  Dracula: '282a36',
  'One Dark': '282c34',
  'One Light': 'fafafa',
  'Catppuccin Latte': 'eff1f5',
  'Catppuccin Mocha': '1e1e2e',
  'Tokyo Night': '1a1b26',
  'Tokyo Night Day': 'e1e2e7',
  'GitHub light': 'f6f8fa',
};

type Rgb = readonly [number, number, number];

const ofHex = (hex: string) =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** xterm's palette of 256 colours: a cube of six steps from 16, and 24 greys from 232. */
function ofPalette(index: number): Rgb {
  if (index >= 232) return Array(3).fill(8 + (index - 232) * 10) as unknown as Rgb;
  const step = (by: number) => {
    const at = Math.floor((index - 16) / by) % 6;
    return at === 0 ? 0 : 55 + at * 40;
  };
  return [step(36), step(6), step(1)];
}

const indexOf = (color = '') => Number(/^ansi256\((\d+)\)$/.exec(color)?.[1]);

/** WCAG 2.2: relative luminance, and the contrast ratio of two colours. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(Object.entries(BACKGROUNDS))('on the background of %s', (_, hex) => {
  const [r, g, b] = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  const background = readBackground(`\u001b]11;rgb:${r}/${g}/${b}\u0007`);
  const styles = STYLES_ON[background ?? 'dark'];

  it.each(Object.entries(styles))('the style %s has a contrast of 4.5 or more', (_name, style) => {
    expect(background).toBeDefined();
    // Without a colour, a text has that of the terminal, which its user can read.
    expect(style).not.toHaveProperty('dimColor');
    // A line between columns is no text.
    if (style.color === undefined || style === styles.rule) return;
    const index = indexOf(style.color);
    expect(index).toBeGreaterThanOrEqual(16);
    expect(contrast(ofPalette(index), ofHex(hex))).toBeGreaterThanOrEqual(4.5);
  });
});

it.each(['dark', 'light'] as const)('titles are readable on their bar on a %s background', (background) => {
  const { titles, bad, warning } = STYLES_ON[background];
  for (const { color } of [titles, bad, warning])
    expect(
      contrast(ofPalette(indexOf(color)), ofPalette(indexOf(titles.backgroundColor))),
    ).toBeGreaterThanOrEqual(4.5);
  // On a background that is not known, none is painted.
  expect(OWN_COLORS.titles).toEqual({ bold: true });
});

it('in high contrast every text has the terminal’s own colour, at full strength', () => {
  for (const style of Object.values(HIGH_CONTRAST)) {
    expect(style).not.toHaveProperty('color');
    expect(style).not.toHaveProperty('dimColor');
  }
});

it.each(['dark', 'light'] as const)(
  'the body of a chart has three colours on a %s background',
  (background) => {
    const colorsIn = ({ bodyLow, bodyMiddle, bodyHigh }: Styles) =>
      [bodyLow, bodyMiddle, bodyHigh].map(({ color }) => color);
    expect(new Set(colorsIn(STYLES_ON[background])).size).toBe(3);
    // Sixteen colours have no shades of one.
    expect(colorsIn(OWN_COLORS)).toEqual(['cyan', 'cyan', 'cyan']);
  },
);

it.each(['dark', 'light'] as const)('states differ by their colour on a %s background', (background) => {
  const { good, bad, warning, running, waiting } = STYLES_ON[background];
  expect(new Set([good, bad, warning, running, waiting].map(({ color }) => color)).size).toBe(5);
});

describe.each(['dark', 'light'] as const)('the selected row on a %s background', (background) => {
  const styles = STYLES_ON[background];
  const { selected } = styles;
  const names = Object.keys(styles) as (keyof typeof styles)[];

  it.each(names.filter((name) => name === 'plain' || isStateStyle(name)))(
    'shows %s with a contrast of 4.5 or more to its bar',
    (name) => {
      const letters = styleOnBar(styles, name).backgroundColor ?? selected.backgroundColor;
      expect(selected.inverse).toBe(true);
      const [one, other] = [letters, selected.color].map((color) => ofPalette(indexOf(color)));
      expect(contrast(one as Rgb, other as Rgb)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('tells a failure from a success by its colour, and fills the cell of the pointer', () => {
    expect(styleOnBar(styles, 'bad')).not.toEqual(styleOnBar(styles, 'good'));
    expect(styleOnBar(styles, 'pointer').backgroundColor).toBe(selected.color);
    expect(styleOnBar(OWN_COLORS, 'bad')).toEqual({});
    expect(styleOnBar(HIGH_CONTRAST, 'pointer')).toEqual({});
  });
});
