import { LOG_LEVELS, type LogLevel } from '../log/line.ts';
import { inLog, logOf, logView, openLog, typeInLog } from '../log/log-view.ts';
import { rowsOnScreen } from '../log/scroll.ts';
import type { LogEvent } from '../log/slice.ts';
import { neighbourRun, openOfJob, selectedRun } from '../runs/runs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';

import type { View } from '../state/view.ts';
import type { Action } from './action.ts';

const NO_SEARCH = 'Nothing is searched for; / begins.';

/** Actions on the log of a run. */
export const logActions: readonly Action[] = [
  {
    id: 'log.open',
    title: 'Show the log of the run',
    group: 'Run',
    scope: 'runs',
    keys: ['enter', 'l'],
    footer: 'log',
    available: (state) => (selectedRun(state) === undefined ? 'No run is selected.' : true),
    perform: (state) => {
      const run = selectedRun(state);
      return run === undefined
        ? step(state)
        : openOfJob(state, { name: 'log', jobId: run.job_id, runId: run.run_id });
    },
    command: (state) => {
      const run = selectedRun(state);
      return run === undefined ? undefined : `quickscrape job logs ${run.job_id} --run ${run.run_id}`;
    },
  },
  log('down', 'Scroll a line down', ['j', 'down'], { kind: 'scroll', rows: 1 }),
  log('up', 'Scroll a line up', ['k', 'up'], { kind: 'scroll', rows: -1 }),
  page('half-down', 'Scroll half a page down', ['ctrl+d'], 0.5),
  page('half-up', 'Scroll half a page up', ['ctrl+u'], -0.5),
  page('page-down', 'Scroll a page down', ['pagedown', 'space'], 1),
  page('page-up', 'Scroll a page up', ['pageup', 'b'], -1),
  log('start', 'Go to the beginning', ['g g', 'home'], { kind: 'start' }),
  log('end', 'Go to the end, and follow it', ['G', 'end'], { kind: 'bottom' }),
  { ...log('follow', 'Follow the end, or stop', ['F'], { kind: 'follow' }), footer: 'follow' },
  {
    ...log('search', 'Search the log', ['/'], { kind: 'search' }),
    group: 'Find',
    footer: 'search',
    perform: (state) => step(typeInLog(state, 'search')),
  },
  find('next', 'Go to the next place that was found', ['n'], 1),
  find('previous', 'Go to the place before that was found', ['N'], -1),
  {
    ...log('filter', 'Show only lines with a text (!text: without it)', ['&'], { kind: 'search' }),
    group: 'Find',
    footer: 'filter',
    perform: (state) => step(typeInLog(state, 'filter')),
  },
  {
    ...log('level', 'Hide what is less important: info, warnings, errors only', ['v'], { kind: 'search' }),
    group: 'Find',
    footer: 'level',
    perform: (state) => inLog(state, { kind: 'level', least: levelAfter(logOf(state).slice.filter.least) }),
  },
  { ...log('error', 'Go to the first error', ['e'], { kind: 'to_error' }), group: 'Find', footer: 'error' },
  { ...log('wrap', 'Break long lines, or not', ['w'], { kind: 'wrap' }), group: 'View', footer: 'wrap' },
  { ...log('times', 'Show the times, or not', ['t'], { kind: 'timestamps' }), group: 'View' },
  log('left', 'Scroll left', ['h', 'left'], { kind: 'sideways', cells: -8 }),
  log('right', 'Scroll right', ['l', 'right'], { kind: 'sideways', cells: 8 }),
  log('line-start', 'Scroll to the beginning of the lines', ['0'], { kind: 'sideways', cells: 0 }),
  otherRun('older', 'Show the log of the run before', ['['], 1),
  otherRun('newer', 'Show the log of the run after', [']'], -1),
  {
    ...log('copy', 'Copy the lines on the screen', ['y'], { kind: 'search' }),
    group: 'Run',
    perform: (state) => {
      const rows = rowsOnScreen(logOf(state).slice, logView(state)).filter(({ row }) => row === 0);
      const text = rows.map(({ line }) => line.text).join('\n');
      return step(state, { kind: 'copy', text, what: rows.length === 1 ? '1 line' : `${rows.length} lines` });
    },
  },
  {
    ...log('pager', 'Open the log in $PAGER', ['o'], { kind: 'search' }),
    group: 'Run',
    perform: (state) => {
      const open = openLog(state);
      return open === undefined
        ? step(state)
        : step(state, {
            kind: 'page_run',
            jobId: open.jobId,
            runId: open.runId,
            file: 'log',
            tag: 'log.pager',
          });
    },
  },
];

function log(name: string, title: string, keys: readonly string[], event: LogEvent): Action {
  return {
    id: `log.${name}`,
    title,
    group: 'Move',
    scope: 'log',
    keys,
    perform: (state) => inLog(state, event),
  };
}

function page(name: string, title: string, keys: readonly string[], pages: number): Action {
  const rows = (state: State) => Math.trunc(pages * Math.max(2, logView(state).rows - 1));
  return {
    ...log(name, title, keys, { kind: 'start' }),
    perform: (state) => inLog(state, { kind: 'scroll', rows: rows(state) }),
  };
}

function find(name: string, title: string, keys: readonly string[], direction: 1 | -1): Action {
  return {
    ...log(name, title, keys, { kind: 'hit', direction }),
    group: 'Find',
    available: (state) => (logOf(state).slice.search === undefined ? NO_SEARCH : true),
  };
}

function otherRun(name: string, title: string, keys: readonly string[], by: 1 | -1): Action {
  const other = (state: State) => {
    const open = openLog(state);
    return open && neighbourRun(state, open, by);
  };
  return {
    ...log(name, title, keys, { kind: 'start' }),
    group: 'Run',
    available: (state) => (other(state) === undefined ? 'There is no such run in the history.' : true),
    perform: (state) => {
      const run = other(state);
      if (run === undefined) return step(state);
      const view: View = { name: 'log', jobId: run.job_id, runId: run.run_id };
      return step({ ...state, views: [...state.views.slice(0, -1), view] });
    },
  };
}

function levelAfter(least: LogLevel): LogLevel {
  return LOG_LEVELS[(LOG_LEVELS.indexOf(least) + 1) % LOG_LEVELS.length] ?? 'debug';
}
