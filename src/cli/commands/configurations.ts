import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { sanitizeLines, sanitizeText } from '../../core/lib/sanitize-text.ts';
import { formatLocation, pluralize, withField } from '../../core/lib/text.ts';
import { describeDropped } from '../../scrape/addresses/dropped-entries.ts';
import type { AddressSurvey } from '../../scrape/addresses/survey-urls-from.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { formatTimestamp } from '../render/format.ts';
import { renderTable } from '../render/table.ts';
import type { WizardFlags } from '../wizard/save-suggestion.ts';

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
    const { writeAllSchemas } = await import('../../core/fs/editor-schemas.ts');
    const { paths, configs, isNew } = await context.workspace('make');
    await writeAllSchemas(paths);
    const created: string[] = [];
    if (configs.list().length === 0) {
      await configs.write(EXAMPLE_NAME, EXAMPLE_CONFIG);
      created.push(configs.read(EXAMPLE_NAME).file);
    }
    await context.print({ home: paths.home, configs: paths.configs, created }, () =>
      [
        ...(isNew ? [] : [`Home ${sanitizeText(paths.home)} is ready.`]),
        ...created.map((file) => `Wrote ${sanitizeText(file)}: open it, it explains itself.`),
        '',
        'Next:',
        `  ${context.command(`scrape ${EXAMPLE_NAME} --sample 5`)}`,
        `  ${context.command(`job create --config ${EXAMPLE_NAME} --schedule daily --at 09:00`)}`,
        `  ${context.command('scheduler start --daemon')}`,
      ].join('\n'),
    );
  });
}

export function listCommand(): Command {
  const command = leafCommand('list', {
    overSsh: true,
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
      context.printMessage(`No configurations yet. Make an example with: ${context.command('init')}`);
    }
  });
}

export function showCommand(): Command {
  const command = leafCommand('show <config>', {
    overSsh: true,
    description: 'Print a configuration.',
    json: 'get_config: { config_name, yaml, revision, file }',
    examples: [['show books > books-copy.yaml', 'as a file of its own']],
  });
  return onCommand<[string], object>(command, async (context, [config]) => {
    const answer = await context.call('get_config', { config_name: config });
    // A file gets the text unchanged; only a terminal needs protection from it.
    await context.print(answer, () => (context.out.isTerminal ? sanitizeLines(answer.yaml) : answer.yaml));
  });
}

export function validateCommand(): Command {
  const command = leafCommand('validate <config|file>', {
    description: 'Check a configuration. Each error has its place and a fix. Exits 2 when there is an error.',
    json: '{ config, valid, issues, addresses }: each issue with severity, path, message, file, line, column, hint; addresses { count, first, dropped } with urls_from',
    examples: [
      ['validate books', 'one of the home'],
      ['validate ./books.yaml', 'a file'],
    ],
  });
  return onCommand<[string], object>(command, async (context, [argument]) => {
    const [{ examineConfig }, { readHomeEnvironment }, { resolveHome }] = await Promise.all([
      import('../../scrape/config/parse-config.ts'),
      import('../../core/configs/home-environment.ts'),
      import('../../core/fs/paths.ts'),
    ]);
    const { codeFrame } = await import('../render/format-findings.ts');
    const { readConfigSource } = await import('./read-config-source.ts');
    const { yaml, file } = await readConfigSource(context, argument);
    const paths = resolveHome({ home: context.globals.home });
    const { env, doubts } = readHomeEnvironment(paths);
    const secretIssues = doubts.map((issue) => ({ ...issue, severity: 'warning' as const }));
    const { config, redact, ...examined } = examineConfig(yaml, file, env);
    const configIssues = examined.issues.map(({ isUnsetVariable: _, ...issue }) => issue);
    const folders = { folder: dirname(resolve(file)), paths };
    const { addresses, warnings = [] } = config?.urls_from
      ? await (await import('../../scrape/addresses/survey-urls-from.ts')).surveyUrlsFrom(
          config,
          { folders },
          { yaml, file, redact },
        )
      : {};
    const addressIssues = warnings.map((issue) => ({ ...issue, severity: 'warning' as const }));
    const issues = [...configIssues, ...addressIssues, ...secretIssues];
    const errors = issues.filter(({ severity }) => severity === 'error').length;
    const { colors } = context.out;
    const answer = { config: file, valid: errors === 0, issues, ...(addresses && { addresses }) };
    await context.print(answer, () => {
      const lines = issues.map(({ severity, line, column, path, message, hint, file: where }) => {
        const location = formatLocation(where ?? file, line, column);
        const word = severity === 'error' ? colors.red('error') : colors.yellow('warning');
        const frame = codeFrame(yaml, line, column).map((each) => `\n    ${colors.dim(each)}`);
        const help = hint === undefined ? '' : `\n    ${colors.dim(sanitizeText(hint))}`;
        return `${sanitizeText(location)}: ${word}: ${sanitizeText(withField(path, message))}${frame.join('')}${help}`;
      });
      const summary =
        errors === 0
          ? `${colors.green('valid')} ${sanitizeText(file)}`
          : `${pluralize(errors, 'error')} in ${sanitizeText(file)}`;
      return [...lines, summary, ...(addresses ? [formatAddresses(addresses)] : [])].join('\n');
    });
    return errors === 0 ? EXIT.done : EXIT.usage;
  });
}

function formatAddresses({ count, first, dropped }: AddressSurvey): string {
  const rest = count > first.length ? ', …' : '';
  const note = dropped === undefined ? '' : ` (${describeDropped(dropped)})`;
  return sanitizeText(`${pluralize(count, 'address', 'addresses')}${note}: ${first.join(', ')}${rest}`);
}

export function wizardCommand(): Command {
  const command = leafCommand('wizard [url]', {
    description:
      'Create a configuration interactively from a page’s repeating elements. Asks before it saves anything.',
    json: '{ config_name, file, created, revision, yaml, items, sample, warnings, job_id }, with --yes',
    examples: [
      ['wizard https://shop.example/books', 'inspect that page, then ask'],
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
