/** The parts of the appearance that a user can choose. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** `terminal`: the terminal's own 16 colours; `high_contrast`: the terminal's default colours at full strength. */
export type ThemeName = (typeof THEMES)[number];

export const THEMES = ['terminal', 'high_contrast'] as const;

/** `terminal`: all characters that the terminal can show; `ascii`: only ASCII. */
export type SignSet = (typeof SIGN_SETS)[number];

export const SIGN_SETS = ['terminal', 'ascii'] as const;

/** One of the terminal's own 16 colours, or none. The user has made these readable on any background. */
type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** The style of a text: properties of Ink's `Text`. No background is ever painted. */
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
  /** The selected row of the active pane. */
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

/** The same in the terminal's default colour at full strength: nothing is dim; bold and underline replace colours. */
const HIGH_CONTRAST: Readonly<Record<StyleName, Style>> = {
  plain: {},
  heading: { bold: true },
  faint: {},
  accent: {},
  key: { bold: true },
  selected: { inverse: true, bold: true },
  marked: { bold: true },
  cursor: { inverse: true },
  found: { underline: true, bold: true },
  good: {},
  bad: { bold: true, underline: true },
  warning: { bold: true },
  running: { bold: true },
  waiting: {},
};

/** Single drawing characters, each one cell wide. */
const SIGNS = {
  /** Beside the selected row, for users who cannot see the inverse colours. */
  pointer: '▌',
  mark: '◆',
  /** Beside a row that has just changed. */
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

/** Replacements of signs for a screen reader; all other signs are dropped. */
const SCREEN_READER_SIGNS: Readonly<Partial<Record<Sign, string>>> = {
  pointer: 'selected: ',
  mark: 'marked: ',
  pulse: 'changed: ',
  more: '…',
  warning: '!',
};

export interface Theme {
  /** False with NO_COLOR or a similar setting. */
  readonly colors: boolean;
  /** False: `Text` replaces all other drawing characters by ASCII (`src/tui/ui/text/ascii.ts`). */
  readonly unicode: boolean;
  /** False: the terminal's fonts have no Braille, so charts are drawn in bars. */
  readonly braille: boolean;
  /** A screen reader is used: `Text` replaces drawing characters by words (`src/tui/ui/text/ascii.ts`). */
  readonly screenReader: boolean;
  style(name: StyleName): Style;
  sign(name: Sign): string;
}

export function makeTheme({
  colors,
  unicode,
  braille = unicode,
  contrast = false,
  screenReader = false,
}: {
  colors: boolean;
  unicode: boolean;
  braille?: boolean;
  screenReader?: boolean;
  /** High contrast. */
  contrast?: boolean;
}): Theme {
  const styles: Readonly<Record<StyleName, Style>> = contrast ? HIGH_CONTRAST : STYLES;
  return {
    colors,
    unicode,
    braille,
    screenReader,
    style: (name) => (colors ? styles[name] : withoutColor(styles[name])),
    sign: (name) => (screenReader ? (SCREEN_READER_SIGNS[name] ?? '') : SIGNS[name]),
  };
}

/** Returns the theme for the user's settings, as far as the terminal supports it. */
export function applyAppearance(
  { colors, unicode, braille, screenReader }: Theme,
  { theme, signs }: Appearance,
): Theme {
  return makeTheme({
    colors,
    screenReader,
    braille,
    unicode: unicode && signs !== 'ascii',
    contrast: theme === 'high_contrast',
  });
}

/** Whether a screen reader is used, according to the variable that Ink programs share. */
function isScreenReader(env: NodeJS.ProcessEnv): boolean {
  return env['INK_SCREEN_READER'] === 'true';
}

/** Returns the theme for the environment: NO_COLOR, a screen reader, the Linux console, encodings other than UTF-8. */
export function themeFor(env: NodeJS.ProcessEnv, { color }: { color: boolean }): Theme {
  const { NO_COLOR, FORCE_COLOR, TERM, QUICKSCRAPE_ASCII, LC_ALL, LC_CTYPE, LANG } = env as Record<
    string,
    string | undefined
  >;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  const ascii = Boolean(QUICKSCRAPE_ASCII) || TERM === 'linux' || /^(C|POSIX)$/.test(locale);
  const colors = color && !NO_COLOR && FORCE_COLOR !== '0';
  const braille = !ascii && !isWindowsConsole(env);
  return makeTheme({ colors, unicode: !ascii, braille, screenReader: isScreenReader(env) });
}

/** Whether this is WSL in the old console of Windows, whose fonts have bars and no Braille. */
function isWindowsConsole(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['WSL_DISTRO_NAME']) && !env['WT_SESSION'] && !env['TERM_PROGRAM'];
}

/** Replaces colour by bold. */
function withoutColor({ color, ...rest }: Style): Style {
  return color === 'red' ? { ...rest, bold: true } : rest;
}
