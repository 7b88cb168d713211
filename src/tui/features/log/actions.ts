import { pluralize } from '../../../core/lib/text.ts';
import type { Action, Scope } from '../../kernel/action.ts';
import type { State, Step, View } from '../../kernel/model.ts';
import { scrollMoves } from '../../kernel/move-actions.ts';
import { step } from '../../kernel/step.ts';
import { neighbourRun, openJobView, selectedRun, selectRun, whyNoRun } from '../runs/reducer.ts';
import { rowsOnScreen } from './log-rows.ts';
import { LOG_LEVELS, type LogEvent, type LogLevel } from './model.ts';
import {
  currentLog,
  dispatchToLog,
  logView,
  openLog,
  openLogInput,
  shownLog,
  toggleWrap,
} from './reducer.ts';

const NO_SEARCH = 'There is no search; / starts one.';

/** The log has the same keys beside the runs as in a view of its own. */
const LOG_SCOPES: readonly Scope[] = ['log', 'runs/side'];

/** Actions on the log of a run. */
export const logActions: readonly Action[] = [
  {
    id: 'log.open',
    title: 'Show the log of the run',
    synonyms: ['output', 'tail'],
    group: 'Run',
    scope: 'runs/main',
    keys: ['enter', 'l'],
    footer: 'log',
    urgent: () => 'log',
    available: (state) => (selectedRun(state) === undefined ? whyNoRun(state) : true),
    perform: (state) => {
      const run = selectedRun(state);
      return run === undefined
        ? step(state)
        : openJobView(state, { name: 'log', jobId: run.job_id, runId: run.run_id });
    },
    command: (state) => {
      const run = selectedRun(state);
      return run === undefined ? undefined : `quickscrape job logs ${run.job_id} --run ${run.run_id}`;
    },
  },
  ...scrollMoves({
    name: 'log',
    scope: LOG_SCOPES,
    what: 'the log',
    isPager: true,
    atEnd: 'and follow it',
    // A page starts with the last line of the previous one.
    height: (state) => Math.max(1, logView(state).rows - 1),
    scroll: (state, by) => dispatchToLog(state, scrollBy(by)),
  }),
  { ...log('follow', 'Follow the end, or stop following', ['F'], { kind: 'follow' }), footer: 'follow' },
  {
    ...log('search', 'Search the log', ['/'], (state) => step(openLogInput(state, 'search'))),
    group: 'Find',
    footer: 'search',
  },
  find('next', 'Go to the next match', ['n'], 1),
  find('previous', 'Go to the previous match', ['N'], -1),
  {
    ...log('filter', 'Show only lines with a text (!text: without it)', ['&'], (state) =>
      step(openLogInput(state, 'filter')),
    ),
    group: 'Find',
    footer: 'filter',
  },
  {
    ...log('level', 'Change the lowest level that is shown: info, warnings, errors only', ['v'], (state) =>
      dispatchToLog(state, { kind: 'level', minLevel: nextLevel(currentLog(state).slice.filter.minLevel) }),
    ),
    group: 'Find',
    footer: 'level',
  },
  {
    ...log('error', 'Go to the first error', ['e'], { kind: 'to_error' }),
    group: 'Find',
    footer: 'error',
    available: (state) => {
      const { from, atEnd, shown } = currentLog(state).slice;
      const isWhole = from === 0 && atEnd;
      return isWhole && !shown.some(({ level }) => level === 'error') ? 'No line here is an error.' : true;
    },
  },
  { ...log('wrap', 'Wrap long lines, or not', ['w'], toggleWrap), group: 'View', footer: 'wrap' },
  { ...log('times', 'Show or hide the times', ['t'], { kind: 'timestamps' }), group: 'View' },
  log('left', 'Scroll left', ['h', 'left'], { kind: 'sideways', cells: -8 }),
  log('right', 'Scroll right', ['l', 'right'], { kind: 'sideways', cells: 8 }),
  log('line-start', 'Scroll to the beginning of the lines', ['0'], { kind: 'sideways', cells: 0 }),
  otherRun('older', 'Show the log of the previous run', ['['], 1),
  otherRun('newer', 'Show the log of the next run', [']'], -1),
  {
    ...log('copy', 'Copy the lines on the screen', ['y'], copyLines),
    group: 'Run',
    synonyms: ['clipboard', 'yank'],
  },
  { ...log('pager', 'Open the log in $PAGER', ['o'], openPager), group: 'Run' },
];

function copyLines(state: State): Step {
  const rows = rowsOnScreen(currentLog(state).slice, logView(state)).filter(({ row }) => row === 0);
  const text = rows.map(({ line }) => line.text).join('\n');
  return step(state, { kind: 'copy', text, what: pluralize(rows.length, 'line') });
}

function openPager(state: State): Step {
  const open = shownLog(state);
  if (open === undefined) return step(state);
  const { jobId, runId } = open;
  return step(state, { kind: 'page_run', jobId, runId, file: 'log', tag: 'log.pager' });
}

/** An action that dispatches an event to the log, or makes a larger step. */
function log(
  name: string,
  title: string,
  keys: readonly string[],
  does: LogEvent | Action['perform'],
): Action {
  return {
    id: `log.${name}`,
    title,
    group: 'Move',
    scope: LOG_SCOPES,
    keys,
    perform: typeof does === 'function' ? does : (state) => dispatchToLog(state, does),
  };
}

/** Scrolling to the end starts following it. */
function scrollBy(rows: number): LogEvent {
  if (Number.isFinite(rows)) return { kind: 'scroll', rows };
  return { kind: rows < 0 ? 'start' : 'bottom' };
}

function find(name: string, title: string, keys: readonly string[], direction: 1 | -1): Action {
  return {
    ...log(name, title, keys, { kind: 'hit', direction }),
    group: 'Find',
    available: (state) => (currentLog(state).slice.search === undefined ? NO_SEARCH : true),
  };
}

function otherRun(name: string, title: string, keys: readonly string[], by: 1 | -1): Action {
  const other = (state: State) => {
    const open = shownLog(state);
    return open && neighbourRun(state, open, by);
  };
  const show = (state: State) => {
    const run = other(state);
    if (run === undefined) return step(state);
    if (openLog(state) === undefined) return step(selectRun(state, state.runs.runs?.indexOf(run) ?? 0));
    const view: View = { name: 'log', jobId: run.job_id, runId: run.run_id };
    return step({ ...state, views: [...state.views.slice(0, -1), view] });
  };
  return {
    ...log(name, title, keys, show),
    group: 'Run',
    available: (state) => (other(state) === undefined ? 'There is no such run in the history.' : true),
  };
}

function nextLevel(minLevel: LogLevel): LogLevel {
  return LOG_LEVELS[(LOG_LEVELS.indexOf(minLevel) + 1) % LOG_LEVELS.length] ?? 'debug';
}
