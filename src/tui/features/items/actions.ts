import { isActive } from '../../../core/model/run-record.ts';
import { type HistoryRun, isExecuted } from '../../../core/runs/last-run.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { listMoves } from '../../kernel/move-actions.ts';
import { withNotice } from '../../kernel/notices.ts';
import { currentView, step } from '../../kernel/step.ts';
import { cleanLines } from '../../ui/text/fit.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { openLog } from '../log/reducer.ts';
import { markedRun, markRun, selectedRun, whyNoRun } from '../runs/reducer.ts';
import { comparableRuns, whyNotComparable } from './comparable-runs.ts';
import { inOrder, openComparedRun } from './compared-run-dialog.tsx';
import { describeHidden, itemAt, shownFields, shownRows, withFields } from './item-table.ts';
import type { ComparedRuns, ItemsEvent } from './model.ts';
import { dispatchToItems, itemsView, openItems, rowCount } from './reducer.ts';
import { inChanges, kindAction, NO_ITEMS, writeAction } from './table-actions.ts';

/** Actions on the items of a run. */
export const itemsActions: readonly Action[] = [
  {
    id: 'items.open',
    title: 'Show the items of the run',
    synonyms: ['data', 'rows', 'results', 'records', 'table'],
    group: 'Run',
    scope: ['runs', 'log'],
    keys: ['i'],
    footer: 'items',
    urgent: (state) => (currentView(state).name === 'runs' ? 'items' : undefined),
    available: (state) => (runInView(state) === undefined ? whyNoRun(state) : true),
    perform: (state) => {
      const run = runInView(state);
      return run === undefined ? step(state) : openItems(state, run, 'items');
    },
    command: (state) => `quickscrape job items ${runInView(state)?.runId ?? '<run>'}`,
  },
  {
    id: 'jobs.items',
    title: 'Show the items of the job’s newest run that has some',
    synonyms: ['data', 'rows', 'results', 'records', 'table'],
    group: 'Job',
    scope: 'jobs',
    keys: ['i'],
    available: (state) => {
      const job = selectedJob(state);
      if (job === undefined) return 'No job is selected.';
      if (job.last === null) return 'The job has not run yet.';
      return runWithItems(job) === undefined ? 'None of its last runs has items; Enter shows them.' : true;
    },
    perform: (state) => {
      const job = selectedJob(state);
      const run = job && runWithItems(job);
      if (job === undefined || run === undefined) return step(state);
      return openItems(state, { jobId: job.id, runId: run.runId }, 'items');
    },
    command: (state) => {
      const job = selectedJob(state);
      return `quickscrape job items ${(job && runWithItems(job))?.runId ?? '<run>'}`;
    },
  },
  ...listMoves({
    name: 'items',
    scope: 'items',
    row: 'item',
    index: ({ items }) => items.slice.row,
    count: ({ items }) => rowCount(items.slice),
    height: (state) => itemsView(state).rows,
    select: (state, row) => dispatchToItems(state, { kind: 'row', by: row - state.items.slice.row }),
  }),
  move('left', 'Go to the previous column', ['h', 'left'], { kind: 'column', by: -1 }),
  move('right', 'Go to the next column', ['l', 'right'], { kind: 'column', by: 1 }),
  {
    ...move('mode', 'Switch between the items and what changed in them', ['c'], { kind: 'mode' }),
    synonyms: ['compare', 'diff', 'difference', 'differences'],
    group: 'View',
    footer: 'changes',
    urgent: inChanges('all items'),
  },
  kindAction,
  {
    ...move('compare-with', 'Choose the run to compare with', ['C'], { kind: 'mode' }),
    synonyms: ['other run', 'join', 'side by side', 'diff'],
    group: 'View',
    urgent: inChanges('run'),
    available: (state) => (comparableRuns(state).length === 0 ? whyNotComparable(state) : true),
    perform: openComparedRun,
  },
  {
    ...move('whole', 'Show the whole item, or the table again', ['enter'], { kind: 'open' }),
    group: 'View',
    footer: 'item',
    urgent: ({ items }) => (items.slice.open ? 'table' : undefined),
    available: ({ items }) => (items.slice.total === 0 ? NO_ITEMS : true),
    perform: (state) => dispatchToItems(state, { kind: state.items.slice.open ? 'close' : 'open' }),
  },
  {
    ...move('copy', 'Copy the item, or the marked ones, as JSON', ['y'], { kind: 'open' }),
    synonyms: ['clipboard', 'yank'],
    group: 'Run',
    footer: 'copy',
    available: (state) => (item(state) === undefined ? 'No item is selected.' : true),
    perform: (state) => {
      const { slice } = state.items;
      const { marked } = slice.table;
      const fields = shownFields(slice);
      const rows = { ...shownRows(state.items), rows: [...marked], ...(fields !== undefined && { fields }) };
      if (marked.size > 0) return step(state, { kind: 'copy_items', ...rows });
      const copied = item(state) ?? {};
      // The whole item also shows the hidden columns.
      const shown = slice.open ? copied : withFields(copied, fields);
      const text = JSON.stringify(shown, null, 2);
      return step(state, { kind: 'copy', text, what: `1 item${slice.open ? '' : describeHidden(slice)}` });
    },
  },
  writeAction,
  {
    ...move('pager', 'Open the item in $PAGER', ['o'], { kind: 'open' }),
    group: 'Run',
    footer: 'pager',
    available: (state) => (item(state) === undefined ? 'No item is selected.' : true),
    perform: (state) => {
      const text = cleanLines(JSON.stringify(item(state) ?? {}, null, 2)).join('\n');
      return step(state, { kind: 'page_text', text, tag: 'items.pager' });
    },
  },
];

function item({ items: { slice } }: State) {
  return itemAt(slice, slice.row);
}

/** The newest of the job's last runs that found items. */
function runWithItems({ history }: JobRow): HistoryRun | undefined {
  return history.findLast((run) => isExecuted(run) && run.items > 0);
}

/** The run that a key applies to: the selected run, or the run of the open log. */
function runInView(state: State): { jobId: string; runId: string } | undefined {
  const log = openLog(state);
  if (log !== undefined) return { jobId: log.jobId, runId: log.runId };
  const run = currentView(state).name === 'runs' ? selectedRun(state) : undefined;
  return run && { jobId: run.job_id, runId: run.run_id };
}

function move(name: string, title: string, keys: readonly string[], event: ItemsEvent): Action {
  return {
    id: `items.${name}`,
    title,
    group: 'Move',
    scope: 'items',
    keys,
    perform: (state) => dispatchToItems(state, event),
  };
}

/** Actions that compare runs. A run is compared with the marked run, or with the last run before it that succeeded. */
export const compareActions: readonly Action[] = [
  {
    id: 'runs.mark',
    title: 'Mark or unmark the run, to compare another one with it',
    group: 'Marks',
    scope: 'runs/main',
    keys: ['space'],
    footer: 'mark',
    available: (state) => (selectedRun(state) === undefined ? whyNoRun(state) : true),
    perform: (state) => {
      const run = selectedRun(state);
      if (run === undefined) return step(state);
      // In place of the notice that it is marked.
      if (markedRun(state) === run)
        return step(withNotice(markRun(state, undefined), 'info', `${run.run_id} is no longer marked.`));
      const reason = `${run.run_id} is marked: c on another run compares the two.`;
      return step(withNotice(markRun(state, run.run_id), 'info', reason));
    },
  },
  {
    id: 'items.compare',
    title: 'Show what changed in the items since the previous run, or between it and the marked one',
    synonyms: ['compare', 'diff', 'difference', 'differences'],
    group: 'Run',
    scope: ['runs', 'log'],
    keys: ['c'],
    footer: 'changes',
    urgent: (state) =>
      markedRun(state) !== undefined && comparedItems(state) !== undefined ? 'compare' : undefined,
    available: (state) => {
      const found = comparison(state);
      return typeof found === 'string' ? found : true;
    },
    perform: (state) => {
      const runs = comparedItems(state);
      return runs === undefined ? step(state) : openItems(state, runs, 'changes');
    },
    command: (state) => {
      const { jobId = '<job>', runId = '<run>', withRunId = '' } = comparedItems(state) ?? {};
      return ['quickscrape job diff', jobId, withRunId, runId].filter((part) => part !== '').join(' ');
    },
  },
];

function comparedItems(state: State): ComparedRuns | undefined {
  const found = comparison(state);
  return typeof found === 'string' ? undefined : found;
}

/**
 * The two runs to compare: the later one with the earlier one, whichever of them is marked. Returns the reason when a
 * comparison is not possible.
 */
function comparison(state: State): ComparedRuns | string {
  const log = openLog(state);
  if (log !== undefined) return { jobId: log.jobId, runId: log.runId };
  const run = currentView(state).name === 'runs' ? selectedRun(state) : undefined;
  if (run === undefined) return whyNoRun(state);
  const marked = markedRun(state);
  if (marked === undefined) return { jobId: run.job_id, runId: run.run_id };
  if (marked === run) return 'It is the marked run: select the one to compare it with.';
  const without = [marked, run].find(({ status, started_at }) => isActive(status) || started_at === null);
  if (without !== undefined) {
    const why = isActive(without.status) ? 'has not finished' : 'never started';
    return `${without.run_id} ${why}: it has no items to compare.`;
  }
  return inOrder(state, run, marked);
}
