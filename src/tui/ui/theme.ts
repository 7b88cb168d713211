import {
  type Background,
  HIGH_CONTRAST,
  OWN_COLORS,
  STYLES_ON,
  type Style,
  type Styles,
  styleOnBar,
} from './styles.ts';

/** The parts of the appearance that a user can choose. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/**
 * `automatic`: colours that are readable on the terminal's background, or its own ones where that is not known;
 * `terminal`: the terminal's own 16 colours; `high_contrast`: the terminal's default colour at full strength.
 */
export type ThemeName = (typeof THEMES)[number];

export const THEMES = ['automatic', 'terminal', 'high_contrast'] as const;

/** `terminal`: all characters that the terminal can show; `ascii`: only ASCII. */
export type SignSet = (typeof SIGN_SETS)[number];

export const SIGN_SETS = ['terminal', 'ascii'] as const;

export type StyleName = keyof Styles;

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
  /** In the frame of a box that has more rows than are in sight: where these are. */
  thumb: '█',
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
  /** The terminal has 256 colours. */
  readonly manyColors: boolean;
  /** False: `Text` replaces all other drawing characters by ASCII (`src/tui/ui/text/ascii.ts`). */
  readonly unicode: boolean;
  /** False: the terminal's fonts have no Braille, so charts are drawn in bars. */
  readonly braille: boolean;
  /** A screen reader is used: `Text` replaces drawing characters by words (`src/tui/ui/text/ascii.ts`). */
  readonly screenReader: boolean;
  style(name: StyleName): Style;
  /** What a style adds to that of the selected row. */
  onBar(name: StyleName): Style;
  sign(name: Sign): string;
}

export function makeTheme({
  colors,
  manyColors = false,
  unicode,
  braille = unicode,
  styles = OWN_COLORS,
  screenReader = false,
}: {
  colors: boolean;
  manyColors?: boolean;
  unicode: boolean;
  braille?: boolean;
  screenReader?: boolean;
  styles?: Styles;
}): Theme {
  return {
    colors,
    manyColors,
    unicode,
    braille,
    screenReader,
    style: (name) => (colors ? styles[name] : withoutColor(styles[name])),
    onBar: (name) => (colors ? styleOnBar(styles, name) : {}),
    sign: (name) => (screenReader ? (SCREEN_READER_SIGNS[name] ?? '') : SIGNS[name]),
  };
}

/**
 * Returns the theme for the user's settings, as far as the terminal supports it.
 * @param background of the terminal, if it is known
 */
export function applyAppearance(
  { colors, manyColors, unicode, braille, screenReader }: Theme,
  { theme, signs }: Appearance,
  background?: Background,
): Theme {
  return makeTheme({
    colors,
    manyColors,
    screenReader,
    braille,
    unicode: unicode && signs !== 'ascii',
    styles: stylesOf(theme, manyColors ? background : undefined),
  });
}

/**
 * Returns the theme of what stands behind an open dialog: all of it is grey, and its selected row is bold. The same
 * theme where grey is not a colour of its own: without colours, with the terminal's 16, and in high contrast.
 */
export function themeBehindDialog(theme: Theme): Theme {
  const { color } = theme.style('faint');
  if (color === undefined) return theme;
  const faint: Style = { color };
  const selected: Style = { color, bold: true };
  return {
    ...theme,
    style: (name) => (theme.style(name).inverse ? selected : name === 'rule' ? theme.style(name) : faint),
    onBar: () => ({}),
  };
}

function stylesOf(theme: ThemeName, background: Background | undefined): Styles {
  if (theme === 'high_contrast') return HIGH_CONTRAST;
  return theme === 'terminal' || background === undefined ? OWN_COLORS : STYLES_ON[background];
}

/** Whether a screen reader is used, according to the variable that Ink programs share. */
function isScreenReader(env: NodeJS.ProcessEnv): boolean {
  return env['INK_SCREEN_READER'] === 'true';
}

/** Returns the theme for the environment: NO_COLOR, a screen reader, the Linux console, encodings other than UTF-8. */
export function themeFor(env: NodeJS.ProcessEnv, { color }: { color: boolean }): Theme {
  const { NO_COLOR, FORCE_COLOR, COLORTERM, TERM, QUICKSCRAPE_ASCII, LC_ALL, LC_CTYPE, LANG } = env as Record<
    string,
    string | undefined
  >;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  const ascii = Boolean(QUICKSCRAPE_ASCII) || TERM === 'linux' || /^(C|POSIX)$/.test(locale);
  const colors = color && !NO_COLOR && FORCE_COLOR !== '0';
  const braille = !ascii && !isWindowsConsole(env);
  const manyColors = /256|direct|kitty|alacritty|ghostty/.test(TERM ?? '') || Boolean(COLORTERM);
  return makeTheme({ colors, manyColors, unicode: !ascii, braille, screenReader: isScreenReader(env) });
}

/** Whether this is WSL in the old console of Windows, whose fonts have bars and no Braille. */
function isWindowsConsole(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['WSL_DISTRO_NAME']) && !env['WT_SESSION'] && !env['TERM_PROGRAM'];
}

/** Replaces colour by bold. */
function withoutColor({ color, backgroundColor: _, ...rest }: Style): Style {
  return color === 'red' ? { ...rest, bold: true } : rest;
}
