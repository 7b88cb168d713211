/** What of the looks somebody can choose. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** `terminal`: the terminal's own sixteen colours; `high_contrast`: its own ink and paper, at full strength. */
export type ThemeName = (typeof THEMES)[number];

export const THEMES = ['terminal', 'high_contrast'] as const;

/** `terminal`: what the terminal can show; `ascii`: nothing but ASCII. */
export type SignSet = (typeof SIGN_SETS)[number];

export const SIGN_SETS = ['terminal', 'ascii'] as const;

/** One of the terminal's own 16 colours, or none: whatever the background, its owner has made them readable on it. */
type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** How a text is drawn; these are properties of Ink's `Text`. No background is ever painted. */
interface Style {
  color?: Color;
  bold?: true;
  dimColor?: true;
  inverse?: true;
  underline?: true;
}

const STYLES = {
  plain: {},
  heading: { bold: true },
  faint: { dimColor: true },
  accent: { color: 'cyan' },
  key: { color: 'cyan', bold: true },
  /** The selected row of the pane that has the keys. */
  selected: { inverse: true },
  /** The selected row of another pane. */
  marked: { bold: true },
  cursor: { inverse: true },
  found: { underline: true, bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warning: { color: 'yellow' },
  running: { color: 'cyan' },
  waiting: { color: 'blue' },
} satisfies Record<string, Style>;

export type StyleName = keyof typeof STYLES;

/** The same in the terminal's own ink at full strength: nothing dim, and in place of colours bold and underlined. */
const HIGH_CONTRAST: Readonly<Record<StyleName, Style>> = {
  ...{ plain: {}, heading: { bold: true }, faint: {}, accent: {}, key: { bold: true } },
  ...{ selected: { inverse: true, bold: true }, marked: { bold: true }, cursor: { inverse: true } },
  ...{ found: { underline: true, bold: true }, good: {}, bad: { bold: true, underline: true } },
  ...{ warning: { bold: true }, running: { bold: true }, waiting: {} },
};

/** Single characters that draw something, each one cell wide. */
const SIGNS = {
  /** Beside the selected row, for those who see no inverse. */
  pointer: '▌',
  mark: '◆',
  /** Beside a row that something just happened to. */
  pulse: '•',
  up: '▲',
  down: '▼',
  separator: '│',
  line: '─',
  more: '…',
  warning: '!',
  topLeft: '┌',
  topRight: '┐',
  bottomLeft: '└',
  bottomRight: '┘',
} as const;

type Sign = keyof typeof SIGNS;

/** What a screen reader says in place of a sign; of all others nothing. */
const SCREEN_READER_SIGNS: Readonly<Partial<Record<Sign, string>>> = {
  ...{ pointer: 'selected: ', mark: 'marked: ', pulse: 'changed: ', more: '…', warning: '!' },
};

export interface Theme {
  /** False: NO_COLOR, or the like. */
  readonly colors: boolean;
  /** False: `Text` puts ASCII in the place of whatever else we draw with (`src/tui/ui/text/ascii.ts`). */
  readonly unicode: boolean;
  /** A screen reader reads the screen: `Text` has words in place of what is drawn (`src/tui/ui/text/ascii.ts`). */
  readonly screenReader: boolean;
  style(name: StyleName): Style;
  sign(name: Sign): string;
}

export function makeTheme({
  colors,
  unicode,
  contrast = false,
  screenReader = false,
}: {
  colors: boolean;
  unicode: boolean;
  screenReader?: boolean;
  /** High contrast. */
  contrast?: boolean;
}): Theme {
  const styles: Readonly<Record<StyleName, Style>> = contrast ? HIGH_CONTRAST : STYLES;
  return {
    colors,
    unicode,
    screenReader,
    style: (name) => (colors ? styles[name] : withoutColor(styles[name])),
    sign: (name) => (screenReader ? (SCREEN_READER_SIGNS[name] ?? '') : SIGNS[name]),
  };
}

/** The theme as somebody likes it, as far as the terminal can show it. */
export function applyAppearance(
  { colors, unicode, screenReader }: Theme,
  { theme, signs }: Appearance,
): Theme {
  return makeTheme({
    ...{ colors, screenReader, unicode: unicode && signs !== 'ascii' },
    contrast: theme === 'high_contrast',
  });
}

/** Whether somebody hears the screen: the variable that programs drawn with Ink share. */
function isScreenReader(env: NodeJS.ProcessEnv): boolean {
  return env['INK_SCREEN_READER'] === 'true';
}

/** The theme that the environment asks for: NO_COLOR, a screen reader, the Linux console, other encodings than UTF-8. */
export function themeFor(env: NodeJS.ProcessEnv, { color }: { color: boolean }): Theme {
  const { NO_COLOR, FORCE_COLOR, TERM, QUICKSCRAPE_ASCII, LC_ALL, LC_CTYPE, LANG } = env as Record<
    string,
    string | undefined
  >;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  const ascii = Boolean(QUICKSCRAPE_ASCII) || TERM === 'linux' || /^(C|POSIX)$/.test(locale);
  const colors = color && !NO_COLOR && FORCE_COLOR !== '0';
  return makeTheme({ colors, unicode: !ascii, screenReader: isScreenReader(env) });
}

/** What colour said, bold says as well as it can. */
function withoutColor({ color, ...rest }: Style): Style {
  return color === 'red' ? { ...rest, bold: true } : rest;
}
