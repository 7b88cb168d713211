import type { Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';
import type { WizardFlags } from '../wizard/wizard-flags.ts';

export function wizardCommand(): Command {
  const command = leafCommand('wizard [url]', {
    description:
      'Create a configuration interactively from a page’s repeating elements. Asks before it saves anything.',
    json: '{ config_name, file, created, revision, yaml, items, sample, warnings, job_id }, with --yes',
    examples: [
      ['wizard https://shop.example/books', 'look at that page, then ask'],
      ['wizard https://shop.example/books --yes --name books', 'take the best proposal, ask nothing'],
    ],
  })
    .option('--yes', 'take the best proposal and ask nothing; never replaces a configuration')
    .option('--name <name>', 'name of the configuration (default: made from the address)')
    .option('--output-format <format>', 'csv, json, jsonl, excel or sqlite (default: csv)')
    .option('--max-pages <count>', 'pages to read, at most (default: 3)');
  return onCommand<[string | undefined], WizardFlags>(command, async (context, [url], flags) => {
    const { runWizard } = await import('../wizard/run-wizard.ts');
    return runWizard(context, url, flags);
  });
}
