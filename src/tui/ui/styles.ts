/**
 * One of the terminal's own 16 colours, which the user can set, or one of the 240 further colours, which are the same in
 * all terminals (xterm's palette, from 16).
 */
type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | `ansi256(${number})`;

/** The style of a text: properties of Ink's `Text`. No background is ever painted. */
export interface Style {
  color?: Color;
  bold?: true;
  dimColor?: true;
  inverse?: true;
  underline?: true;
}

/** What the background of a terminal is. */
export type Background = 'dark' | 'light';

/** Colours of meaning; `faint` is grey, or absent where dimming makes it. */
interface Colors {
  readonly accent: Color;
  readonly good: Color;
  readonly bad: Color;
  readonly warning: Color;
  readonly waiting: Color;
  readonly faint?: Color;
}

function stylesIn({ accent, good, bad, warning, waiting, faint }: Colors) {
  return {
    plain: {},
    heading: { bold: true },
    faint: faint === undefined ? { dimColor: true } : { color: faint },
    accent: { color: accent },
    key: { color: accent, bold: true },
    /** The selected row of the active pane. */
    selected: { inverse: true },
    /** The selected row of another pane. */
    marked: { bold: true },
    cursor: { inverse: true },
    found: { underline: true, bold: true },
    good: { color: good },
    bad: { color: bad },
    warning: { color: warning },
    running: { color: accent },
    waiting: { color: waiting },
  } satisfies Record<string, Style>;
}

export type Styles = Readonly<Record<keyof ReturnType<typeof stylesIn>, Style>>;

/** The terminal's own colours, for a background that is not known, and for users who have made them readable. */
export const OWN_COLORS: Styles = stylesIn({
  accent: 'cyan',
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  waiting: 'blue',
});

/** The styles for a background: each text has a contrast of 4.5 or more (WCAG 2.2, 1.4.3) to the usual ones. */
export const STYLES_ON: Readonly<Record<Background, Styles>> = {
  dark: stylesIn({
    accent: 'ansi256(80)',
    good: 'ansi256(114)',
    bad: 'ansi256(210)',
    warning: 'ansi256(221)',
    waiting: 'ansi256(111)',
    faint: 'ansi256(248)',
  }),
  light: stylesIn({
    accent: 'ansi256(24)',
    good: 'ansi256(22)',
    bad: 'ansi256(124)',
    warning: 'ansi256(58)',
    waiting: 'ansi256(55)',
    faint: 'ansi256(240)',
  }),
};

/** The terminal's default colour at full strength: nothing is dim; bold and underline replace colours. */
export const HIGH_CONTRAST: Styles = {
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
