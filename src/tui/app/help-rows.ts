import { type Action, availability, GROUPS, scopesOf } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { reachableActions, workingKeys } from './actions.ts';

/** A line of the help: a group's name, actions with their keys, or a remark. Enter runs the chosen action of a line. */
export type HelpRow =
  | { kind: 'group'; group: string }
  | {
      kind: 'action';
      actions: readonly Action[];
      title: string;
      keys: string;
      /** The first of the actions that is available now, or the first of all. */
      chosen: Action;
      /** Why it is not available. */
      reason: string | undefined;
    }
  | { kind: 'note'; keys: string; text: string; chosen: Action | undefined };

type Keyed = Extract<HelpRow, { kind: 'action' }>;

/** A line that can be selected. */
export type HelpLine = Exclude<HelpRow, { kind: 'group' }>;

/** The width of the keys, with the pointer before them and a blank after them. */
export const KEY_CELLS = 16;

const FREQUENT = 'Most used';
const BY_NAME = 'Without a key';
const EVERYWHERE = 'Everywhere';
const SECTIONS: readonly string[] = [
  FREQUENT,
  ...GROUPS.filter((group) => group !== 'Move'),
  'Move',
  EVERYWHERE,
  BY_NAME,
];

/** What people do most, in this order. What else has a word in the footer follows. */
const ORDER_OF_USE: readonly string[] = [
  'log.open',
  'items.open',
  'items.compare',
  'runs.retry',
  'runs.cancel',
  'runs.attempts',
  'runs.open',
  'jobs.run',
  'jobs.log',
  'configs.repair',
  'form.edit',
  'form.new',
  'find.open',
  'jobs.cancel',
  'jobs.retry',
  'sort.open',
  'marks.toggle',
  'charts.open',
  'timeline.open',
  'configs.open',
  'jobs.delete',
  'log.search',
  'log.filter',
  'log.level',
  'log.error',
  'log.follow',
  'items.whole',
  'items.filter',
  'items.sort',
  'items.mode',
  'items.find',
  'items.write',
  'timeline.enter',
  'timeline.now',
  'timeline.span',
  'configs.enter',
  'configs.edit',
  'configs.test',
  'configs.new',
  'form.new-of-config',
];

/**
 * The actions of the active scopes: first what is used most in this view, then its other actions by group, movement, and
 * what works in every view. A query keeps only lines with all its words in title, keys or group. Actions without a key
 * are listed only for a query; without one, the last line counts them.
 */
export function helpRows(state: State, query: string): readonly HelpRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const palette = reachableActions(state).find(({ id }) => id === 'palette.open');
  const byName = paletteKey(state, palette);
  const keyed = new Map(reachableActions(state).map((action) => [action, workingKeys(state, action)]));
  const rows = together([...keyed.keys()]).flatMap((actions) => {
    const keys = joinKeys(actions.map((action) => (keyed.get(action) ?? []).map(helpKey)));
    const chosen = actions.find((action) => availability(action, state) === true) ?? actions[0];
    if (chosen === undefined) return [];
    const available = availability(chosen, state);
    const row: Keyed = {
      kind: 'action',
      actions,
      title: titleOf(actions),
      keys: keys === '' ? byName : keys,
      chosen,
      reason: available === true ? undefined : available,
    };
    return [{ row, section: keys === '' ? BY_NAME : sectionOf(actions) }];
  });
  const found = rows.filter(({ row: { actions, title, keys }, section }) => {
    const groups = actions.map(({ group, title: own }) => `${group} ${own}`).join(' ');
    const text = `${title} ${groups} ${section} ${keys}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return SECTIONS.flatMap((section): HelpRow[] => {
    const own = found.flatMap(({ row, section: of }) => (of === section ? [row] : []));
    if (own.length === 0) return [];
    if (section === BY_NAME && words.length === 0) {
      const text = `${own.length} more actions: find them by name`;
      return [{ kind: 'note', keys: byName, text, chosen: palette }];
    }
    return [{ kind: 'group', group: section }, ...(section === FREQUENT ? sortByUse(own) : own)];
  });
}

/** The lines that can be selected: all but the names of groups. */
export function helpLines(state: State, query: string): readonly HelpLine[] {
  return helpRows(state, query).flatMap((row) => (row.kind === 'group' ? [] : [row]));
}

function sectionOf(actions: readonly Action[]): string {
  const [first] = actions;
  if (first === undefined || scopesOf(first).includes('everywhere')) return EVERYWHERE;
  if (first.group === 'Move' || first.group === 'Your own') return first.group;
  const isMuchUsed = actions.some(({ id, footer }) => ORDER_OF_USE.includes(id) || footer !== undefined);
  return isMuchUsed ? FREQUENT : first.group;
}

/** Enter does what is meant most, so it comes first. */
function sortByUse(rows: readonly Keyed[]): readonly Keyed[] {
  const rankOf = ({ actions, keys }: Keyed) => {
    const at = ORDER_OF_USE.indexOf(actions[0]?.id ?? '');
    if (keys.startsWith('Enter')) return -1;
    return at < 0 ? ORDER_OF_USE.length : at;
  };
  return [...rows].sort((one, other) => rankOf(one) - rankOf(other));
}

/** The ends of ids of two actions that are one line: they do the same in two directions. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['down', 'up'],
  ['half-down', 'half-up'],
  ['page-down', 'page-up'],
  ['first', 'last'],
  ['left', 'right'],
  ['wider', 'narrower'],
  ['move-left', 'move-right'],
  ['next-tab', 'previous-tab'],
  ['zoom-in', 'zoom-out'],
  ['next', 'previous'],
  ['older', 'newer'],
  ['hour-back', 'hour-on'],
  ['day-back', 'day-on'],
  ['next-event', 'previous-event'],
  ['far-next', 'far-previous'],
  ['hide', 'restore'],
];

/** Other actions that are one line, with its title. */
const FAMILIES: readonly { ids: readonly string[]; title: string }[] = [
  {
    ids: ['find.bad', 'find.active', 'find.ok', 'find.new', 'find.disabled'],
    title: 'Show or hide jobs by state: failed, active, ok, new, disabled',
  },
  {
    ids: ['sort.next', 'sort.previous', 'sort.reverse'],
    title: 'Sort by another column, or reverse',
  },
  { ids: ['marks.range', 'marks.all'], title: 'Mark a range, or all listed jobs' },
  { ids: ['detail.next-tab', 'detail.previous-tab'], title: 'Show the next or previous tab' },
  { ids: ['jobs.undo', 'jobs.redo'], title: 'Undo the last change made here, or redo' },
  { ids: ['program.quit', 'program.suspend'], title: 'Quit, or go to the shell (fg comes back)' },
];

/** The actions as lines: those that belong together are one. */
function together(actions: readonly Action[]): readonly (readonly Action[])[] {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const groups = actions.map((action) => {
    const ids = relativesOf(action.id);
    return ids.flatMap((id) => byId.get(id) ?? []);
  });
  // A line stands where the first of its actions does.
  return groups.filter((group, at) => group[0] === actions[at]);
}

/** The ids of the actions of the line with this one. */
function relativesOf(id: string): readonly string[] {
  const family = FAMILIES.find(({ ids }) => ids.includes(id));
  if (family !== undefined) return family.ids;
  const dot = id.indexOf('.');
  const [feature, name] = [id.slice(0, dot), id.slice(dot + 1)];
  const pair = PAIRS.find((each) => each.includes(name));
  return pair === undefined ? [id] : pair.map((each) => `${feature}.${each}`);
}

/** As {@link formatKey}, but a key that is pressed twice stands as one: among other keys, `g g` would be two. */
function helpKey(key: string): string {
  return formatKey(key).replace(/^(\S) \1$/, '$1$1');
}

/**
 * `j, ↓` and `k, ↑` become `j, k, ↓, ↑`; of many keys, only the first of each action is shown. Beside a comma that is a
 * key, `or` separates.
 */
function joinKeys(keys: readonly (readonly string[])[]): string {
  const [first = []] = keys;
  if (keys.length === 1) return first.join(', ');
  const all = Array.from({ length: Math.max(...keys.map(({ length }) => length)) }, (_, at) =>
    keys.flatMap((each) => each[at] ?? []),
  );
  const whole = all.flat().join(', ');
  const shown = whole.length < KEY_CELLS - 1 ? all.flat() : (all[0] ?? []);
  return shown.join(shown.includes(',') ? ' or ' : ', ');
}

/** `Select the next job` and `Select the previous job` become `Select the next or previous job`. */
function titleOf(actions: readonly Action[]): string {
  const [one, other] = actions;
  if (one === undefined) return '';
  if (other === undefined) return one.title;
  const family = FAMILIES.find(({ ids }) => ids.includes(one.id));
  if (family !== undefined) return family.title;
  const [first, second] = [one.title.split(' '), other.title.split(' ')];
  const before = sharedStart(first, second);
  const after = sharedStart(first.slice(before).reverse(), second.slice(before).reverse());
  const alternative = second.slice(before, second.length - after).join(' ');
  const words = [
    ...first.slice(0, first.length - after),
    'or',
    before === 0 ? alternative.charAt(0).toLowerCase() + alternative.slice(1) : alternative,
    ...first.slice(first.length - after),
  ];
  return words.join(' ');
}

function sharedStart(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((word, index) => word !== other[index]);
  return at < 0 ? one.length : at;
}

/** How to reach an action without a key: `: by name`. */
function paletteKey(state: State, palette: Action | undefined): string {
  const [key] = palette === undefined ? [] : workingKeys(state, palette);
  return key === undefined ? '' : `${formatKey(key)} by name`;
}
