import { COMMAND_HINTS, createHintFormatter } from '../../core/lib/hints.ts';

/** Formats hints for the dashboard. Where it has no key for the next step, the hint names the command. */
export const formatDashboardHint = createHintFormatter({
  ...COMMAND_HINTS,
  enable_job: () => 'enable it with a in the list of jobs',
  resume_job: () => 'resume it with p in the list of jobs',
  change_config: () => 'give it another one with e',
  start_scheduler: () => 'start one with D, then s',

  read_job_again: () => 'It is shown as it is now: make your change again.',
  restore_job: () => 'The trash (Z) has it.',
  list_deleted_jobs: () => 'The trash (Z) shows the ids.',
  compare_with: () => 'Mark the run to compare with by Space, then press c on another.',
  wait_or_cancel: () => 'Wait for it, or cancel it first with x.',
  free_config: () => 'Delete the jobs first, or give them another configuration with e.',
  scheduler_is_off: () => 'Start one with D, then s.',
  queue_with_scheduler: () =>
    'Wait for one of them, or start the scheduler, which lets others wait for their turn, with D, then s.',
});
