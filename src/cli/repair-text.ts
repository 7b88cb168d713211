import { countWords } from '../core/count-words.ts';
import type { Chore } from '../core/repair/chores.ts';
import type { FilePlan } from '../core/repair/plan-files.ts';
import type { Flaw } from '../core/repair/repair-text.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';

const HEADS = {
  repairable: 'can be repaired',
  beyond: 'is left alone: mend it by hand',
  newer: 'is left alone',
} as const;

/** What is wrong and what would be done, file by file, before anybody is asked. */
export function repairPlanText(
  plans: readonly FilePlan[],
  chores: readonly Chore[],
  deadRuns: number,
  { colors }: Terminal,
): string {
  const lines = plans.flatMap(({ name, state, flaws, diff }) => [
    `${state === 'repairable' ? colors.yellow('!') : colors.red('✗')} jobs/${visibleText(name)} ${HEADS[state]}`,
    ...eachOnce(flaws).map((line) => `    ${line}`),
    ...diff.map((line) => {
      const text = `    ${visibleText(line)}`;
      return line.startsWith('-') ? colors.red(text) : colors.green(text);
    }),
  ]);
  for (const { message } of chores) lines.push(`${colors.yellow('!')} home: ${visibleText(message)}`);
  if (deadRuns > 0)
    lines.push(`${colors.yellow('!')} runs: settle ${countWords(deadRuns, 'run')} whose process died`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** The same flaw in many places is one line. */
function eachOnce(flaws: readonly Flaw[]): string[] {
  const counts = new Map<string, number>();
  for (const { message } of flaws) counts.set(message, (counts.get(message) ?? 0) + 1);
  return flaws.flatMap((flaw) => {
    const count = counts.get(flaw.message) ?? 0;
    counts.delete(flaw.message);
    return count === 0 ? [] : [`${placed(flaw)}${count > 1 ? ` (${count} times)` : ''}`];
  });
}

function placed({ line, column, message }: Flaw): string {
  return line === undefined ? visibleText(message) : `${line}:${column ?? 1}: ${visibleText(message)}`;
}

export interface RepairAnswer {
  applied: boolean;
  backup: string | null;
  files: readonly { file: string; state: string }[];
  runs: readonly string[];
}

/** What came of it. */
export function repairEndText(
  { applied, backup, files, runs }: RepairAnswer,
  { todo, dryRun }: { todo: number; dryRun: boolean },
  { colors }: Terminal,
): string {
  const count = (state: string) => files.filter((file) => file.state === state).length;
  const lines: string[] = [];
  if (applied) {
    if (count('repaired') > 0) lines.push(colors.green(`Repaired ${countWords(count('repaired'), 'file')}.`));
    if (backup !== null) lines.push(`What stood in them before: ${visibleText(backup)}`);
    if (count('changed') > 0)
      lines.push(`${countWords(count('changed'), 'file')} changed meanwhile: run it again.`);
    if (runs.length > 0) lines.push(`Settled ${countWords(runs.length, 'run')}.`);
  } else if (todo > 0)
    lines.push(
      dryRun
        ? 'Nothing was changed.'
        : 'Nothing was changed. To make these changes without being asked: --yes',
    );
  if (count('beyond') > 0)
    lines.push(colors.red(`${countWords(count('beyond'), 'file')} must be mended by hand.`));
  return lines.length === 0 ? 'Nothing is to be repaired.' : lines.join('\n');
}
