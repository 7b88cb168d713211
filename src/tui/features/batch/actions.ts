import type { JobRow } from '../../home/job-row.ts';
import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { openDialog } from '../../kernel/navigation.ts';
import { EMPTY_LINE } from '../../ui/text/edit-line.ts';
import { targetJobs } from '../jobs/reducer.ts';
import {
  CANCEL,
  canChangeJobs,
  changeJobs,
  DELETE,
  DISABLE,
  ENABLE,
  type JobChangeKind,
  lastFailed,
  RESUME,
  RETRY,
  RUN,
} from './job-change.ts';

/** Actions that change jobs: all marked ones, or the selected one. */
export const jobChangeActions: readonly Action[] = [
  {
    ...change('jobs.run', 'Run the job now', ['r'], () => RUN),
    footer: 'run',
    command: commandFor(({ id }) => `quickscrape job run ${id} --background`),
  },
  {
    ...change('jobs.cancel', 'Cancel the active run', ['x'], () => CANCEL),
    footer: 'cancel',
    command: commandFor(({ active }) => `quickscrape job cancel ${active[0]?.runId ?? '<run>'}`),
  },
  {
    ...change('jobs.retry', 'Try the last failed run again', ['t'], () => RETRY),
    command: commandFor((job) => `quickscrape job retry ${lastFailed(job) ?? '<run>'}`),
  },
  {
    ...change('jobs.toggle', 'Enable or disable', ['a'], toggleKind),
    command: (state) => {
      const flag = toggleKind(state) === ENABLE ? '--enable' : '--disable';
      return commandFor(({ id }) => `quickscrape job update ${id} ${flag}`)(state);
    },
  },
  {
    ...change('jobs.enable', 'Enable', [], () => ENABLE),
    command: commandFor(({ id }) => `quickscrape job update ${id} --enable`),
  },
  {
    ...change('jobs.disable', 'Disable', [], () => DISABLE),
    command: commandFor(({ id }) => `quickscrape job update ${id} --disable`),
  },
  {
    ...change('jobs.resume', 'Let a paused job go on', ['p'], () => RESUME),
    command: commandFor(({ id }) => `quickscrape job update ${id} --enable`),
  },
  {
    id: 'jobs.tags',
    title: 'Change the tags',
    group: 'Job',
    scope: 'jobs',
    keys: ['#'],
    changes: true,
    available: (state) => canChangeJobs(ANY_TAGS, targetJobs(state)),
    perform: (state) => {
      const jobIds = targetJobs(state).map(({ id }) => id);
      return openDialog(state, { kind: 'tags', jobIds, line: EMPTY_LINE });
    },
    command: commandFor(({ id }) => `quickscrape job update ${id} --tag <tag>`),
  },
  {
    ...change('jobs.delete', 'Delete', ['d', 'delete'], () => DELETE),
    footer: 'delete',
    command: commandFor(({ id }) => `quickscrape job delete ${id} --force`),
  },
];

/** A dialog asks for the tags later. Until then the action is available for every usable job. */
const ANY_TAGS: Pick<JobChangeKind, 'calls'> = { calls: () => [] };

function change(
  id: string,
  title: string,
  keys: readonly string[],
  kind: (state: State) => JobChangeKind,
): Action {
  return {
    ...{ id, title, group: 'Job', scope: 'jobs', keys, changes: true },
    available: (state) => canChangeJobs(kind(state), targetJobs(state)),
    perform: (state) => changeJobs(state, kind(state), targetJobs(state)),
  };
}

/** Disables all jobs if at least one of them is enabled. */
function toggleKind(state: State): JobChangeKind {
  return targetJobs(state).some(({ enabled }) => enabled) ? DISABLE : ENABLE;
}

/** The equivalent CLI commands, one for each job. */
function commandFor(command: (job: JobRow) => string): (state: State) => string | undefined {
  return (state) => {
    const jobs = targetJobs(state);
    const shown = jobs.slice(0, 3).map(command);
    return shown.length === 0 ? undefined : shown.join(' && ') + (jobs.length > 3 ? ' && …' : '');
  };
}
