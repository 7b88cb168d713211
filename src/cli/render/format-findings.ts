import type { Finding } from '../../core/diagnostics/doctor/finding.ts';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { Colors, Terminal } from './terminal.ts';

/** The doctor's findings for people: one line each, with its fix below. */
export function formatFindings(findings: readonly Finding[], { colors }: Terminal): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, status, message, where, fix }) => {
    const head = `${sign(status, colors)}  ${check.replaceAll('_', ' ').padEnd(width)}`;
    const location = where === undefined ? '' : `${sanitizeText(where)}: `;
    const advice =
      fix === undefined ? '' : `\n   ${' '.repeat(width)}  ${colors.dim(`fix: ${sanitizeText(fix)}`)}`;
    return `${head}  ${location}${sanitizeText(message)}${advice}`;
  });
  const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const summary =
    problems + warnings === 0
      ? colors.green('All is well.')
      : [
          problems > 0 ? colors.red(pluralize(problems, 'problem')) : '',
          warnings > 0 ? colors.yellow(pluralize(warnings, 'warning')) : '',
        ]
          .filter((part) => part !== '')
          .join(', ');
  return [...lines, '', summary].join('\n');
}

function sign(status: Finding['status'], colors: Colors): string {
  if (status === 'ok') return colors.green('✓');
  return status === 'warning' ? colors.yellow('!') : colors.red('✗');
}
