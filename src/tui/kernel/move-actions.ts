import type { Action, Scope } from './action.ts';
import type { State, Step } from './model.ts';

/** A list with one selected row. */
interface SelectableList {
  /** The prefix of the actions' ids: `jobs`. */
  name: string;
  scope: Scope;
  /** The name of a row: `job`. */
  row: string;
  /** The selected row, from 0. */
  index(state: State): number;
  /** The number of rows. */
  count(state: State): number;
  /** The number of visible rows. */
  height(state: State): number;
  /** Selects a row; a value out of range selects the first or the last one. */
  select(state: State, row: number): Step;
  /** Space also moves a page down, if it has no other function. */
  hasSpace?: true;
}

type Target = (at: { index: number; last: number; height: number }) => number;

const MOVES: readonly {
  name: string;
  title: (row: string) => string;
  keys: readonly string[];
  to: Target;
}[] = [
  {
    name: 'down',
    title: (row) => `Select the next ${row}`,
    keys: ['j', 'down'],
    to: ({ index }) => index + 1,
  },
  {
    name: 'up',
    title: (row) => `Select the previous ${row}`,
    keys: ['k', 'up'],
    to: ({ index }) => index - 1,
  },
  {
    name: 'half-down',
    title: () => 'Go half a page down',
    keys: ['ctrl+d'],
    to: ({ index, height }) => index + half(height),
  },
  {
    name: 'half-up',
    title: () => 'Go half a page up',
    keys: ['ctrl+u'],
    to: ({ index, height }) => index - half(height),
  },
  {
    name: 'page-down',
    title: () => 'Go a page down',
    keys: ['pagedown'],
    to: ({ index, height }) => index + height,
  },
  {
    name: 'page-up',
    title: () => 'Go a page up',
    keys: ['pageup'],
    to: ({ index, height }) => index - height,
  },
  { name: 'first', title: (row) => `Go to the first ${row}`, keys: ['g g', 'home'], to: () => 0 },
  { name: 'last', title: (row) => `Go to the last ${row}`, keys: ['G', 'end'], to: ({ last }) => last },
];

/** The actions that move in a list: the same keys in each. */
export function listMoves({
  name,
  scope,
  row,
  index,
  count,
  height,
  select,
  hasSpace,
}: SelectableList): readonly Action[] {
  return MOVES.map((move) => ({
    id: `${name}.${move.name}`,
    title: move.title(row),
    group: 'Move',
    scope,
    keys: hasSpace && move.name === 'page-down' ? [...move.keys, 'space'] : move.keys,
    perform: (state) => {
      const to = move.to({ index: index(state), last: count(state) - 1, height: height(state) });
      return select(state, to);
    },
  }));
}

function half(height: number): number {
  return Math.max(1, Math.floor(height / 2));
}

/** A text longer than its pane, without a selected row. */
interface Scrollable {
  /** The prefix of the actions' ids: `detail`, `config.side`. */
  name: string;
  scope: Scope | readonly Scope[];
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
