import { pluralize } from '../../../core/lib/text.ts';
import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { openDialog, step } from '../../kernel/step.ts';

export const SCHEDULER_START: Action = {
  id: 'scheduler.start',
  title: 'Start the scheduler in the background',
  synonyms: ['daemon'],
  group: 'Scheduler',
  scope: 'everywhere',
  keys: [],
  changes: true,
  available: ({ home }) => {
    if (home === undefined) return 'The home has not been read yet.';
    const { state, pid } = home.scheduler;
    return state === 'off' ? true : `It is ${state} already, pid ${pid}.`;
  },
  perform: (state) =>
    step(state, {
      kind: 'call',
      name: 'start_scheduler',
      params: {},
      tag: 'scheduler.start',
      done: 'The scheduler was started.',
    }),
  command: () => 'quickscrape scheduler start --daemon',
};

export const SCHEDULER_STOP: Action = {
  id: 'scheduler.stop',
  title: 'Stop the scheduler when its runs have finished',
  synonyms: ['daemon', 'shutdown'],
  group: 'Scheduler',
  scope: 'everywhere',
  keys: [],
  changes: true,
  available: ({ home }) => {
    if (home === undefined || home.scheduler.state === 'off') return 'No scheduler is running.';
    return home.scheduler.state === 'running' ? true : 'It is stopping already.';
  },
  perform: (state) =>
    openDialog(state, {
      kind: 'confirm',
      title: 'Stop the scheduler?',
      lines: stopLines(state),
      effects: [
        {
          kind: 'call',
          name: 'stop_scheduler',
          params: { wait_seconds: 0 },
          tag: 'scheduler.stop',
          done: 'The scheduler was asked to stop.',
        },
      ],
      typed: '',
    }),
  command: () => 'quickscrape scheduler stop',
};

/** Actions on the scheduler, available in all views. */
export const schedulerActions: readonly Action[] = [
  {
    id: 'scheduler.show',
    title: 'Show what the scheduler does, start or stop it',
    synonyms: ['daemon', 'status'],
    group: 'Scheduler',
    scope: 'everywhere',
    keys: ['D'],
    perform: (state) => openDialog(state, { kind: 'scheduler' }),
    command: () => 'quickscrape scheduler status',
  },
  SCHEDULER_START,
  SCHEDULER_STOP,
];

function stopLines({ home }: State): string[] {
  const { slotsUsed = 0, queued = 0 } = home?.scheduler ?? {};
  const runs = slotsUsed === 0 ? [] : [`It waits for ${pluralize(slotsUsed, 'active run')}, then ends.`];
  const line = queued === 0 ? [] : [`${pluralize(queued, 'queued run')} will not be started.`];
  return [...runs, ...line, 'After that no job starts on schedule until it is started again.'];
}
