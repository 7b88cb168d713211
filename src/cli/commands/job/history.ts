import { type Command, Option } from 'commander';
import { pluralize } from '../../../core/lib/pluralize.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import type { Run } from '../../render/run-view.ts';

interface Flags {
  limit?: number;
  status?: Run['status'];
  since?: string;
}

export function jobHistory(): Command {
  const command = leafCommand('history <job>', {
    description: 'List the runs of a job, newest first. The whole id of a deleted job works too.',
    json: 'list_runs: { runs, total, next_cursor? }',
    examples: [
      ['job history news --status failed', 'what went wrong'],
      ['job history news --since 2026-11-01 --json', 'for a script'],
    ],
  })
    .option('--limit <n>', 'at most this many (default 20)', integerParser(1, 1000))
    .addOption(
      new Option('--status <status>', 'only these').choices(
        'queued running waiting_retry succeeded failed timed_out cancelled skipped missed abandoned'.split(
          ' ',
        ),
      ),
    )
    .option('--since <instant>', 'only runs queued at or after this date or RFC 3339 instant');
  return onCommand<[string], Flags>(command, async (context, [job], { limit, status, since }) => {
    const workspace = await context.workspace();
    // The history of a deleted job stays in the database.
    const hasRuns = workspace.runs.list({ jobId: job, limit: 1 }).total > 0;
    const jobId = hasRuns ? job : workspace.jobs.find(job).id;
    const answer = await context.invoke('list_runs', {
      job_id: jobId,
      limit: limit ?? 20,
      ...(status !== undefined && { status }),
      ...(since !== undefined && { since }),
    });
    await context.print(answer, async () => {
      const { runTable } = await import('../../render/run-view.ts');
      return answer.runs.length === 0 ? '' : runTable(answer.runs, context.out);
    });
    if (context.globals.format !== 'table') return;
    if (answer.total === 0)
      context.printMessage(`No runs of job ${jobId}${(status ?? since) ? ' match' : ' yet'}.`);
    else if (answer.runs.length < answer.total) {
      context.printMessage(
        `${pluralize(answer.total - answer.runs.length, 'older run')}; raise --limit to see them.`,
      );
    }
  });
}
