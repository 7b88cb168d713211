import type { Finding } from '../../core/diagnostics/doctor/finding.ts';
import type { HomeFix } from '../../core/diagnostics/repair/home-fixes.ts';
import type { FilePlan } from '../../core/diagnostics/repair/repair-files.ts';
import type { Flaw } from '../../core/diagnostics/repair/repair-text.ts';
import { truncateToWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { Colors, Terminal } from './terminal.ts';

/** Formats the doctor's findings for people: one line each, with its fix below. */
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

const MAX_WIDTH = 100;

/** Matches the password in an address and the value of a `password` key, except variables. */
const PASSWORD_PATTERNS = [
  /(?<=:\/\/[^\s/?#@:]*:)(?!\$\{)[^\s/?#@]+(?=@)/gi,
  /(?<=\bpassword["']?\s*:\s*")(?!\$\{)[^"]+/gi,
  /(?<=\bpassword["']?\s*:\s*')(?!\$\{)[^']+/gi,
  /(?<=\bpassword["']?\s*:\s*)(?!\$\{)[^\s"',{}#][^,{}]*/gi,
];

/**
 * The line of a text with an error, and a mark below the position; empty if the line does not exist. Passwords are
 * masked, because terminal output may be stored.
 * @param line from 1
 * @param column from 1
 */
export function codeFrame(text: string, line: number | undefined, column = 1): string[] {
  const written = line === undefined ? undefined : text.split(/\r?\n/)[line - 1];
  if (written === undefined || written.trim() === '' || column > MAX_WIDTH) return [];
  const number = String(line);
  // The mask has the password's length, so that the mark stays below its position.
  const shown = PASSWORD_PATTERNS.reduce(
    (before, pattern) => before.replaceAll(pattern, (password) => '*'.repeat(password.length)),
    written,
  );
  return [
    `${number} | ${truncateToWidth(sanitizeText(shown), MAX_WIDTH)}`,
    `${' '.repeat(number.length)} | ${' '.repeat(column - 1)}^`,
  ];
}

const STATE_LABELS = {
  repairable: 'can be repaired',
  beyond: 'is left alone: fix it by hand',
  newer: 'is left alone',
} as const;

/** Formats the flaws and the planned repairs, by file, for the confirmation. */
export function formatRepairPlan(
  plans: readonly FilePlan[],
  homeFixes: readonly HomeFix[],
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
  for (const { message } of homeFixes) lines.push(`${colors.yellow('!')} home: ${sanitizeText(message)}`);
  if (deadRuns > 0)
    lines.push(`${colors.yellow('!')} runs: settle ${pluralize(deadRuns, 'run')} whose process died`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** The same flaw in several places becomes one line. */
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
  chores: readonly unknown[];
  runs: readonly string[];
}

/** Formats the result of a repair. */
export function formatRepairResult(
  { applied, backup, files, chores: homeFixes, runs }: RepairResult,
  { todo, dryRun }: { todo: number; dryRun: boolean },
  { colors }: Terminal,
): string {
  const count = (state: string) => files.filter((file) => file.state === state).length;
  const lines: string[] = [];
  if (applied) {
    if (count('repaired') > 0) lines.push(colors.green(`Repaired ${pluralize(count('repaired'), 'file')}.`));
    if (backup !== null) lines.push(`The originals are in: ${sanitizeText(backup)}`);
    if (count('changed') > 0)
      lines.push(`${pluralize(count('changed'), 'file')} changed meanwhile: run it again.`);
    if (homeFixes.length > 0) lines.push(colors.green('Fixed the files and folders of the home.'));
    if (runs.length > 0) lines.push(`Settled ${pluralize(runs.length, 'run')}.`);
  } else if (todo > 0)
    lines.push(
      dryRun
        ? 'Nothing was changed.'
        : 'Nothing was changed. To make these changes without being asked: --yes',
    );
  if (count('beyond') > 0)
    lines.push(colors.red(`${pluralize(count('beyond'), 'file')} must be fixed by hand.`));
  return lines.length === 0 ? 'There is nothing to repair.' : lines.join('\n');
}
