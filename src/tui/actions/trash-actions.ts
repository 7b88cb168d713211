import { openListFilter } from '../find/list-filter.ts';
import { step } from '../state/step.ts';
import { openView } from '../state/view.ts';
import {
  describeRestoreObstacle,
  listedTrashRows,
  NO_TRASH,
  restoreSelected,
  selectedTrash,
  selectTrash,
  trashHeight,
  withTrashFilter,
} from '../trash/trash-view.ts';
import type { Action } from './action.ts';
import { listMoves } from './list-moves.ts';

/** The way to what was deleted, and from there back. */
export const trashActions: readonly Action[] = [
  {
    id: 'trash.open',
    title: 'Show what was deleted, to bring it back',
    group: 'View',
    scope: ['jobs', 'configs'],
    keys: ['Z'],
    perform: (state) => openView({ ...state, trash: NO_TRASH }, { name: 'trash' }),
    command: () => 'quickscrape job restore',
  },
  ...listMoves({
    name: 'trash',
    scope: 'trash',
    row: 'one',
    index: ({ trash }) => trash.index,
    count: (state) => listedTrashRows(state).length,
    height: trashHeight,
    select: (state, row) => step(selectTrash(state, row)),
  }),
  {
    id: 'trash.filter',
    title: 'List only what has these words in its name, description or author; !word: without it',
    group: 'Find',
    scope: 'trash',
    keys: ['/'],
    footer: 'find',
    perform: (state) => step(withTrashFilter(state, openListFilter(state.trash.filter))),
  },
  {
    id: 'trash.restore',
    title: 'Bring it back',
    group: 'Job',
    scope: 'trash',
    keys: ['enter', 'r'],
    footer: 'bring back',
    changes: true,
    available: (state) => describeRestoreObstacle(state) ?? true,
    perform: restoreSelected,
    command: (state) => {
      const row = selectedTrash(state);
      return row?.kind === 'job' ? `quickscrape job restore ${row.id}` : undefined;
    },
  },
];
