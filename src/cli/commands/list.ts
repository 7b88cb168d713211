import type { Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { formatTimestamp } from '../render/format.ts';
import { renderTable } from '../render/table.ts';

export function listCommand(): Command {
  const command = leafCommand('list', {
    description: 'List the configurations.',
    json: 'list_configs: { configs, total }',
    examples: [['list', 'names, and the jobs that use each']],
  });
  return onCommand<[], object>(command, async (context) => {
    const answer = await context.call('list_configs', {});
    await context.print(answer, () => {
      if (answer.total === 0) return '';
      return renderTable(
        [
          { title: 'CONFIG', value: (config) => config.config_name },
          { title: 'CHANGED', value: (config) => formatTimestamp(config.updated_at), drop: 1 },
          { title: 'JOBS', value: (config) => config.jobs.join(', ') || '-', flexible: true, drop: 2 },
        ],
        answer.configs,
        context.out,
      );
    });
    if (answer.total === 0 && context.globals.format === 'table') {
      context.printMessage('No configurations yet. Make an example with: quickscrape init');
    }
  });
}
