import type { Action, Scope } from './action.ts';
import type { State, Step } from './model.ts';

/** Something longer than its pane, of which no row is selected. */
export interface Scrollable {
  /** What the actions' ids begin with: `detail`, `config.side`. */
  name: string;
  scope: Scope;
  /** What it is called: `the detail`. */
  what: string;
  /** How many rows are seen at once. */
  height(state: State): number;
  /** Scrolls down by so many rows, up when they are fewer than none, as far as there is more; perhaps by infinitely many. */
  scroll(state: State, by: number): Step;
  /** Space and b go a page down and up as well, as in a pager. */
  isPager?: true;
  /** What is done at its end, for the title of going there: `and follow it`. */
  atEnd?: string;
}

const SCROLLS: readonly {
  name: string;
  title: (what: string) => string;
  keys: readonly string[];
  by: (height: number) => number;
}[] = [
  { name: 'down', title: (what) => `Scroll ${what} down`, keys: ['j', 'down'], by: () => 1 },
  { name: 'up', title: (what) => `Scroll ${what} up`, keys: ['k', 'up'], by: () => -1 },
  {
    name: 'half-down',
    title: (what) => `Scroll ${what} half a page down`,
    keys: ['ctrl+d'],
    by: (height) => Math.ceil(height / 2),
  },
  {
    name: 'half-up',
    title: (what) => `Scroll ${what} half a page up`,
    keys: ['ctrl+u'],
    by: (height) => -Math.ceil(height / 2),
  },
  {
    name: 'page-down',
    title: (what) => `Scroll ${what} a page down`,
    keys: ['pagedown'],
    by: (height) => height,
  },
  { name: 'page-up', title: (what) => `Scroll ${what} a page up`, keys: ['pageup'], by: (height) => -height },
  {
    name: 'first',
    title: (what) => `Go to the beginning of ${what}`,
    keys: ['g g', 'home'],
    by: () => Number.NEGATIVE_INFINITY,
  },
  {
    name: 'last',
    title: (what) => `Go to the end of ${what}`,
    keys: ['G', 'end'],
    by: () => Number.POSITIVE_INFINITY,
  },
];

const PAGER_KEYS: Readonly<Record<string, readonly string[]>> = { 'page-down': ['space'], 'page-up': ['b'] };

/** The actions that scroll: the same keys wherever something is scrolled. */
export function scrollMoves({
  name,
  scope,
  what,
  height,
  scroll,
  isPager,
  atEnd,
}: Scrollable): readonly Action[] {
  return SCROLLS.map((move) => ({
    id: `${name}.${move.name}`,
    title: move.name === 'last' && atEnd !== undefined ? `${move.title(what)}, ${atEnd}` : move.title(what),
    group: 'Move',
    scope,
    keys: isPager ? [...move.keys, ...(PAGER_KEYS[move.name] ?? [])] : move.keys,
    perform: (state) => scroll(state, move.by(height(state))),
  }));
}
