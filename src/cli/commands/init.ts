import type { Command } from 'commander';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';

export function initCommand(): Command {
  const command = leafCommand('init', {
    description:
      'Make the home folder, with an example configuration to start from. Changes nothing that is there.',
    json: '{ home, configs, created }: the home, its configurations folder, and the files made',
    examples: [
      ['init', 'in ~/.quickscrape'],
      ['init --home ./scraping', 'in a folder of a project'],
    ],
  });
  return onCommand<[], object>(command, async (context) => {
    const { EXAMPLE_CONFIG, EXAMPLE_NAME } = await import('./example-config.ts');
    const { paths, configs } = await context.workspace('make');
    const created: string[] = [];
    if (configs.list().length === 0) {
      await configs.write(EXAMPLE_NAME, EXAMPLE_CONFIG);
      created.push(configs.read(EXAMPLE_NAME).file);
    }
    await context.print({ home: paths.home, configs: paths.configs, created }, () =>
      [
        `Home ${sanitizeText(paths.home)} is ready.`,
        ...created.map((file) => `Wrote ${sanitizeText(file)}: open it, it explains itself.`),
        '',
        'Next:',
        `  quickscrape scrape ${EXAMPLE_NAME} --sample 5`,
        `  quickscrape job create --config ${EXAMPLE_NAME} --schedule daily --at 09:00`,
        '  quickscrape scheduler start --daemon',
      ].join('\n'),
    );
  });
}
