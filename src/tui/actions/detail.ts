import { detailHeight, detailRect, scrollDetail } from '../detail/detail-slice.ts';
import { selectedJob, selectRow } from '../state/jobs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Reading the detail of a job while its pane has the keys. */
export const detailActions: readonly Action[] = [
  scroll('down', 'Scroll the detail down', ['j', 'down'], () => 1),
  scroll('up', 'Scroll the detail up', ['k', 'up'], () => -1),
  scroll('page-down', 'Go a page down in the detail', ['ctrl+d', 'pagedown'], height),
  scroll('page-up', 'Go a page up in the detail', ['ctrl+u', 'pageup'], (state) => -height(state)),
  scroll('first', 'Go to the beginning of the detail', ['g g', 'home'], () => Number.NEGATIVE_INFINITY),
  scroll('last', 'Go to the end of the detail', ['G', 'end'], () => Number.POSITIVE_INFINITY),
  go('next-job', 'Show the next job', [']', 'right'], 1),
  go('previous-job', 'Show the previous job', ['[', 'left'], -1),
];

function height(state: State): number {
  const rect = detailRect(state);
  return rect === undefined ? 1 : detailHeight(rect);
}

function scroll(name: string, title: string, keys: readonly string[], by: (state: State) => number): Action {
  return {
    ...{ id: `detail.${name}`, title, group: 'Move', scope: 'jobs/side', keys },
    perform: (state) => {
      const row = selectedJob(state);
      return step(row === undefined ? state : scrollDetail(state, row, by(state)));
    },
  };
}

function go(name: string, title: string, keys: readonly string[], by: 1 | -1): Action {
  return {
    ...{ id: `detail.${name}`, title, group: 'Move', scope: 'jobs/side', keys },
    perform: (state) => step(selectRow(state, state.jobs.table.index + by)),
  };
}
