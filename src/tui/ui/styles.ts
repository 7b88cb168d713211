/**
 * One of the terminal's own 16 colours, which the user can set, or one of the 240 further colours, which are the same in
 * all terminals (xterm's palette, from 16).
 */
type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | `ansi256(${number})`;

/** The style of a text: properties of Ink's `Text`. No background is ever painted, except those of the selected row and of a table's titles. */
export interface Style {
  color?: Color;
  /** Inverse, it is the colour of the letters, and `color` that of their background. */
  backgroundColor?: Color;
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
  /** The lowest and the highest part of a chart's body, around the accent; without them all of it has the accent. */
  readonly body?: { readonly low: Color; readonly high: Color };
  readonly good: Color;
  readonly bad: Color;
  readonly warning: Color;
  readonly waiting: Color;
  readonly faint?: Color;
  /** Lines between columns: no text, so that they may be fainter than one. */
  readonly rule?: Color;
  /** The background of a table's titles; they have none where that of the terminal is not known. */
  readonly titles?: Color;
  /** The selected row: its background, and its letters. Without one, it has the terminal's own colours. */
  readonly bar?: { readonly color: Color; readonly backgroundColor: Color };
}

function stylesIn({ accent, body, good, bad, warning, waiting, faint, rule, titles, bar }: Colors) {
  return {
    plain: {},
    /** The sign before the selected row. */
    pointer: {},
    heading: { bold: true },
    faint: faint === undefined ? { dimColor: true } : { color: faint },
    rule: rule === undefined ? { dimColor: true } : { color: rule },
    /** Below the titles of a table, which keep their own colours. */
    titles: { bold: true, ...(titles !== undefined && { backgroundColor: titles }), ...titleLetters(bar) },
    accent: { color: accent },
    /** The body of a chart that begins at zero, by height. */
    bodyLow: { color: body?.low ?? accent },
    bodyMiddle: { color: accent },
    bodyHigh: { color: body?.high ?? accent },
    key: { color: accent, bold: true },
    /** The selected row of the active pane. */
    selected: { inverse: true, ...bar },
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

/** The letters of titles are those of the terminal's side: the bar of the selected row has them the other way round. */
function titleLetters(bar: Colors['bar']): Style {
  return bar === undefined ? {} : { color: bar.color };
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
    body: { low: 'ansi256(37)', high: 'ansi256(159)' },
    good: 'ansi256(114)',
    bad: 'ansi256(210)',
    warning: 'ansi256(221)',
    waiting: 'ansi256(111)',
    faint: 'ansi256(248)',
    rule: 'ansi256(241)',
    titles: 'ansi256(237)',
    bar: { color: 'ansi256(253)', backgroundColor: 'ansi256(16)' },
  }),
  light: stylesIn({
    accent: 'ansi256(24)',
    body: { low: 'ansi256(25)', high: 'ansi256(17)' },
    good: 'ansi256(22)',
    bad: 'ansi256(124)',
    warning: 'ansi256(58)',
    waiting: 'ansi256(55)',
    faint: 'ansi256(240)',
    rule: 'ansi256(249)',
    titles: 'ansi256(254)',
    bar: { color: 'ansi256(236)', backgroundColor: 'ansi256(231)' },
  }),
};

/** The terminal's default colour at full strength: nothing is dim; bold and underline replace colours. */
export const HIGH_CONTRAST: Styles = {
  plain: {},
  pointer: {},
  heading: { bold: true },
  faint: {},
  rule: {},
  titles: { bold: true },
  accent: {},
  bodyLow: {},
  bodyMiddle: {},
  bodyHigh: {},
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

/** Styles that say how something is: they keep their colours in the selected row. */
const STATES: readonly string[] = ['good', 'bad', 'warning', 'running', 'waiting'] satisfies (keyof Styles)[];

export function isStateStyle(name: keyof Styles): boolean {
  return STATES.includes(name);
}

/**
 * What a style adds to the selected row: the colour of a state, as on the opposite background, with a contrast of 4.5 or
 * more, and the faint colour of a line between columns. The pointer has the colour of the row, so that its cell is full.
 * Nothing where the row has the terminal's own colours, whose contrast is not known.
 */
export function styleOnBar(styles: Styles, name: keyof Styles): Style {
  const { selected } = styles;
  if (selected.backgroundColor === undefined || selected.color === undefined) return {};
  if (name === 'pointer') return { backgroundColor: selected.color };
  const { color } = STYLES_ON[styles === STYLES_ON.dark ? 'light' : 'dark'][name];
  return (isStateStyle(name) || name === 'rule') && color !== undefined ? { backgroundColor: color } : {};
}
