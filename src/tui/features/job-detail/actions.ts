import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { scrollMoves } from '../../kernel/move-actions.ts';
import { step } from '../../kernel/step.ts';
import { selectedJob, selectRow } from '../jobs/reducer.ts';
import { detailHeight, detailRect, scrollDetail } from './reducer.ts';

/** Actions on the detail of a job while its pane has the focus. */
export const detailActions: readonly Action[] = [
  ...scrollMoves({
    name: 'detail',
    scope: 'jobs/side',
    what: 'the detail',
    height,
    scroll: (state, by) => {
      const row = selectedJob(state);
      return step(row === undefined ? state : scrollDetail(state, row, by));
    },
  }),
  go('next-job', 'Show the next job', [']', 'right'], 1),
  go('previous-job', 'Show the previous job', ['[', 'left'], -1),
];

function height(state: State): number {
  const rect = detailRect(state);
  return rect === undefined ? 1 : detailHeight(rect);
}

function go(name: string, title: string, keys: readonly string[], by: 1 | -1): Action {
  return {
    id: `detail.${name}`,
    title,
    group: 'Move',
    scope: 'jobs/side',
    keys,
    perform: (state) => step(selectRow(state, state.jobs.table.index + by)),
  };
}
