import type { Command } from 'commander';
import { programCommand } from '../../../core/lib/installation.ts';
import { type CommandContext, readDefinition } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { rejectXlsPath } from '../../flags/flag-values.ts';
import { addJobOptions, jobFieldsFromFlags } from '../../flags/job-flags.ts';
import { addScheduleOptions, type ScheduleFlags, scheduleFromFlags } from '../../flags/schedule-flags.ts';
import { describeNoNextRun, formatRelativeTime, formatTimestamp } from '../../render/format.ts';

export function jobClone(): Command {
  const command = leafCommand('clone <job> <new-id>', {
    overSsh: true,
    description: 'Make a new job with the fields of another, under a new id. The copy starts disabled.',
    json: 'create_job: { job, created, next_runs, warnings }',
    examples: [
      ['job clone news news-evening', 'then: quickscrape job update news-evening --at 18:00 --enable'],
      ['job clone news news-2 --enabled', 'runs by the same schedule at once'],
    ],
  }).option('--enabled', 'let it run by its schedule at once, if the original does');
  return onCommand<[string, string], { enabled?: boolean }>(command, async (context, [job, newId], flags) => {
    const { definition } = await readDefinition(context, job);
    await rejectExistingJob(context, newId);
    const answer = await context.call('create_job', {
      ...structuredClone(definition),
      enabled: flags.enabled === true && definition.enabled,
      job_id: newId,
    });
    await context.print(answer, () => {
      const disabledNote = answer.job.enabled
        ? ''
        : `\nIt is disabled. Let it run with: ${context.command(`job update ${newId} --enable`)}`;
      return `Created job ${newId} as a copy of ${job}${disabledNote}`;
    });
    if (context.globals.format === 'table')
      for (const warning of answer.warnings) context.printMessage(warning);
  });
}

/** @throws QuickscrapeError `conflict` for the id of a job that exists */
async function rejectExistingJob(context: CommandContext, id: string): Promise<void> {
  const exists = context.isRemote
    ? (await context.call('list_jobs', { query: id, limit: 1000 })).jobs.some(({ job_id }) => job_id === id)
    : (await context.workspace()).jobs.get(id) !== undefined;
  if (exists) throw (await import('../../../core/jobs/job-errors.ts')).jobExists(id);
}

interface Flags extends ScheduleFlags {
  config: string;
  id?: string;
  disabled?: boolean;
  outputFormat?: string;
  outputPath?: string;
  dryRun?: boolean;
}

export function jobCreate(): Command {
  const command = leafCommand('create', {
    overSsh: true,
    description: 'Create a scheduled job for a configuration.',
    json: 'create_job: { job, created, next_runs, warnings }',
    examples: [
      ['job create --config books --schedule daily --at 09:00', 'every day at nine, in your time zone'],
      [
        'job create --config news --cron "0 9 * * 1-5" --timezone Europe/Berlin --id weekday-news',
        'on weekdays, under an id of your choice: running it twice makes one job',
      ],
      [
        'job create --config prices --schedule weekly --day mon --at 06:30 --output-path "prices/{date}.csv"',
        'a file for each day, in the home’s output/ folder',
      ],
      [
        'job create --config shop --param city=berlin --schedule daily --at 09:00 --id shop-berlin',
        'one of several jobs of a configuration that declares parameters',
      ],
    ],
  })
    .requiredOption('--config <name>', 'the configuration to scrape with')
    .option('--id <id>', 'an id of your choice (default: made from the configuration’s name)');
  addScheduleOptions(command);
  addJobOptions(command)
    .option('--disabled', 'create it without running it by its schedule yet')
    .option('--dry-run', 'check everything and show the job, save nothing');
  return onCommand<[], Flags>(command, createJob);
}

async function createJob(context: CommandContext, _args: [], flags: Flags): Promise<void> {
  const schedule = scheduleFromFlags(flags);
  if (schedule === undefined) {
    const { QuickscrapeError } = await import('../../../core/lib/errors.ts');
    throw new QuickscrapeError('invalid_params', 'a job needs a schedule', {
      field: 'schedule',
      hint: `For example: --schedule daily --at 09:00, or --cron "0 9 * * 1-5". See: ${programCommand()} job create --help`,
    });
  }
  rejectXlsPath(flags.outputFormat, flags.outputPath);
  const params = {
    config_name: flags.config,
    schedule,
    ...jobFieldsFromFlags(flags),
    ...(flags.disabled === true && { enabled: false }),
    ...(flags.id !== undefined && { job_id: flags.id }),
    ...(flags.dryRun === true && { dry_run: true }),
  };
  const answer = await context.call('create_job', params);
  await context.print(answer, () => {
    const { id } = answer.job;
    const headline = answer.would_create
      ? `Would create job ${id}`
      : answer.created
        ? `Created job ${id}`
        : `Job ${id} already exists, with these fields`;
    const runs = answer.next_runs.map(
      (at) => `  ${formatTimestamp(at)} (${formatRelativeTime(at, Date.now())})`,
    );
    return [headline, ...(runs.length > 0 ? ['Next runs:', ...runs] : [describeNoNextRun(answer.job)])].join(
      '\n',
    );
  });
  if (context.globals.format === 'table')
    for (const warning of answer.warnings) context.printMessage(warning);
  // The configuration of a home on another machine is checked there, when it is saved.
  if (context.isRemote) return;
  const { warnAboutConfig } = await import('./config-warnings.ts');
  await warnAboutConfig(context, answer.job);
}
