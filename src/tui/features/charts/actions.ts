import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { scrollMoves } from '../../kernel/move-actions.ts';
import { currentView, step } from '../../kernel/step.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { switchMedians } from './read-medians.ts';
import { chartsRect, openCharts, scrollCharts } from './reducer.ts';

// Not `g` alone: it begins `g g`, and a chord has no time limit after which its beginning would count.
const KEYS = ['g c'];
const SYNONYMS = ['graph', 'plot', 'curve', 'statistics', 'trend', 'load'];

/** Actions on the charts. */
export const chartsActions: readonly Action[] = [
  {
    id: 'charts.open',
    title: 'Show the charts of the job: items, duration, success, bytes',
    synonyms: SYNONYMS,
    group: 'Job',
    scope: ['jobs', 'runs'],
    keys: KEYS,
    footer: 'charts',
    perform: (state) => openCharts(state, jobInView(state)),
    command: (state) => `quickscrape job chart ${jobInView(state) ?? '<job>'}`,
  },
  {
    id: 'charts.home',
    title: 'Show the charts of the home: runs at once, failures, load by host',
    synonyms: SYNONYMS,
    group: 'View',
    scope: ['timeline', 'workers', 'charts'],
    keys: KEYS,
    footer: 'charts of all jobs',
    footerLast: true,
    perform: (state) => openCharts(state, undefined),
    command: () => 'quickscrape report --days 1',
  },
  {
    id: 'charts.medians',
    title: 'Draw the medians of the fields, or no longer',
    synonyms: ['values', 'price', 'column', 'curve'],
    group: 'View',
    scope: ['charts'],
    keys: ['f'],
    footer: 'fields',
    perform: switchMedians,
    command: (state) => `quickscrape job chart ${jobInView(state) ?? '<job>'} --fields`,
  },
  {
    id: 'charts.bars',
    title: 'Change between Braille and bars',
    synonyms: ['blocks', 'dots'],
    group: 'View',
    scope: ['charts', 'home_charts'],
    keys: ['b'],
    footer: 'bars',
    available: ({ linear, appearance }) =>
      linear || appearance.signs === 'ascii' ? 'The charts have neither here.' : true,
    perform: (state) => step({ ...state, charts: { ...state.charts, hasBars: !state.charts.hasBars } }),
  },
  ...scrollMoves({
    name: 'charts',
    scope: 'charts',
    what: 'the charts',
    height,
    scroll: (state, by) => step(scrollCharts(state, by)),
  }),
  ...scrollMoves({
    name: 'home-charts',
    scope: 'home_charts',
    what: 'the charts',
    height,
    scroll: (state, by) => step(scrollCharts(state, by)),
  }),
];

function height(state: State): number {
  return chartsRect(state).rows;
}

/** The job whose charts are opened; `undefined` for those of the home. */
function jobInView(state: State): string | undefined {
  const view = currentView(state);
  return view.name === 'runs' || view.name === 'charts' ? view.jobId : selectedJob(state)?.id;
}
