import type { Action, Scope } from './action.ts';
import type { State, Step } from './model.ts';

/** A text longer than its pane, without a selected row. */
export interface Scrollable {
  /** The prefix of the actions' ids: `detail`, `config.side`. */
  name: string;
  scope: Scope;
  /** The name of the text: `the detail`. */
  what: string;
  /** The number of visible rows. */
  height(state: State): number;
  /** Scrolls down by `by` rows, or up if it is negative, within the text; `by` may be infinite. */
  scroll(state: State, by: number): Step;
  /** Space and b also move a page down and up, as in a pager. */
  isPager?: true;
  /** What else happens at its end, for the title of that action: `and follow it`. */
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

/** The actions that scroll: the same keys for every text. */
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
