import { pluralize } from '../../lib/text.ts';

/** How a job is, for a person; the worst first. */
export const JOB_CONDITIONS = [
  'invalid',
  'paused',
  'failing',
  'incomplete',
  'well',
  'new',
  'disabled',
] as const;
export type JobCondition = (typeof JOB_CONDITIONS)[number];

/** What decides how a job is. */
export interface JudgedJob {
  isValid: boolean;
  enabled: boolean;
  paused: boolean;
  /** Failed runs in a row. */
  failures: number;
  /** Whether a run of it was ever executed. */
  hasRun: boolean;
  /** Whether selectors of its last run stopped matching, though it succeeded. */
  isIncomplete: boolean;
}

/** Says how a job is. A person who disabled a job expects nothing of it. */
export function judgeJob(job: JudgedJob): JobCondition {
  const { isValid, enabled, paused, failures, hasRun, isIncomplete } = job;
  if (!isValid) return 'invalid';
  if (!enabled) return 'disabled';
  if (paused) return 'paused';
  if (failures > 0) return 'failing';
  if (isIncomplete) return 'incomplete';
  return hasRun ? 'well' : 'new';
}

/** What decides how a home is. */
export interface HomeFacts {
  conditions: readonly JobCondition[];
  isSchedulerRunning: boolean;
  /** Occurrences in the period that did not start because nothing could start them. */
  missed: number;
}

export interface HomeVerdict {
  /** `bad`: jobs do not deliver; `warning`: something deserves a look. */
  level: 'good' | 'warning' | 'bad';
  /** A clause without a full stop: `3 of 40 jobs fail`. */
  headline: string;
  /** Sentences that the headline leaves out. */
  notes: string[];
}

/** Says how a home is, in a headline and further sentences. */
export function judgeHome({ conditions, isSchedulerRunning, missed }: HomeFacts): HomeVerdict {
  const count = (condition: JobCondition) => conditions.filter((one) => one === condition).length;
  const all = conditions.length;
  if (all === 0) return { level: 'warning', headline: 'There are no jobs yet', notes: [] };
  const [invalid, paused, failing] = [count('invalid'), count('paused'), count('failing')];
  const [incomplete, isNew, disabled] = [count('incomplete'), count('new'), count('disabled')];
  const bad = failing + paused;
  const isIdle = !isSchedulerRunning && disabled < all;
  const notes = [
    ...describePaused(paused, bad),
    ...(invalid > 0 && bad > 0 ? [`${describeInvalid(invalid)}.`] : []),
    ...(incomplete > 0 && incomplete < all
      ? [`${countOf(incomplete, 'job', 'succeeds, but lacks', 'succeed, but lack')} values.`]
      : []),
    ...(isIdle ? ['No scheduler is running, so no job starts by itself.'] : []),
    ...(missed > 0 ? [`${countOf(missed, 'scheduled run', 'was', 'were')} missed.`] : []),
    ...(isNew > 0 && isNew < all ? [`${countOf(isNew, 'job', 'has', 'have')} not run yet.`] : []),
    ...(disabled > 0 && disabled < all ? [`${countOf(disabled, 'job', 'is', 'are')} disabled.`] : []),
  ];
  if (bad > 0) return { level: 'bad', headline: describeShare(bad, all), notes };
  if (invalid > 0) return { level: 'bad', headline: describeInvalid(invalid), notes };
  const level = isIdle || missed + incomplete > 0 ? 'warning' : 'good';
  if (incomplete > 0 && incomplete === all) return { level, headline: describeIncomplete(all), notes };
  if (disabled === all) return { level: 'warning', headline: describeAll(all, 'disabled'), notes };
  if (isNew + disabled === all) return { level, headline: describeNew(all, disabled), notes };
  return { level, headline: describeAll(all - incomplete - isNew - disabled, 'well', all), notes };
}

/** `3 of 40 jobs fail`, `1 of 40 jobs fails`, `The job fails`. */
function describeShare(count: number, all: number): string {
  if (all === 1) return 'The job fails';
  return `${count.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} jobs ${count === 1 ? 'fails' : 'fail'}`;
}

/** Says how many of the jobs that fail are paused, so that they are not tried again. */
function describePaused(paused: number, bad: number): string[] {
  if (paused === 0) return [];
  if (paused === bad)
    return [bad === 1 ? 'It is paused until somebody resumes it.' : 'All of them are paused.'];
  return [
    `${paused.toLocaleString('en-US')} of them ${paused === 1 ? 'is' : 'are'} paused until somebody resumes ${paused === 1 ? 'it' : 'them'}.`,
  ];
}

function describeAll(count: number, how: string, all = count): string {
  if (count < all) return `${countOf(count, 'job', 'is', 'are')} ${how}`;
  return all === 1 ? `The job is ${how}` : `All ${all.toLocaleString('en-US')} jobs are ${how}`;
}

function describeNew(all: number, disabled: number): string {
  if (disabled > 0) return 'No enabled job has run yet';
  return all === 1 ? 'The job has not run yet' : 'No job has run yet';
}

function describeIncomplete(all: number): string {
  return all === 1 ? 'The job lacks values' : `All ${all.toLocaleString('en-US')} jobs lack values`;
}

function describeInvalid(count: number): string {
  return `${pluralize(count, 'job file')} cannot be used`;
}

function countOf(count: number, noun: string, one: string, many: string): string {
  return `${pluralize(count, noun)} ${count === 1 ? one : many}`;
}
