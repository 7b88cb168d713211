import type { Action } from '../../kernel/action.ts';
import { listMoves, scrollMoves } from '../../kernel/move-actions.ts';
import { openView, step } from '../../kernel/step.ts';
import { openListFilter } from '../../ui/list-filter.ts';
import { NO_TRASH } from './model.ts';
import {
  describeRestoreObstacle,
  listedTrashRows,
  restoreSelected,
  scrollTrashText,
  selectedTrash,
  selectTrash,
  trashHeight,
  trashTextHeight,
  withTrashFilter,
} from './reducer.ts';

/** Actions to open the trash and to restore from it. */
export const trashActions: readonly Action[] = [
  {
    id: 'trash.open',
    title: 'Show the trash, to restore from it',
    synonyms: ['trash', 'undelete', 'recover', 'bin', 'restore'],
    group: 'View',
    scope: ['jobs', 'configs'],
    keys: ['Z'],
    perform: (state) => openView({ ...state, trash: NO_TRASH }, { name: 'trash' }),
    command: () => 'quickscrape job restore',
  },
  ...listMoves({
    name: 'trash',
    scope: 'trash/main',
    row: 'one',
    index: ({ trash }) => trash.index,
    count: (state) => listedTrashRows(state).length,
    height: trashHeight,
    select: (state, row) => step(selectTrash(state, row)),
  }),
  ...scrollMoves({
    name: 'trash.text',
    scope: 'trash/side',
    what: 'the text',
    height: trashTextHeight,
    scroll: (state, by) => step(scrollTrashText(state, by)),
  }),
  {
    id: 'trash.filter',
    title: 'List only entries with these words in their name, description or author; !word: without it',
    group: 'Find',
    scope: 'trash',
    keys: ['/'],
    footer: 'find',
    perform: (state) => step({ ...withTrashFilter(state, openListFilter(state.trash.filter)), pane: 'main' }),
  },
  {
    id: 'trash.restore',
    title: 'Restore it',
    group: 'Job',
    scope: 'trash',
    keys: ['enter', 'r'],
    footer: 'restore',
    changes: true,
    available: (state) => describeRestoreObstacle(state) ?? true,
    perform: restoreSelected,
    command: (state) => {
      const row = selectedTrash(state);
      return row?.kind === 'job' ? `quickscrape job restore ${row.id}` : undefined;
    },
  },
];
