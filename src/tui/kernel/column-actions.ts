import type { ColumnChange } from '../ui/column-arrangement.ts';
import type { Action, Scope } from './action.ts';
import type { State, Step } from './model.ts';

/** A table whose columns the user arranges. */
interface ArrangeableTable {
  /** The prefix of the actions' ids: `items`. */
  name: string;
  scope: Scope;
  /** Whether a column is under the cursor, or why there is none. */
  available(state: State): true | string;
  change(state: State, change: ColumnChange): Step;
}

const CHANGES: readonly {
  name: string;
  title: string;
  key: string;
  change: ColumnChange;
  synonyms?: readonly string[];
}[] = [
  { name: 'wider', title: 'Make the column wider', key: '>', change: { kind: 'width', by: 4 } },
  { name: 'narrower', title: 'Make the column narrower', key: '<', change: { kind: 'width', by: -4 } },
  { name: 'move-left', title: 'Move the column to the left', key: '{', change: { kind: 'move', by: -1 } },
  { name: 'move-right', title: 'Move the column to the right', key: '}', change: { kind: 'move', by: 1 } },
  { name: 'hide', title: 'Hide the column', key: '-', change: { kind: 'hide' } },
  {
    name: 'restore',
    title: 'Reset the columns: show all of them again, as they were',
    key: '=',
    change: { kind: 'restore' },
    synonyms: ['unhide', 'default', 'order', 'width'],
  },
];

/** The actions that arrange columns: the same keys in each table. */
export function columnActions({ name, scope, available, change }: ArrangeableTable): readonly Action[] {
  return CHANGES.map(({ name: of, title, key, change: made, synonyms }) => ({
    id: `${name}.${of}`,
    title,
    group: 'View',
    scope,
    keys: [key],
    available,
    perform: (state) => change(state, made),
    ...(synonyms !== undefined && { synonyms }),
  }));
}
