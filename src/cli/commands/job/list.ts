import { type Command, InvalidArgumentError, Option } from 'commander';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { type CommandContext, resolveJobId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';

interface Flags {
  status?: 'pending' | 'running' | 'completed' | 'failed' | 'invalid';
  config?: string;
  tag?: string;
  host?: string;
  query?: string;
  filter?: string;
  limit?: number;
}

const STATUSES = ['pending', 'running', 'succeeded', 'failed', 'invalid'] as const;

/** `succeeded` is the word of the table, `completed` the wire value. */
function parseJobStatus(text: string): Flags['status'] {
  const status = text === 'succeeded' ? 'completed' : text;
  if (status !== 'completed' && !STATUSES.some((one) => one === status))
    throw new InvalidArgumentError(`Allowed choices are ${STATUSES.join(', ')}.`);
  return status as Flags['status'];
}

export function jobList(): Command {
  const command = leafCommand('list', {
    overSsh: true,
    description: 'List the jobs with their schedule, status, last and next run.',
    json: 'list_jobs: { jobs, total, next_cursor? }',
    examples: [
      ['job list --status failed', 'what needs attention'],
      ["job list --filter 'state:bad host:shop.example'", 'a filter as in the dashboard'],
      ["job list --json | jq -r '.jobs[].job_id'", 'ids for a script'],
    ],
  })
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES).argParser(parseJobStatus))
    .option('--config <name>', 'only jobs of this configuration')
    .option('--tag <tag>', 'only jobs with this tag')
    .option('--host <text>', 'only jobs that scrape a host with this text in its name')
    .option('--query <text>', 'only jobs with this text in id, configuration, description or tags')
    .option('--filter <filter>', 'only jobs that pass a filter of the dashboard, such as "state:bad fails>2"')
    .option('--limit <n>', 'at most this many (default 1000)', integerParser(1, 1000));
  return onCommand<[], Flags>(command, async (context, _args, flags) => {
    const { status, config, tag, host, query, filter, limit } = flags;
    const answer = await context.invoke('list_jobs', {
      ...(status !== undefined && { status }),
      ...(config !== undefined && { config_name: config }),
      ...(tag !== undefined && { tag }),
      ...(host !== undefined && { host }),
      ...(query !== undefined && { query }),
      ...(filter !== undefined && { filter }),
      limit: limit ?? 1000,
    });
    await context.print(answer, async () => {
      const { jobTable } = await import('../../render/job-view.ts');
      return answer.jobs.length === 0 ? '' : jobTable(answer.jobs, context.out, Date.now());
    });
    if (context.globals.format !== 'table') return;
    if (answer.total === 0) {
      const filtered = [status, config, tag, host, query, filter].some((each) => each !== undefined);
      context.printMessage(
        filtered
          ? 'No job matches.'
          : `No jobs yet. Create one with: ${context.command('job create --config NAME --schedule daily --at 09:00')}`,
      );
    } else if (answer.jobs.length < answer.total) {
      context.printMessage(
        `${pluralize(answer.total - answer.jobs.length, 'more job')}; raise --limit to see them.`,
      );
    }
  });
}

/** Messages about a job that `job show` lists. */
const MAX_MESSAGES = 5;

export function jobShow(): Command {
  const command = leafCommand('show <job>', {
    overSsh: true,
    description:
      'Show a job in full: why it runs or does not, its next and its recent runs, why the last one failed, and what it warned of.',
    json: 'get_job: { job, paused, callback_failure, next_runs, explanation, recent_runs }',
    examples: [['job show news', 'the unique beginning of an id is enough']],
  });
  return onCommand<[string], object>(command, async (context, [job]) => {
    const answer = await context.invoke('get_job', { job_id: await resolveJobId(context, job) });
    await context.print(answer, async () => {
      const { jobDetails } = await import('../../render/job-view.ts');
      const details = jobDetails(answer, await lastWarnings(context, answer), context, Date.now());
      const { lastMessages } = await import('../../render/channel-view.ts');
      const { messages } = await context.invoke('list_messages', {
        job_id: answer.job.id,
        limit: MAX_MESSAGES,
      });
      return [
        details,
        ...(await explainLastRun(context, answer)),
        ...lastMessages(messages, context.out),
      ].join('\n');
    });
  });
}

/** What is known of the newest run's failure; empty when it has not failed. */
async function explainLastRun(
  context: CommandContext,
  { recent_runs: [last] }: OperationOutput<'get_job'>,
): Promise<string[]> {
  if (last === undefined || !['failed', 'timed_out', 'abandoned'].includes(last.status)) return [];
  const { explanation, changes } = await context.invoke('explain_run', { run_id: last.run_id });
  const changed = Object.entries(changes).map(
    ([path, value]) => `Change ${path} to ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const lines = [...explanation, ...changed, ...failedCheckSteps(context, last)];
  return [
    '',
    context.out.colors.bold('Why the last run failed'),
    ...lines.map((text) => `  ${sanitizeText(text)}`),
  ];
}

/** What a person may do about a run whose items did not pass its checks. */
function failedCheckSteps(
  context: CommandContext,
  { run_id, job_id, error, checks }: OperationOutput<'get_job'>['recent_runs'][number],
): string[] {
  if (error?.kind !== 'check_failed') return [];
  const isDrop = checks.some(({ check, passed }) => !passed && DROP_CHECKS.includes(check));
  const accept = context.command(`job update ${job_id} --expect-usual-since now`);
  const areRules = checks.some(({ check, passed }) => !passed && check === 'fields');
  return [
    ...(areRules ? [`The rows that break rules: ${context.command(`job items ${run_id} --broken`)}`] : []),
    `Its items: ${context.command(`job items ${run_id}`)}`,
    `Beside the last good run: ${context.command(`job diff ${job_id} ${run_id}`)}`,
    ...(isDrop ? [`If this is normal from now on: ${accept}`] : []),
  ];
}

/** Checks against what is usual. */
const DROP_CHECKS: readonly string[] = ['max_drop_percent', 'likely_broken'];

/** The warnings of the newest run; empty when there is none. */
async function lastWarnings(
  context: CommandContext,
  { recent_runs: [last] }: OperationOutput<'get_job'>,
): Promise<string[]> {
  if (last === undefined) return [];
  const asked = { run_id: last.run_id, log_lines: 0, sample_items: 0 };
  return (await context.invoke('get_run', asked)).warnings;
}

export function jobNext(): Command {
  const command = leafCommand('next <job>', {
    overSsh: true,
    description:
      'Show when a job is due next, and what shifts its runs. A disabled job is shown as if it were enabled.',
    json: 'preview_schedule: { description, timezone, next_runs, notes, warnings }',
    examples: [
      ['job next news --count 10', 'the next ten, with what daylight saving and its stagger do to them'],
    ],
  }).option('--count <n>', 'how many (default 5)', integerParser(1, 1000));
  return onCommand<[string], { count?: number }>(command, async (context, [job], { count }) => {
    const jobId = await resolveJobId(context, job);
    const { isEnabled, isPaused } = await readEnabled(context, jobId);
    const answer = await context.call('preview_schedule', {
      job_id: jobId,
      ...(count !== undefined && { count }),
    });
    await context.print(answer, async () => {
      const { formatSchedulePreview } = await import('../../render/format-forecast.ts');
      return formatSchedulePreview(answer, context.out, Date.now());
    });
    if (context.globals.format !== 'table') return;
    if (!isEnabled) context.printMessage(`Job ${jobId} is disabled: it will not run by itself.`);
    else if (isPaused)
      context.printMessage(
        `Job ${jobId} is paused after failures: it will not run by itself; ${context.formatHint({ id: 'resume_job', job: jobId })}`,
      );
  });
}

/** Whether a job runs by its schedule. */
async function readEnabled(context: CommandContext, jobId: string) {
  if (context.isRemote) {
    const { job, paused } = await context.call('get_job', { job_id: jobId });
    return { isEnabled: job.enabled, isPaused: paused !== null };
  }
  const { findJob } = await import('../../../core/operations/find-or-throw.ts');
  const { record, state } = findJob(await context.workspace(), jobId);
  return { isEnabled: record.definition.enabled, isPaused: state.pausedAt !== null };
}
