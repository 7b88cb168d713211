import { type ItemsEvent, itemAt, rowCount } from '../items/items-slice.ts';
import { dispatchToItems, itemsView, openItems } from '../items/items-view.ts';
import { openLog } from '../log/log-view.ts';
import { selectedRun } from '../runs/runs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { currentView } from '../state/view.ts';
import { cleanLines } from '../text/clean.ts';
import type { Action } from './action.ts';
import { listMoves } from './list-moves.ts';

/** Actions on the items of a run. */
export const itemsActions: readonly Action[] = [
  {
    id: 'items.open',
    title: 'Show the items of the run',
    group: 'Run',
    scope: ['runs', 'log'],
    keys: ['i'],
    footer: 'items',
    available: (state) => (runInView(state) === undefined ? 'No run is selected.' : true),
    perform: (state) => {
      const run = runInView(state);
      return run === undefined ? step(state) : openItems(state, run, 'items');
    },
    command: (state) => `quickscrape job items ${runInView(state)?.runId ?? '<run>'}`,
  },
  ...listMoves({
    name: 'items',
    scope: 'items',
    row: 'item',
    index: ({ items }) => items.slice.row,
    count: ({ items }) => rowCount(items.slice),
    height: (state) => itemsView(state).rows,
    select: (state, row) => dispatchToItems(state, { kind: 'row', by: row - state.items.slice.row }),
    hasSpace: true,
  }),
  move('left', 'Show the column before', ['h', 'left'], { kind: 'column', by: -1 }),
  move('right', 'Show the next column', ['l', 'right'], { kind: 'column', by: 1 }),
  {
    ...move('mode', 'Change between the items and what changed in them', ['c'], { kind: 'mode' }),
    group: 'View',
    footer: 'items / changes',
  },
  {
    ...move('whole', 'Show the item as a whole, or the table again', ['enter'], { kind: 'open' }),
    group: 'View',
    footer: 'whole item',
    perform: (state) => dispatchToItems(state, { kind: state.items.slice.open ? 'close' : 'open' }),
  },
  {
    ...move('copy', 'Copy the item as JSON', ['y'], { kind: 'open' }),
    group: 'Run',
    footer: 'copy',
    available: (state) => (item(state) === undefined ? 'No item is selected.' : true),
    perform: (state) =>
      step(state, { kind: 'copy', text: JSON.stringify(item(state) ?? {}, null, 2), what: '1 item' }),
  },
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

/** The run that a key is about: the selected one, or that whose log is open. */
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
