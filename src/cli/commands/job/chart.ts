import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { type CommandContext, resolveJobWithRuns } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';

interface Flags {
  limit?: number;
  fields?: true;
}

/** Figures of a run's fields; none where its items are gone. */
async function readStats(context: CommandContext, run_id: string) {
  try {
    return (await context.call('list_items', { run_id, limit: 0, stats: true })).stats;
  } catch (error) {
    if (error instanceof QuickscrapeError && error.code === 'conflict') return undefined;
    throw error;
  }
}

/** More runs than a terminal has columns are drawn several to a column. */
const RUNS = 100;

export function jobChart(): Command {
  const command = leafCommand('chart <job>', {
    overSsh: true,
    description:
      'Draw a job’s runs as charts: success, items, duration, bytes and time per page. Each scale goes from the lowest to the highest value of the runs that succeeded; ✗ marks the others that failed. --fields adds the median of each field that holds numbers, of the newest 30 runs whose items are kept. Response times are not kept. The whole id of a deleted job works too.',
    json: '{ job_id, total, success: { runs, succeeded, failed, success_rate }, figures: { items?, duration_ms?, bytes?, ms_per_page? }, fields?: { <field> }, each of { lowest, highest, median, last }, runs: [{ run_id, at, status, items, duration_ms, bytes, pages, ms_per_page }] }',
    examples: [
      ['job chart news', 'the last hundred runs'],
      ['job chart news --limit 20 --json', 'the figures for a script'],
      ['job chart prices --fields', 'the curve of the median price, too'],
    ],
  })
    .option('--limit <n>', 'the newest runs, at most this many (default 100)', integerParser(1, 1000))
    .option('--fields', 'also the median of each field that holds numbers; reads the items of 30 runs');
  return onCommand<[string], Flags>(command, async (context, [job], { limit = RUNS, fields }) => {
    const jobId = await resolveJobWithRuns(context, job);
    const { runs, total } = await context.invoke('list_runs', { job_id: jobId, limit });
    const view = await import('../../render/chart-view.ts');
    const medians: Record<string, Record<string, number>> = {};
    for (const { run_id } of fields ? view.runsWithMedians(runs) : [])
      medians[run_id] = view.mediansOf(await readStats(context, run_id));
    const figures = view.jobFigures(runs, limit, medians);
    await context.print(view.chartOutput(jobId, total, figures), () =>
      figures.runs.length === 0 ? '' : view.jobCharts(figures, context.out, Date.now()),
    );
    if (context.globals.format !== 'table') return;
    if (figures.runs.length === 0) context.printMessage(`No run of job ${jobId} has ended yet.`);
    else if (runs.length < total)
      context.printMessage(`${pluralize(total - runs.length, 'older run')}; raise --limit to see them.`);
  });
}
