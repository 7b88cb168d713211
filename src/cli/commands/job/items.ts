import type { Command } from 'commander';
import { pluralize } from '../../../core/lib/pluralize.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import { resolveRunId } from './resolve-ids.ts';

export function jobItems(): Command {
  const command = leafCommand('items <run>', {
    description: 'Show the items that a run found.',
    json: '{ run_id, items, total }: the first items, and how many the run has',
    examples: [
      ['job items k3f9 --limit 5', 'the first five as a table'],
      ['job items k3f9 --json | jq .items', 'for a script'],
    ],
  }).option('--limit <n>', 'at most this many (default 20)', integerParser(1, 1_000_000));
  return onCommand<[string], { limit?: number }>(command, async (context, [run], { limit = 20 }) => {
    const { readItems, runFiles } = await import('../../../core/runs/run-files.ts');
    const workspace = await context.workspace();
    const record = workspace.runs.find(await resolveRunId(context, run));
    const items = await readItems(runFiles(workspace.paths, record.jobId, record.runId).items, limit);
    await context.print({ run_id: record.runId, items, total: record.items }, async () => {
      const { itemTable } = await import('../../render/item-table.ts');
      return items.length === 0 ? '' : itemTable(items, context.out);
    });
    if (context.globals.format !== 'table') return;
    if (items.length === 0) context.printMessage(`Run ${record.runId} has no items.`);
    else if (items.length < record.items) {
      context.printMessage(
        `${pluralize(record.items - items.length, 'more item')}; raise --limit to see them.`,
      );
    }
  });
}
