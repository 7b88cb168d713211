import {
  createHintFormatter,
  type FormatHint,
  formatCommandHint,
  type HintTable,
} from '../../core/lib/hints.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { namesOnlyOffered, type Offered } from './offered-text.ts';

const OPERATION_HINTS: HintTable = {
  enable_job: () => 'enable it by update_job with enabled=true',
  resume_job: () => 'resume it by update_job with enabled=true',
  change_config: () => 'give it another one by update_job with config_name',
  start_scheduler: () => 'start one by start_scheduler',

  list_jobs: () => 'list_jobs shows the ids.',
  show_job: () => 'get_job shows it.',
  read_job_again: () => 'Read the job again with get_job, then make your change.',
  change_job_instead: () => 'Use update_job to change it, or another job_id.',
  restore_job: () => 'restore_job brings it back.',
  list_deleted_jobs: () => 'list_trash shows what restore_job can bring back.',
  list_deleted_configs: () => 'list_trash shows what restore_config can bring back.',
  examine_home: () => 'examine_home says more.',
  lower_free_space: () =>
    `Free some space. Only the person can lower the limit: ${programCommand()} config set min_free_space 10`,
  fix_job_file: () =>
    `The person has to fix the file with an editor; no operation changes it. To see what can be fixed without one: ${programCommand()} maintenance repair-jobs --dry-run`,
  list_runs: () => 'list_runs shows the runs of a job, of which the newest keep_runs are kept.',
  compare_with: () =>
    'Name the run to compare with; list_runs shows those of a job, of which the newest keep_runs are kept.',
  wait_or_cancel: () => 'Wait for it, or cancel it first with cancel_run.',
  list_configs: () => 'list_configs shows them.',
  new_config: ({ file }) => `A new one goes to ${file}, or through save_config.`,
  read_config_again: () => 'Read it again with get_config, then make your change in that text.',
  free_config: () => 'Delete the jobs first (delete_job), or give them another configuration (update_job).',
  scheduler_is_on: () => 'get_scheduler shows it; stop_scheduler stops it.',
  queue_with_scheduler: () =>
    'Wait for one of them, or start the scheduler, which lets others wait for their turn: start_scheduler.',
  schedule_forms: () => 'The input schema of preview_schedule shows the allowed forms.',
  list_workers: () => 'list_workers shows the names.',
  revoke_worker: () => 'revoke_worker ends its present invitation.',
  restart_program: () =>
    'The person has to restart this server: by reconnecting it, or by restarting the program that started it.',
};

const formatOperationHint = createHintFormatter(OPERATION_HINTS);

/** The hint formatter of a server. Its hints name operations, or a command where it does not offer the operation. */
export function operationHints(offered: Offered): FormatHint {
  return (hint) => {
    const text = formatOperationHint(hint);
    return namesOnlyOffered(text, offered) ? text : formatCommandHint(hint);
  };
}
