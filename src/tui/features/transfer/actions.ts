import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { openDialog } from '../../kernel/step.ts';
import { EMPTY_LINE, toEditedLine } from '../../ui/text/edit-line.ts';
import { whyNotLeave } from '../homes/reducer.ts';
import { targetJobs } from '../jobs/reducer.ts';
import type { FileTask } from './model.ts';

/** Actions that write the home's content to files, or read it from files. They ask for the path. */
export const transferActions: readonly Action[] = [
  {
    id: 'transfer.export-jobs',
    title: 'Export the job, or the marked ones, to a file',
    synonyms: ['export', 'bundle', 'share'],
    group: 'Job',
    scope: 'jobs',
    keys: [],
    changes: true,
    available: (state) => {
      const jobs = targetJobs(state);
      if (jobs.length === 0) return 'No job is selected.';
      return jobs.every(({ error }) => error) ? 'Its file cannot be used: correct it first (e).' : true;
    },
    perform: (state) => {
      const jobIds = targetJobs(state).flatMap(({ id, error }) => (error ? [] : [id]));
      const [only = ''] = jobIds;
      const name = jobIds.length === 1 ? only : `${jobIds.length}-jobs-${today(state)}`;
      return askForFile(state, 'export', `~/${name}.json`, jobIds);
    },
  },
  {
    id: 'transfer.export',
    title: 'Export all jobs, configurations and settings to a file',
    synonyms: ['export', 'bundle', 'dump'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    perform: (state) => askForFile(state, 'export', `~/quickscrape-${today(state)}.json`),
    command: () => 'quickscrape export FILE',
  },
  {
    id: 'transfer.import',
    title: 'Import jobs and configurations from a file',
    synonyms: ['import', 'load', 'migrate'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    perform: (state) => askForFile(state, 'import'),
    command: () => 'quickscrape import FILE',
  },
  {
    id: 'transfer.backup',
    title: 'Back up the history and the jobs’ state to a file',
    synonyms: ['backup', 'snapshot', 'save', 'dump'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    perform: (state) => askForFile(state, 'backup', `~/quickscrape-${today(state)}.db`),
    command: () => 'quickscrape backup FILE',
  },
  {
    id: 'transfer.restore',
    title: 'Restore the history from a backup',
    synonyms: ['restore', 'recover'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    available: (state) => {
      if (state.home?.scheduler.state !== 'off') return 'Stop the scheduler first: D, then s.';
      return whyNotLeave(state) ?? true;
    },
    perform: (state) => askForFile(state, 'restore'),
    command: () => 'quickscrape restore FILE',
  },
];

function askForFile(state: State, task: FileTask, path?: string, jobIds?: readonly string[]) {
  const line = path === undefined ? EMPTY_LINE : toEditedLine(path);
  return openDialog(state, { kind: 'file_path', task, line, ...(jobIds && { jobIds }) });
}

/** The date as in `2026-12-01`, in the machine's time zone. */
function today({ now, timezone }: State): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(now);
}
