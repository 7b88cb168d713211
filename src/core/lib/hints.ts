import { programCommand } from './installation.ts';

/**
 * Hints about how to solve a problem, as data: each interface formats them with its own texts. The first four are
 * clauses within a sentence; the others are sentences.
 */
export interface HintArguments {
  enable_job: { job: string };
  resume_job: { job: string };
  change_config: { job: string };
  start_scheduler: object;

  list_jobs: object;
  show_job: { job: string };
  read_job_again: { job?: string };
  change_job_instead: { job: string };
  restore_job: { job: string };
  list_deleted_jobs: object;
  list_deleted_configs: object;
  examine_home: object;
  lower_free_space: object;
  fix_job_file: object;
  list_runs: object;
  compare_with: object;
  wait_or_cancel: { run: string };
  list_configs: object;
  new_config: { file: string };
  read_config_again: { config: string };
  free_config: object;
  scheduler_is_on: object;
  queue_with_scheduler: object;
  schedule_forms: object;
  list_workers: object;
  revoke_worker: { worker: string };
  restart_program: object;
}

export type HintId = keyof HintArguments;
export type Hint = { [I in HintId]: { id: I } & HintArguments[I] }[HintId];

/** The texts of an interface for all hints. */
export type HintTable = { readonly [I in HintId]: (args: HintArguments[I]) => string };
export type FormatHint = (hint: Hint) => string;

/**
 * The texts of the command line.
 * @param command completes a command: adds the program's name, and flags if necessary
 */
export function commandHints(command: (line: string) => string): HintTable {
  return {
    enable_job: ({ job }) => `enable it with: ${command(`job update ${job} --enable`)}`,
    resume_job: ({ job }) => `resume it with: ${command(`job update ${job} --enable`)}`,
    change_config: ({ job }) => `give it another one with: ${command(`job update ${job} --config NAME`)}`,
    start_scheduler: () => `start one with: ${command('scheduler start --daemon')}`,

    list_jobs: () => `List the ids with: ${command('job list')}`,
    show_job: ({ job }) => `Show it with: ${command(`job show ${job}`)}`,
    read_job_again: ({ job = 'JOB' }) =>
      `Read the job again (${command(`job show ${job}`)}), then make your change.`,
    change_job_instead: ({ job }) =>
      `Change it with: ${command(`job update ${job} …`)}, or give another --id.`,
    restore_job: ({ job }) => `Bring it back with: ${command(`job restore ${job}`)}`,
    list_deleted_jobs: () => `List what is in the trash with: ${command('job restore')}`,
    list_deleted_configs: () => 'The dashboard lists what is in the trash.',
    examine_home: () => `Details: ${command('doctor')}`,
    lower_free_space: () =>
      `Free some space, or lower the limit (0 turns it off): ${command('config set min_free_space 10')}`,
    fix_job_file: () =>
      `Fix the file in an editor; nothing here overwrites it unasked. See what is wrong, and what can be fixed for you: ${command('maintenance repair-jobs --dry-run')}`,
    list_runs: () =>
      `List the runs of a job with: ${command('job history JOB')} (its newest keep_runs are kept)`,
    compare_with: () =>
      `Name the run to compare with. List the runs of a job with: ${command('job history JOB')} (its newest keep_runs are kept)`,
    wait_or_cancel: ({ run }) => `Wait for it, or cancel it first: ${command(`job cancel ${run}`)}`,
    list_configs: () => `List them with: ${command('list')}`,
    new_config: ({ file }) => `A new one goes to ${file}.`,
    read_config_again: ({ config }) =>
      `Read it again (${command(`show ${config}`)}), then make your change in that text.`,
    free_config: () =>
      `Delete the jobs first (${command('job delete JOB')}), or give them another configuration (${command('job update JOB --config NAME')}).`,
    scheduler_is_on: () => `See ${command('scheduler status')}; stop it with: ${command('scheduler stop')}`,
    queue_with_scheduler: () =>
      `Wait for one of them, or start the scheduler, which lets others wait for their turn: ${command('scheduler start --daemon')}`,
    schedule_forms: () =>
      `See the kinds of schedules and their options with: ${command('schedule preview --help')}`,
    list_workers: () => `List the workers with: ${command('worker list')}`,
    revoke_worker: ({ worker }) =>
      `To give it a new invitation, revoke the present one first: ${command(`worker revoke ${worker}`)}`,
    restart_program: () => 'Start it again.',
  };
}

/** Completes a command without flags: adds only what starts the program. */
export const plainCommand = (line: string): string => `${programCommand()} ${line}`;

/** Without flags. The library and the scheduler's log use these, too. */
export const COMMAND_HINTS = commandHints(plainCommand);

export const formatCommandHint: FormatHint = createHintFormatter(COMMAND_HINTS);

export function createHintFormatter(table: HintTable): FormatHint {
  return (hint) => (table[hint.id] as (args: Hint) => string)(hint);
}

/** A sentence of a hint: a text for all interfaces, or a hint. */
export type HintPart = string | Hint;

export function joinHints(parts: readonly HintPart[], format: FormatHint): string {
  const sentences = parts.map((part) => (typeof part === 'string' ? part : format(part)));
  // A sentence that ends with a command has no full stop.
  return sentences
    .map((text, index) => (index === sentences.length - 1 || /[.!?:]$/.test(text) ? text : `${text}.`))
    .join(' ');
}
