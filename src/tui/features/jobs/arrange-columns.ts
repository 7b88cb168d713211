import type { Action } from '../../kernel/action.ts';
import { columnActions } from '../../kernel/column-actions.ts';
import type { State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { type ColumnChange, NOT_ARRANGED, rearrange } from '../../ui/column-arrangement.ts';
import { clamp } from '../../ui/scroll.ts';
import { HISTORY_LEGEND } from './job-cells.ts';
import { type Column, orderedColumns } from './job-columns.ts';
import { shownColumns } from './reducer.ts';

const SPOKEN = 'A screen reader gets rows as sentences, without columns.';
const NO_COLUMN = '← and → choose a column first.';

/** The opposites have no part of their own, so that all fit on 80 columns. */
const FOOTER_WORDS: Readonly<Record<string, string>> = {
  'columns.wider': 'width',
  'columns.move-right': 'move',
  'columns.hide': 'hide',
  'columns.restore': 'reset',
};

const EXPLAIN_HISTORY: Action = {
  id: 'columns.explain-history',
  title: 'Explain HISTORY: a bar for the items of each run, ✗ failed, · skipped',
  synonyms: ['legend', 'signs', 'bars', 'runs'],
  group: 'View',
  scope: 'jobs/main',
  keys: [],
  available: ({ linear }) => (linear ? SPOKEN : true),
  perform: (state) => step(withNotice(state, 'info', HISTORY_LEGEND)),
};

/** Actions on the columns of the list. They change nothing in the home. */
export const jobColumnActions: readonly Action[] = [
  goTo('left', 'Go to the previous column', 'left', -1),
  goTo('right', 'Go to the next column', 'right', 1),
  EXPLAIN_HISTORY,
  ...columnActions({
    name: 'columns',
    scope: 'jobs/main',
    available: isColumnChosen,
    change: changeColumn,
  }).map(namedInFooter),
].map((action) => (action.id === 'columns.restore' ? { ...action, available: isArranged } : action));

/** While a column is under the cursor, the last line names what can be done with it. */
function namedInFooter(action: Action): Action {
  const word = FOOTER_WORDS[action.id];
  return { ...action, urgent: ({ jobs }) => (jobs.column === undefined ? undefined : word) };
}

/** The column under the cursor, while it is on the screen. */
export function chosenColumn(state: State): Column | undefined {
  const { column } = state.jobs;
  return column === undefined ? undefined : shownColumns(state).find(({ id }) => id === column);
}

function goTo(name: string, title: string, key: string, by: 1 | -1): Action {
  return {
    id: `columns.${name}`,
    title,
    synonyms: ['order', 'width', 'hide'],
    group: 'View',
    scope: 'jobs/main',
    keys: [key],
    available: ({ linear }) => (linear ? SPOKEN : true),
    perform: (state) => {
      const shown = shownColumns(state);
      const at = shown.findIndex(({ id }) => id === state.jobs.column);
      const first = by > 0 ? 0 : shown.length - 1;
      const to = at < 0 ? first : clamp(at + by, 0, shown.length - 1);
      const next: State = { ...state, jobs: { ...state.jobs, column: shown[to]?.id } };
      return step(shown[to]?.id === 'history' ? withNotice(next, 'info', HISTORY_LEGEND) : next);
    },
  };
}

function isColumnChosen(state: State): true | string {
  if (state.linear) return SPOKEN;
  return chosenColumn(state) === undefined ? NO_COLUMN : true;
}

function isArranged({ jobs: { arrangement } }: State): true | string {
  return arrangement === NOT_ARRANGED ? 'The columns are as they were.' : true;
}

function changeColumn(state: State, change: ColumnChange): Step {
  const { arrangement: before, column } = state.jobs;
  if (change.kind === 'hide' && column === 'job')
    return step(withNotice(state, 'info', 'The names of the jobs always stay.'));
  const shown = shownColumns(state).map(({ id, cells }) => ({ name: id, cells }));
  const all = orderedColumns(before);
  const { arrangement, cursor } = rearrange(before, { all, shown, cursor: column }, change);
  const next: State = { ...state, jobs: { ...state.jobs, arrangement, column: cursor } };
  // A column that has left the screen could not be made narrower again.
  if (change.kind === 'width' && chosenColumn(next) === undefined)
    return step(withNotice(state, 'info', 'There is no room for that: hide or narrow another column first.'));
  return step(change.kind === 'hide' ? withNotice(next, 'info', 'Hidden; = shows all columns again.') : next);
}
