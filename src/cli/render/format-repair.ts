import type { HomeFix } from '../../core/diagnostics/repair/home-fixes.ts';
import type { FilePlan } from '../../core/diagnostics/repair/plan-files.ts';
import type { Flaw } from '../../core/diagnostics/repair/repair-text.ts';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import { codeFrame } from './code-frame.ts';
import type { Terminal } from './terminal.ts';

const STATE_LABELS = {
  repairable: 'can be repaired',
  beyond: 'is left alone: fix it by hand',
  newer: 'is left alone',
} as const;

/** What is wrong and what would be done, file by file, before anybody is asked. */
export function formatRepairPlan(
  plans: readonly FilePlan[],
  chores: readonly HomeFix[],
  deadRuns: number,
  { colors }: Terminal,
): string {
  const lines = plans.flatMap(({ name, state, flaws, diff, source }) => [
    `${state === 'repairable' ? colors.yellow('!') : colors.red('✗')} jobs/${sanitizeText(name)} ${STATE_LABELS[state]}`,
    ...formatFlaws(flaws, source, colors),
    ...diff.map((line) => {
      const text = `    ${sanitizeText(line)}`;
      return line.startsWith('-') ? colors.red(text) : colors.green(text);
    }),
  ]);
  for (const { message } of chores) lines.push(`${colors.yellow('!')} home: ${sanitizeText(message)}`);
  if (deadRuns > 0)
    lines.push(`${colors.yellow('!')} runs: settle ${pluralize(deadRuns, 'run')} whose process died`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** The same flaw in many places is one line. */
function formatFlaws(
  flaws: readonly Flaw[],
  source: string | undefined,
  colors: Terminal['colors'],
): string[] {
  const counts = new Map<string, number>();
  for (const { message } of flaws) counts.set(message, (counts.get(message) ?? 0) + 1);
  return flaws.flatMap((flaw) => {
    const count = counts.get(flaw.message) ?? 0;
    counts.delete(flaw.message);
    if (count === 0) return [];
    const frame = source === undefined ? [] : codeFrame(source, flaw.line, flaw.column);
    const times = count > 1 ? ` (${count} times)` : '';
    return [`    ${formatFlaw(flaw)}${times}`, ...frame.map((line) => `      ${colors.dim(line)}`)];
  });
}

function formatFlaw({ line, column, message }: Flaw): string {
  return line === undefined ? sanitizeText(message) : `${line}:${column ?? 1}: ${sanitizeText(message)}`;
}

export interface RepairResult {
  applied: boolean;
  backup: string | null;
  files: readonly { file: string; state: string }[];
  runs: readonly string[];
}

/** What came of it. */
export function formatRepairResult(
  { applied, backup, files, runs }: RepairResult,
  { todo, dryRun }: { todo: number; dryRun: boolean },
  { colors }: Terminal,
): string {
  const count = (state: string) => files.filter((file) => file.state === state).length;
  const lines: string[] = [];
  if (applied) {
    if (count('repaired') > 0) lines.push(colors.green(`Repaired ${pluralize(count('repaired'), 'file')}.`));
    if (backup !== null) lines.push(`What stood in them before: ${sanitizeText(backup)}`);
    if (count('changed') > 0)
      lines.push(`${pluralize(count('changed'), 'file')} changed meanwhile: run it again.`);
    if (runs.length > 0) lines.push(`Settled ${pluralize(runs.length, 'run')}.`);
  } else if (todo > 0)
    lines.push(
      dryRun
        ? 'Nothing was changed.'
        : 'Nothing was changed. To make these changes without being asked: --yes',
    );
  if (count('beyond') > 0)
    lines.push(colors.red(`${pluralize(count('beyond'), 'file')} must be fixed by hand.`));
  return lines.length === 0 ? 'Nothing is to be repaired.' : lines.join('\n');
}
