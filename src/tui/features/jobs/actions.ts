import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { listMoves } from '../../kernel/move-actions.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { chosenColumn } from './arrange-columns.ts';
import {
  openFilterPrompt,
  STATE_TOGGLES,
  setFilterText,
  statesInGroup,
  toggleStates,
} from './filter/filter-prompt.ts';
import { SORTS, type TableState } from './model.ts';
import {
  clearNextFilter,
  jobsHeight,
  listedJobs,
  selectedJob,
  selectRow,
  withFilterPrompt,
  withSort,
  withTable,
} from './reducer.ts';
import { markRange, nextSort, toggleAll, toggleMark, toggleSort } from './table.ts';

/** Actions that move in the list of jobs, and others that change nothing. */
export const jobsActions: readonly Action[] = [
  ...listMoves({
    name: 'jobs',
    scope: 'jobs/main',
    row: 'job',
    index: ({ jobs }) => jobs.table.index,
    count: (state) => listedJobs(state).length,
    height: jobsHeight,
    select: (state, row) => step(selectRow(state, row)),
  }),
  {
    id: 'jobs.copy-id',
    title: 'Copy the job’s id',
    synonyms: ['clipboard', 'yank'],
    group: 'Job',
    scope: 'jobs',
    keys: ['y'],
    available: (state) => (selectedJob(state) === undefined ? 'No job is selected.' : true),
    perform: (state) => {
      const id = selectedJob(state)?.id ?? '';
      return step(state, { kind: 'copy', text: id, what: id });
    },
  },
];

/** Actions on the filter of the list. */
export const findActions: readonly Action[] = [
  {
    id: 'find.open',
    title: 'Filter the jobs: words, state:failed, tag:x, host:y, next<1h, !not',
    synonyms: ['search', 'find'],
    group: 'Find',
    scope: ['jobs', 'timeline'],
    keys: ['/'],
    footer: 'find',
    perform: (state) =>
      step({ ...withFilterPrompt(state, openFilterPrompt(state.jobs.filterPrompt)), pane: 'main' }),
  },
  {
    id: 'find.clear',
    title: 'Leave the column, clear the range, the marks, then the filter (Esc)',
    synonyms: ['unfilter'],
    group: 'Find',
    scope: 'jobs/main',
    // No key: Esc belongs to the view's rules, because it goes back when there is nothing to clear.
    keys: [],
    available: (state) => (clearNextFilter(state) === state ? 'There is nothing to clear.' : true),
    perform: (state) => step(clearNextFilter(state)),
  },
  ...STATE_TOGGLES.map(({ key, name }): Action => {
    const states = statesInGroup(name);
    return {
      id: `find.${name}`,
      title: `Show or hide jobs that are ${states.join(', ')}`,
      group: 'Find',
      scope: 'jobs',
      keys: [key],
      perform: (state) => {
        const { filterPrompt } = state.jobs;
        return step(
          withFilterPrompt(state, setFilterText(filterPrompt, toggleStates(filterPrompt.line.text, states))),
        );
      },
    };
  }),
];

/** Actions on the order of the list. */
export const sortActions: readonly Action[] = [
  {
    id: 'sort.open',
    title: 'Sort the jobs by …',
    synonyms: ['order', 'urgent', 'attention', 'priority', 'needs'],
    group: 'Find',
    scope: 'jobs',
    keys: ['s'],
    footer: 'sort',
    perform: (state) => {
      // Enter sorts by the column under the cursor.
      const sort = chosenColumn(state)?.sort ?? state.jobs.table.sort.by;
      const index = SORTS.findIndex(({ by }) => by === sort);
      return openDialog(state, { kind: 'sort', index });
    },
  },
  {
    id: 'sort.next',
    title: 'Sort by the next key of the sort menu',
    group: 'Find',
    scope: 'jobs',
    keys: ['.'],
    perform: (state) => step(withSort(state, nextSort(state.jobs.table.sort, 1))),
  },
  {
    id: 'sort.previous',
    title: 'Sort by the previous key of the sort menu',
    group: 'Find',
    scope: 'jobs',
    keys: [','],
    perform: (state) => step(withSort(state, nextSort(state.jobs.table.sort, -1))),
  },
  {
    id: 'sort.reverse',
    title: 'Reverse the sort order',
    group: 'Find',
    scope: 'jobs',
    keys: ['S'],
    perform: (state) => {
      const { sort } = state.jobs.table;
      return step(withSort(state, toggleSort(sort, sort.by)));
    },
  },
];

/** Actions on marks. Other actions apply to the marked jobs, or to the selected one when none is marked. */
export const markActions: readonly Action[] = [
  {
    id: 'marks.toggle',
    title: 'Mark or unmark the job',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['space'],
    footer: 'mark',
    available: hasJob,
    perform: (state) => {
      const { table } = state.jobs;
      const id = selectedJob(state)?.id;
      if (id === undefined) return step(state);
      const marked = withTable(state, { ...table, marks: toggleMark(table.marks, id) });
      return step(selectRow(marked, table.index + 1));
    },
  },
  {
    id: 'marks.range',
    title: 'Begin a range here; again: mark all up to here',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['v'],
    available: hasJob,
    perform: (state) => step(withTable(state, rangeAnchor(state.jobs.table))),
  },
  {
    id: 'marks.all',
    title: 'Mark or unmark all listed jobs',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['*'],
    available: hasJob,
    perform: (state) => {
      const { table } = state.jobs;
      return step(withTable(state, { ...table, marks: toggleAll(table.marks, table.rows) }));
    },
  },
];

function hasJob(state: State): true | string {
  return listedJobs(state).length > 0 ? true : 'No job is listed.';
}

function rangeAnchor(table: TableState): TableState {
  const { rows, rangeFrom, index, marks, selected } = table;
  if (rangeFrom === undefined) return { ...table, rangeFrom: selected };
  const from = rows.findIndex(({ id }) => id === rangeFrom);
  return { ...table, marks: markRange(marks, rows, from, index), rangeFrom: undefined };
}
