/**
 * What helps against what is in the way: the words of explanations, reasons and hints that name an operation or a command.
 * Each names the one for which it stands, so that a face with a way of its own can put that in their place, as the dashboard
 * does with its keys. `subject` is the id of the job or run.
 */
const HINTS = {
  enable_job: (subject: string) => `enable it with: ${enableCommand(subject)}`,
  resume_job: (subject: string) => `resume it with: ${enableCommand(subject)}`,
  start_scheduler: () => 'start one with: quickscrape scheduler start --daemon',
  change_config: (subject: string) =>
    `give it another one with: quickscrape job update ${subject} --config NAME`,
  cancel_run: (subject: string) => `cancel it: cancel_run ${subject} (quickscrape job cancel ${subject})`,
  cancel_run_first: (subject: string) =>
    `cancel it first: cancel_run ${subject} (quickscrape job cancel ${subject})`,
  read_again: () => 'Read the job again (get_job, quickscrape job show), then make your change',
  restore_job: () => 'restore_job (quickscrape job restore) brings it back',
  compare_with: () => 'Name the run to compare with; list_runs (quickscrape job history JOB) shows them',
} as const;

export type HintId = keyof typeof HINTS;

/** A remedy in words, without a full stop. */
export function getHint(id: HintId, subject = ''): string {
  return HINTS[id](subject);
}

/** What lets a paused or disabled job go on. */
function enableCommand(jobId: string): string {
  return `quickscrape job update ${jobId} --enable`;
}
