import { countWords } from '../core/count-words.ts';
import type { Finding } from '../core/doctor/finding.ts';
import type { Colors, Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';

/** The doctor's findings for people: one line each, with its fix below. */
export function doctorText(findings: readonly Finding[], { colors }: Terminal): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, status, message, where, fix }) => {
    const head = `${sign(status, colors)}  ${check.replaceAll('_', ' ').padEnd(width)}`;
    const place = where === undefined ? '' : `${visibleText(where)}: `;
    const advice =
      fix === undefined ? '' : `\n   ${' '.repeat(width)}  ${colors.dim(`fix: ${visibleText(fix)}`)}`;
    return `${head}  ${place}${visibleText(message)}${advice}`;
  });
  const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const summary =
    problems + warnings === 0
      ? colors.green('All is well.')
      : [
          problems > 0 ? colors.red(countWords(problems, 'problem')) : '',
          warnings > 0 ? colors.yellow(countWords(warnings, 'warning')) : '',
        ]
          .filter((part) => part !== '')
          .join(', ');
  return [...lines, '', summary].join('\n');
}

function sign(status: Finding['status'], colors: Colors): string {
  if (status === 'ok') return colors.green('✓');
  return status === 'warning' ? colors.yellow('!') : colors.red('✗');
}
