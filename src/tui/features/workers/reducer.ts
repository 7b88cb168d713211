import type { ListedWorker } from '../../../core/workers/worker-list.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import type { Reducer, State } from '../../kernel/model.ts';
import { currentView, step } from '../../kernel/step.ts';
import { clickedLine, wheelRows } from '../../ui/input.ts';
import { computeLayout, isInRect, type Layout, type PaneRules } from '../../ui/layout.ts';
import { clamp, describePlace, scrollIntoView } from '../../ui/scroll.ts';
import type { ViewRules } from '../define-feature.ts';

/** The lines above the list: how workers are reached, and the headings. */
const LINES_ABOVE = 2;

/** Beside the list, a worker's runs have the room: the names of workers are short. */
const WORKERS_PANES: PaneRules = { wideFrom: 150, minMain: 72, wideShare: 0.44, maxSide: 120, canZoom: true };

export const workersRules: ViewRules = {
  title: (state) => {
    const [{ index }, count] = [state.workers, listedWorkers(state).length];
    return `Workers${describePlace({ index, count, height: workersHeight(state) })}`;
  },
  panes: () => WORKERS_PANES,
  whyNoSide: (state) => (listedWorkers(state).length === 0 ? 'There is no worker to show there.' : undefined),
  onInput: (state, input) => {
    const { main, mainShown } = workersLayout(state);
    const line = clickedLine(input, main.row + LINES_ABOVE);
    if (line !== undefined && mainShown && input.kind === 'mouse' && isInRect(main, input))
      return step({ ...selectWorker(state, state.workers.top + line), pane: 'main' });
    const by = wheelRows(input);
    return by === 0 ? undefined : step(selectWorker(state, state.workers.index + by));
  },
};

export const workersReducer: Reducer = (state, event) => {
  if (event.kind === 'home') {
    const found = listedWorkers(state).findIndex(({ name }) => name === state.workers.selected);
    return step(selectWorker(state, found < 0 ? state.workers.index : found));
  }
  const isOpen = currentView(state).name === 'workers';
  return step(isOpen && event.kind === 'resize' ? selectWorker(state, state.workers.index) : state);
};

/** The workers that may execute runs, by name. */
export function listedWorkers({ home }: State): readonly ListedWorker[] {
  return home?.executor.workers ?? [];
}

export function selectedWorker(state: State): ListedWorker | undefined {
  return listedWorkers(state)[state.workers.index];
}

/** Selects the worker of a row. The row is clamped to the list. The same state when nothing changes. */
export function selectWorker(state: State, row: number): State {
  const workers = listedWorkers(state);
  const index = clamp(row, 0, Math.max(0, workers.length - 1));
  const top = scrollIntoView(index, state.workers.top, workersHeight(state), workers.length);
  const selected = workers[index]?.name;
  const before = state.workers;
  if (before.index === index && before.top === top && before.selected === selected) return state;
  return { ...state, workers: { index, top, selected } };
}

/** The number of visible workers. */
export function workersHeight(state: State): number {
  return Math.max(1, workersLayout(state).main.rows - LINES_ABOVE);
}

/** Where the list and the selected worker are. */
export function workersLayout(state: State): Layout {
  return computeLayout(state, { hasSide: true, pane: state.pane, panes: WORKERS_PANES });
}

/** The runs that a worker executes now. */
export function runsOfWorker({ home }: Pick<State, 'home'>, name: string): readonly ActiveRun[] {
  return home?.runs.filter(({ worker }) => worker === name) ?? [];
}

/** Whether a worker is missed. One that was asked to drain has ended as it should. */
export function isMissed({ state, drain }: Pick<ListedWorker, 'state' | 'drain'>): boolean {
  return state === 'silent' && drain === 0;
}

/** How many workers have joined and did not leave, and how many of them are silent. */
export function countWorkers(workers: readonly ListedWorker[]): { joined: number; silent: number } {
  const silent = workers.filter(isMissed).length;
  const heard = workers.filter(({ state }) => ['connected', 'unusable', 'draining'].includes(state)).length;
  return { joined: heard + silent, silent };
}
