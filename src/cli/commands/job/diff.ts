import { type Command, Option } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationInput, OperationOutput } from '../../../core/operations/call-operation.ts';
import { runOfOtherJob } from '../../../core/runs/run-errors.ts';
import { type CommandContext, readRun, resolveJobWithRuns } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import type { Run } from '../../render/run-view.ts';

interface Flags {
  key?: string;
  whole?: boolean;
  all?: boolean;
  fields?: string[];
  kind?: NonNullable<OperationInput<'compare_runs'>['kind']>;
  sort?: 'change';
  limit?: number;
}

export function jobDiff(): Command {
  const command = leafCommand('diff <job> [run] [later]', {
    overSsh: true,
    description:
      'Show the differences between two runs of a job. One run is compared with the last good one before it (default: the newest), or two are compared in their order. A key field identifies items: --key, else the key of the configuration (changes.key, output.key), else a unique field with a telling name. What counts as a change is what changes of the configuration says; --all shows the rest, too.',
    json: 'compare_runs: { run_id, with_run_id, key, key_from, rules, warnings?, added, removed, changed, unchanged, by_field, examples, next_cursor? }',
    examples: [
      ['job diff news', 'what is new since the run before'],
      ['job diff news k3f9 --key link', 'that run against the last good one before it, by their links'],
      ['job diff news --all', 'also what changes of the configuration leaves out'],
      ['job diff news 7hq2 k3f9 --json', 'from the first to the second, for a script'],
    ],
  })
    .option('--key <field>', 'the field that tells items apart')
    .addOption(
      new Option('--whole', 'compare items as a whole: a change is one removed, one added').conflicts('key'),
    )
    .option('--all', 'every difference, whatever changes of the configuration leaves out')
    .option('--fields <names>', 'compare and show only these, separated by commas', (names) =>
      names.split(','),
    )
    .addOption(
      new Option('--kind <kind>', 'only differences of this kind').choices(['changed', 'added', 'removed']),
    )
    .addOption(new Option('--sort <order>', 'the largest change of a number first').choices(['change']))
    .option('--limit <n>', 'at most this many differences (default 20)', integerParser(0, 100));
  return onCommand<[string, string?, string?], Flags>(command, diff);
}

async function diff(
  context: CommandContext,
  [job, first, later]: [string, string?, string?],
  { key, whole, all, limit, ...query }: Flags,
): Promise<void> {
  const jobId = await resolveJobWithRuns(context, job);
  const named = later ?? first;
  const runId =
    named === undefined ? await newestWithItems(context, jobId) : await findRunOfJob(context, jobId, named);
  const earlier =
    later === undefined || first === undefined ? undefined : await findRunOfJob(context, jobId, first);
  const answer = await context.call('compare_runs', {
    run_id: runId,
    ...(earlier !== undefined && { with_run_id: earlier }),
    ...(key !== undefined && { key }),
    ...(whole && { whole }),
    ...(all && { all }),
    ...query,
    ...(limit !== undefined && { limit }),
  });
  await context.print(answer, async () => {
    const { differenceTable } = await import('../../render/run-view.ts');
    return answer.examples.length === 0 ? '' : differenceTable(answer, context.out);
  });
  if (context.globals.format === 'table') printCounts(context, answer);
}

/** The newest run that has items, whether or not it succeeded. */
async function newestWithItems(context: CommandContext, jobId: string): Promise<string> {
  const hasItems = ({ status, error }: Pick<Run, 'status' | 'error'>) =>
    status === 'succeeded' || error?.kind === 'check_failed';
  const { runs } = await context.invoke('list_runs', { job_id: jobId, limit: 1_000 });
  const run = runs.find(hasItems);
  if (run) return run.run_id;
  throw new QuickscrapeError('run_not_found', `job ${jobId} has no run with items yet`, {
    field: 'run_id',
    hint: `Make one with: ${context.command(`job run ${jobId}`)}`,
  });
}

async function findRunOfJob(context: CommandContext, jobId: string, idOrPrefix: string): Promise<string> {
  const run = await readRun(context, idOrPrefix);
  if (run.jobId === jobId) return run.runId;
  const hint = `List the runs of the job with: ${context.command(`job history ${jobId}`)}`;
  throw runOfOtherJob(run, jobId, hint);
}

function printCounts(context: CommandContext, answer: OperationOutput<'compare_runs'>): void {
  const { added, removed, changed, unchanged, key, key_from, run_id, with_run_id, examples } = answer;
  const keySource = key_from === 'configuration' ? ' (the key of the configuration)' : '';
  const how = key === null ? 'compared as a whole' : `told apart by ${key}${keySource}`;
  context.printMessage(
    `${pluralize(added, 'item')} added, ${removed} removed, ${changed} changed, ${unchanged} the same: run ${with_run_id} → ${run_id}, ${how}.`,
  );
  if (answer.rules.length > 0)
    context.printMessage(
      `Counted as changes of the configuration says (${answer.rules.join(', ')}); --all shows every difference.`,
    );
  for (const warning of answer.warnings ?? []) context.printMessage(`Note: ${sanitizeText(warning)}.`);
  for (const [field, figures] of Object.entries(answer.by_field).slice(0, MAX_FIGURES))
    context.printMessage(`${sanitizeText(field)}: ${describeFieldChanges(figures)}`);
  const rest = added + removed + changed - examples.length;
  if (rest > 0)
    context.printMessage(`${pluralize(rest, 'more difference')}; --limit (at most 100) shows more.`);
}

/** The most fields with figures below the table. */
const MAX_FIGURES = 10;

type FieldChanges = OperationOutput<'compare_runs'>['by_field'][string];

function describeFieldChanges({ changed, up, down, median_percent, largest }: FieldChanges): string {
  const parts = [`${changed.toLocaleString('en-US')} changed`];
  if (up + down > 0) parts.push(`${up} up`, `${down} down`);
  if (median_percent !== undefined) parts.push(`median ${formatPercent(median_percent)}`);
  if (largest !== undefined) parts.push(`largest ${formatPercent(largest.percent)}`);
  return `${parts.join(', ')}.`;
}

function formatPercent(percent: number): string {
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
