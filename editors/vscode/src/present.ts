import { plainText } from './failures.ts';
import { isActive, type Job, type Run } from './live-jobs.ts';

/** How a job or a run looks in the tree, without VS Code's classes. */
export interface Presented {
  label: string;
  description: string;
  tooltip: string;
  /** The name of an icon of VS Code, and of a colour of its theme. */
  icon: string;
  color: string | undefined;
  /** What the menus ask: words between blanks. */
  context: string;
}

const GOOD = 'testing.iconPassed';
const BAD = 'testing.iconFailed';
const WARNING = 'list.warningForeground';
const BUSY = 'charts.blue';
const FAINT = 'disabledForeground';

export function presentJob(job: Job, active: Run | undefined, now = new Date()): Presented {
  const [icon, color, state] = jobState(job, active);
  const next = job.next_run === null ? undefined : `next ${formatInstant(job.next_run, now)}`;
  const facts = active === undefined ? [state, next] : [progressOf(active)];
  const lines = [
    job.job_id,
    job.description,
    job.config_name && `Configuration: ${job.config_name}`,
    job.schedule && `Schedule: ${job.schedule}`,
    job.last_run && `Last run: ${formatInstant(job.last_run, now)}`,
    job.paused && `Paused after ${job.paused.failures} failures in a row. Enable it to resume.`,
    job.callback_failure && `Its last alert failed: ${job.callback_failure}`,
    job.error,
  ];
  return {
    label: job.job_id,
    description: facts.filter(Boolean).join(' · '),
    tooltip: lines.flatMap((line) => (line ? plainText(line) : [])).join('\n'),
    icon,
    color,
    context: words('job', {
      active: active !== undefined || job.status === 'running',
      enabled: job.enabled && !job.paused,
      disabled: !job.enabled || job.paused !== null,
      invalid: job.status === 'invalid',
      usable: job.status !== 'invalid',
    }),
  };
}

/** Whether somebody should see to it. */
export function isProblem({ status, paused, callback_failure: alert }: Job): boolean {
  return status === 'failed' || status === 'invalid' || paused !== null || alert !== null;
}

function jobState(job: Job, active: Run | undefined): [string, string | undefined, string | undefined] {
  if (job.status === 'invalid') return ['warning', WARNING, 'cannot be used'];
  if (active !== undefined || job.status === 'running') return ['sync~spin', BUSY, 'running'];
  if (job.paused) return ['debug-pause', WARNING, 'paused after failures'];
  if (!job.enabled) return ['circle-slash', FAINT, 'disabled'];
  if (job.status === 'failed') return ['error', BAD, 'failed'];
  if (job.callback_failure !== null) return ['bell-dot', WARNING, 'its alert failed'];
  if (job.status === 'completed') return ['pass', GOOD, undefined];
  return ['circle-outline', undefined, undefined];
}

const RUN_ICONS: Readonly<Record<Run['status'], [icon: string, color: string | undefined]>> = {
  queued: ['clock', BUSY],
  running: ['sync~spin', BUSY],
  waiting_retry: ['history', WARNING],
  succeeded: ['pass', GOOD],
  failed: ['error', BAD],
  timed_out: ['watch', BAD],
  cancelled: ['circle-slash', FAINT],
  skipped: ['debug-step-over', FAINT],
  missed: ['debug-step-over', WARNING],
  abandoned: ['debug-disconnect', BAD],
};

export function presentRun(run: Run, now = new Date()): Presented {
  const [icon, color] = RUN_ICONS[run.status] ?? ['question', undefined];
  const failure = run.error?.message ?? run.reason ?? undefined;
  const facts = isActive(run)
    ? [progressOf(run)]
    : [
        STATUS_WORDS[run.status] ?? run.status,
        run.items > 0 && count(run.items, 'item'),
        duration(run.duration_ms),
        failure,
      ];
  const failedChecks = run.checks.filter(({ passed }) => !passed).map(({ message }) => message);
  const lines = [
    `Run ${run.run_id}, ${run.trigger.replace('_', ' ')}`,
    run.worker && `Worker: ${run.worker}`,
    run.max_attempts > 1 && `Attempt ${run.attempt} of ${run.max_attempts}`,
    run.waits_for && `Waits for: ${run.waits_for}`,
    failure,
    ...failedChecks,
    run.output_path && `Output: ${run.output_path}`,
  ];
  return {
    label: formatInstant(run.started_at ?? run.scheduled_for ?? run.queued_at, now),
    description: facts.flatMap((fact) => (fact ? plainText(fact) : [])).join(' · '),
    tooltip: lines.flatMap((line) => (line ? plainText(line) : [])).join('\n'),
    icon,
    color,
    context: words('run', {
      active: isActive(run),
      finished: !isActive(run),
      items: run.items > 0,
      output: run.output_path !== null && run.status === 'succeeded',
    }),
  };
}

const STATUS_WORDS: Partial<Record<Run['status'], string>> = {
  succeeded: '',
  timed_out: 'timed out',
};

function progressOf(run: Run): string {
  if (run.status === 'queued') return run.waits_for ? `queued: ${plainText(run.waits_for)}` : 'queued';
  if (run.status === 'waiting_retry') return 'waits for a retry';
  const share = run.progress === null ? undefined : `${Math.round(run.progress * 100)} %`;
  return ['running', share, count(run.items, 'item'), count(run.pages, 'page')].filter(Boolean).join(' · ');
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function duration(ms: number | null): string | undefined {
  if (ms === null) return undefined;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** On this machine's clock: `09:00`, `tomorrow 09:00`, `3 Dec 09:00`. */
export function formatInstant(instant: string, now = new Date()): string {
  const at = new Date(instant);
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const day = { '-1': 'yesterday ', 0: '', 1: 'tomorrow ' }[days];
  if (day !== undefined) return `${day}${time}`;
  const isFar = at.getFullYear() !== now.getFullYear();
  const date = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isFar && { year: 'numeric' }),
  });
  return `${date} ${time}`;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** `job enabled usable` of `{ enabled: true, active: false, usable: true }`. */
function words(kind: string, facts: Readonly<Record<string, boolean>>): string {
  const set = Object.entries(facts).flatMap(([word, isSet]) => (isSet ? word : []));
  return [kind, ...set].join(' ');
}
