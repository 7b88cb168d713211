import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { programCommand } from '../../../core/lib/installation.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { type CommandContext, readDefinition } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser, rejectXlsPath } from '../../flags/flag-values.ts';
import { addJobOptions, jobFieldsFromFlags } from '../../flags/job-flags.ts';
import { addScheduleOptions, mergeScheduleFlags, type ScheduleFlags } from '../../flags/schedule-flags.ts';
import { describeNoNextRun } from '../../render/format.ts';

interface Flags extends ScheduleFlags {
  config?: string;
  enable?: boolean;
  disable?: boolean;
  outputFormat?: string;
  outputPath?: string;
  ifRevision?: number;
  dryRun?: boolean;
}

/** Fields whose update may need a warning. */
const TIMING_FIELDS: ReadonlySet<string> = new Set([
  'schedule',
  'stagger',
  'jitter',
  'overlap',
  'enabled',
  'paused',
]);

export function jobUpdate(): Command {
  const command = leafCommand('update <job>', {
    overSsh: true,
    description:
      'Change the fields that the flags name; the others stay. "none" clears a field that may be empty, --tag "" all tags.',
    json: 'update_job: { job, changed, warnings }',
    examples: [
      ['job update news --at 07:30', 'another time; the kind of schedule, its day and its zone stay'],
      ['job update news --disable', 'it does not run by its schedule; --enable undoes that'],
      ['job update news --on-failure none --max-retries 5', 'no command after a failure, more attempts'],
    ],
  }).option('--config <name>', 'another configuration');
  addScheduleOptions(command);
  addJobOptions(command)
    .option('--enable', 'run it by its schedule')
    .option('--disable', 'do not run it by its schedule')
    .option('--if-revision <n>', 'only if the job still has this revision', integerParser(1))
    .option('--dry-run', 'show the result, save nothing');
  return onCommand<[string], Flags>(command, updateJob);
}

async function updateJob(context: CommandContext, [job]: [string], flags: Flags): Promise<void> {
  if (flags.enable && flags.disable) {
    throw new QuickscrapeError('invalid_params', '--enable and --disable exclude each other', {
      field: 'enabled',
    });
  }
  rejectXlsPath(flags.outputFormat, flags.outputPath);
  const { jobId, definition } = await readDefinition(context, job);
  const schedule = mergeScheduleFlags(definition.schedule, flags);
  const changes = {
    ...(flags.config !== undefined && { config_name: flags.config }),
    ...(schedule !== undefined && { schedule }),
    ...jobFieldsFromFlags(flags, definition),
    ...((flags.enable || flags.disable) && { enabled: flags.enable === true }),
  };
  if (Object.keys(changes).length === 0) {
    throw new QuickscrapeError('invalid_params', 'nothing to change: no flag names a field', {
      hint: `For example: ${context.command(`job update ${jobId} --at 07:30`)}. All flags: ${programCommand()} job update --help`,
    });
  }
  const answer = await context.call('update_job', {
    job_id: jobId,
    changes,
    ...(flags.ifRevision !== undefined && { if_revision: flags.ifRevision }),
    ...(flags.dryRun && { dry_run: true }),
  });
  if (flags.outputPath !== undefined && !context.isRemote) {
    const { warnAboutExtension } = await import('./config-warnings.ts');
    await warnAboutExtension(context, answer.job);
  }
  await context.print(answer, () => describeUpdate(answer, flags.dryRun ?? false));
  const isTimingChanged = answer.changed.some((field) => TIMING_FIELDS.has(field));
  if (context.globals.format !== 'table') return;
  const { COMMAND_FIELDS } = await import('../../../core/model/definition.ts');
  for (const warning of answer.warnings)
    if (isTimingChanged || COMMAND_FIELDS.some((field) => warning.startsWith(`${field}:`)))
      context.printMessage(warning);
  if (!isTimingChanged) return;
  const { enabled, next_run } = answer.job;
  if (answer.changed.includes('schedule') && enabled && next_run === null)
    context.printMessage(describeNoNextRun(answer.job));
}

function describeUpdate({ job, changed }: OperationOutput<'update_job'>, dryRun: boolean): string {
  const fields = changed.filter((name) => name !== 'paused');
  const resumed = fields.length < changed.length;
  const sentences = [
    ...(fields.length > 0
      ? [
          `${dryRun ? 'Would change' : 'Changed'} ${fields.join(', ')} of job ${job.id} (revision ${job.revision})`,
        ]
      : []),
    ...(resumed ? [`Job ${job.id} ${dryRun ? 'would be' : 'is'} resumed: it was paused after failures`] : []),
  ];
  return sentences.length > 0 ? sentences.join('\n') : `Job ${job.id} has these values already`;
}
