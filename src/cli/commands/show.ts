import type { Command } from 'commander';
import { sanitizeLines } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';

export function showCommand(): Command {
  const command = leafCommand('show <config>', {
    description: 'Print a configuration.',
    json: 'get_config: { config_name, yaml, revision, file }',
    examples: [['show books > books-copy.yaml', 'as a file of its own']],
  });
  return onCommand<[string], object>(command, async (context, [config]) => {
    const answer = await context.call('get_config', { config_name: config });
    // Into a file the text goes as it is; only a terminal must be protected from it.
    await context.print(answer, () => (context.out.isTerminal ? sanitizeLines(answer.yaml) : answer.yaml));
  });
}
