import type { Command } from 'commander';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';

export function validateCommand(): Command {
  const command = leafCommand('validate <config|file>', {
    description: 'Check a configuration. Each error has its place and a fix. Exits 2 when there is an error.',
    json: '{ config, valid, issues }: each issue with severity, path, message, file, line, column, hint',
    examples: [
      ['validate books', 'one of the home'],
      ['validate ./books.yaml', 'a file'],
    ],
  });
  return onCommand<[string], object>(command, async (context, [argument]) => {
    const [{ checkConfig }, { readHomeEnvironment }, { resolveHome }] = await Promise.all([
      import('../../scrape/config/parse-config.ts'),
      import('../../scrape/config/home-environment.ts'),
      import('../../core/fs/paths.ts'),
    ]);
    const { codeFrame } = await import('../render/code-frame.ts');
    const { readConfigSource } = await import('./read-config-source.ts');
    const { yaml, file } = await readConfigSource(context, argument);
    const { env, doubts } = readHomeEnvironment(resolveHome({ home: context.globals.home }));
    const secretIssues = doubts.map((issue) => ({ ...issue, severity: 'warning' as const }));
    const issues = [...checkConfig(yaml, file, env), ...secretIssues];
    const errors = issues.filter(({ severity }) => severity === 'error').length;
    const { colors } = context.out;
    await context.print({ config: file, valid: errors === 0, issues }, () => {
      const lines = issues.map(({ severity, line, column, path, message, hint, file: where }) => {
        const location = [where ?? file, line, column].filter((part) => part !== undefined).join(':');
        const word = severity === 'error' ? colors.red('error') : colors.yellow('warning');
        const field = path === '' || message.startsWith(path) ? '' : `${path}: `;
        const frame = codeFrame(yaml, line, column).map((each) => `\n    ${colors.dim(each)}`);
        const help = hint === undefined ? '' : `\n    ${colors.dim(sanitizeText(hint))}`;
        return `${sanitizeText(location)}: ${word}: ${sanitizeText(`${field}${message}`)}${frame.join('')}${help}`;
      });
      const summary =
        errors === 0
          ? `${colors.green('valid')} ${sanitizeText(file)}`
          : `${pluralize(errors, 'error')} in ${sanitizeText(file)}`;
      return [...lines, summary].join('\n');
    });
    return errors === 0 ? EXIT.done : EXIT.usage;
  });
}
