import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { scrollMoves } from '../../kernel/move-actions.ts';
import { step } from '../../kernel/step.ts';
import { selectedJob, selectRow } from '../jobs/reducer.ts';
import { DETAIL_TABS, type DetailTab } from './model.ts';
import { detailHeight, detailRect, scrollDetail } from './reducer.ts';
import { neighbourTab, withTab } from './tabs.ts';

const TAB_TITLES: Readonly<Record<DetailTab, string>> = {
  why: 'why the job runs, waits or does not run',
  runs: 'the runs of the job',
  log: 'the last lines of its newest run',
  items: 'the first items of its newest run',
  config: 'its configuration',
  charts: 'the charts of its runs',
};

/** Actions on the detail of a job: its tabs, and the rest while its pane has the focus. */
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
  go('next-job', 'Show the next job', ['right'], 1),
  go('previous-job', 'Show the previous job', ['left'], -1),
  {
    ...tabAction('next-tab', 'Show the next tab of the detail', [']'], (tab) => neighbourTab(tab, 1)),
    footer: 'tabs',
    footerLast: true,
    urgent: ({ pane }) => (pane === 'side' ? 'next tab' : undefined),
  },
  tabAction('previous-tab', 'Show the previous tab of the detail', ['['], (tab) => neighbourTab(tab, -1)),
  ...DETAIL_TABS.map((tab) =>
    tabAction(`tab-${tab}`, `Show in the detail ${TAB_TITLES[tab]}`, [], () => tab),
  ),
];

function height(state: State): number {
  const rect = detailRect(state);
  return rect === undefined ? 1 : detailHeight(state, rect);
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

/** Shows a tab; where only the list is on the screen, in its place. */
function tabAction(
  name: string,
  title: string,
  keys: readonly string[],
  next: (tab: DetailTab) => DetailTab,
): Action {
  return {
    id: `detail.${name}`,
    title,
    group: 'View',
    scope: 'jobs',
    keys,
    perform: (state) => {
      const shown: State = detailRect(state) === undefined ? { ...state, pane: 'side' } : state;
      return step(withTab(shown, next(state.detailTab.tab)));
    },
  };
}
