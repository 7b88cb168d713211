import type { ListedWorker } from '../../../core/workers/worker-list.ts';
import type { Action } from '../../kernel/action.ts';
import type { CallEffect } from '../../kernel/call.ts';
import type { State } from '../../kernel/model.ts';
import { listMoves } from '../../kernel/move-actions.ts';
import { openDialog, openView, step } from '../../kernel/step.ts';
import { NO_WORKERS } from './model.ts';
import { listedWorkers, runsOfWorker, selectedWorker, selectWorker, workersHeight } from './reducer.ts';

const TAG = 'workers.change';

/** Actions on the workers on other machines. */
export const workerActions: readonly Action[] = [
  {
    id: 'workers.open',
    title: 'Show the workers on other machines',
    synonyms: ['machines', 'redis', 'executor', 'remote', 'bullmq'],
    group: 'View',
    scope: ['jobs', 'configs', 'timeline'],
    keys: ['W'],
    perform: (state) => openView(selectWorker({ ...state, workers: NO_WORKERS }, 0), { name: 'workers' }),
    command: () => 'quickscrape worker list',
  },
  ...listMoves({
    name: 'workers',
    scope: 'workers',
    row: 'worker',
    index: ({ workers }) => workers.index,
    count: (state) => listedWorkers(state).length,
    height: workersHeight,
    select: (state, row) => step(selectWorker(state, row)),
  }),
  workerAction({
    id: 'drain',
    title: 'Drain it: it takes no more runs, and ends after its present ones',
    key: 'd',
    footer: 'drain',
    synonyms: ['stop', 'finish'],
    available: ({ state, drain }) => {
      if (state === 'invited') return 'It has not joined yet; R revokes its invitation.';
      return drain === 0 ? true : 'It is draining already.';
    },
    question: 'Drain',
    lines: ({ name }, runs) => [
      runs === 0
        ? `${name} takes no more runs, and ends.`
        : `${name} takes no more runs. It ends after ${runs === 1 ? 'its run' : `its ${runs} runs`}.`,
    ],
    call: (name) => ({
      kind: 'call',
      name: 'drain_worker',
      tag: TAG,
      params: { name },
      done: `${name} takes no more runs.`,
    }),
    command: (name) => `worker drain ${name}`,
  }),
  workerAction({
    id: 'drain-now',
    title: 'Drain it now: its runs are cancelled, and it ends',
    key: 'x',
    footer: 'drain now',
    synonyms: ['stop', 'cancel', 'kill'],
    available: ({ state, drain }) => {
      if (state === 'invited') return 'It has not joined yet; R revokes its invitation.';
      return drain < 2 ? true : 'It is draining already, and its runs are cancelled.';
    },
    question: 'Drain now',
    lines: ({ name }, runs) => [
      `${name} takes no more runs, and ends.`,
      ...(runs === 0 ? [] : [runs === 1 ? 'Its run is cancelled.' : `Its ${runs} runs are cancelled.`]),
    ],
    call: (name) => ({
      kind: 'call',
      name: 'drain_worker',
      tag: TAG,
      params: { name, now: true },
      done: `${name} cancels its runs, and takes no more.`,
    }),
    command: (name) => `worker drain ${name} --now`,
  }),
  workerAction({
    id: 'revoke',
    title: 'Revoke its invitation: this home no longer answers it',
    key: 'R',
    footer: 'revoke',
    synonyms: ['delete', 'remove', 'forbid', 'uninvite'],
    available: () => true,
    question: 'Revoke the invitation of',
    lines: ({ name }, runs) => [
      ...(runs === 0 ? [] : [runs === 1 ? 'Its run is abandoned.' : `Its ${runs} runs are abandoned.`]),
      `To work for this home again, ${name} needs another invitation.`,
      'In this view R revokes; it repairs nothing.',
    ],
    call: (name) => ({
      kind: 'call',
      name: 'revoke_worker',
      tag: TAG,
      params: { name },
      done: `${name} was revoked.`,
    }),
    command: (name) => `worker revoke ${name}`,
  }),
];

interface WorkerChange {
  id: string;
  title: string;
  key: string;
  footer: string;
  synonyms: readonly string[];
  available(worker: ListedWorker): true | string;
  /** The beginning of the question: the worker's name follows. */
  question: string;
  /** What follows from it. `runs` is how many runs the worker executes. */
  lines(worker: ListedWorker, runs: number): readonly string[];
  call(name: string): CallEffect;
  command(name: string): string;
}

/** An action on the selected worker, which asks first: none of them can be undone from here. */
function workerAction({ id, title, key, footer, synonyms, ...change }: WorkerChange): Action {
  return {
    id: `workers.${id}`,
    title,
    synonyms,
    group: 'Scheduler',
    scope: 'workers',
    keys: [key],
    footer,
    changes: true,
    available: (state) => {
      const worker = selectedWorker(state);
      return worker === undefined ? 'There is no worker.' : change.available(worker);
    },
    perform: (state) => {
      const worker = selectedWorker(state);
      return worker === undefined ? step(state) : ask(state, worker, change);
    },
    command: (state) => {
      const worker = selectedWorker(state);
      return worker && `quickscrape ${change.command(worker.name)}`;
    },
  };
}

function ask(state: State, worker: ListedWorker, change: Pick<WorkerChange, 'question' | 'lines' | 'call'>) {
  const { name } = worker;
  return openDialog(state, {
    kind: 'confirm',
    title: `${change.question} ${name}?`,
    lines: change.lines(worker, runsOfWorker(state, name).length),
    effects: [change.call(name)],
    typed: '',
  });
}
