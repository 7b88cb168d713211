import { getHint, type HintId } from '../../core/lib/hints.ts';

/** What one does here against what is in the way, in place of the operation or the command that the core names. */
const DASHBOARD_HINTS: Readonly<Record<HintId, string>> = {
  enable_job: 'enable it with a in the list of jobs',
  resume_job: 'resume it with p in the list of jobs',
  start_scheduler: 'start one with D, then s',
  change_config: 'give it another one with e',
  cancel_run: 'cancel it with x',
  cancel_run_first: 'cancel it first with x',
  read_again: 'It is shown as it is now: make your change again',
  restore_job: 'The trash (Z) has it',
  compare_with: 'Mark the run to compare with by Space, then press c on another',
};

/** No id holds it. */
const ANY_ID = '\u0000';

const PHRASES = (Object.keys(DASHBOARD_HINTS) as HintId[]).map((id) => {
  const escaped = getHint(id, ANY_ID).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { pattern: new RegExp(escaped.replaceAll(ANY_ID, '[\\w-]+'), 'g'), hint: DASHBOARD_HINTS[id] };
});

/** A text of the core with the dashboard's keys where it names commands. */
export function withDashboardKeys(text: string): string {
  return PHRASES.reduce((result, { pattern, hint }) => result.replace(pattern, hint), text);
}
