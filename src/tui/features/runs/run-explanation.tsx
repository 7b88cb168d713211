import { Box } from 'ink';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { formatDifferences } from '../../../core/model/differences.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { State } from '../../kernel/model.ts';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { localizeInstants } from '../../ui/format.ts';
import { wrapText } from '../../ui/text/fit.ts';

/** With at least this many lines, a rule is drawn above them. */
const RULE_FROM = 3;

interface RunExplanationProps {
  state: State;
  run: RunOutput;
  columns: number;
  lines: number;
}

/**
 * The explanation of the selected run in `lines` lines below the list. The list itself only has space for its start.
 */
export function RunExplanation({ state, run, columns, lines }: RunExplanationProps) {
  const theme = useTheme();
  const problem = describeRunProblem(run, state);
  // The row that a screen reader has read says the problem as a whole.
  const said = theme.screenReader ? '' : problem;
  const explanation = problem === '' ? describeRunOutcome(run) : said;
  const worker = run.worker === null ? [] : [`On worker ${run.worker}`];
  const hasRule = lines >= RULE_FROM;
  const room = hasRule ? lines - 1 : lines;
  const rows = wrapText(sanitizeText([...worker, explanation].filter(Boolean).join('; ')), columns);
  const shown = rows.slice(0, room);
  if (rows.length > room) shown[room - 1] = truncateToWidth(rows.slice(room - 1).join(' '), columns);
  return (
    <Box flexDirection="column" height={lines} flexShrink={0} overflow="hidden">
      {hasRule && <Text style="faint">{theme.sign('line').repeat(columns)}</Text>}
      {shown.map((row, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
        <Box key={line} height={1} flexShrink={0}>
          <Text style={run.error === null ? 'faint' : STATUS_DISPLAY[run.status].style}>{row}</Text>
        </Box>
      ))}
    </Box>
  );
}

/** The error, the failed checks, what the run waits for, or why it did not run; empty when all went well. */
export function describeRunProblem(
  run: RunOutput,
  { now, timezone }: Pick<State, 'now' | 'timezone'>,
): string {
  const { error, waits_for, reason, attempt, max_attempts, retry_of } = run;
  const parts = [
    attempt > 1 ? `attempt ${attempt} of ${max_attempts}` : null,
    error === null ? null : error.message,
    ...describeFailedChecks(run),
    waits_for,
    reason,
    retry_of === null ? null : `retry of ${retry_of}`,
  ];
  const problem = parts.filter((part) => part !== null && part !== '').join('; ');
  return localizeInstants(problem, { now, zone: timezone, here: timezone });
}

/** The outcome of a run that needs no explanation. */
function describeRunOutcome({ output_path, changes }: RunOutput): string {
  const changed = changes === null ? '' : formatDifferences(changes);
  const parts = [
    changed === '' ? null : `Since the last good run: ${changed}`,
    output_path === null ? null : `Output: ${output_path}`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}

/**
 * The failed checks of a run, one line each. Empty when they are the run's error, because the error already states
 * them.
 */
export function describeFailedChecks({ error, checks }: Pick<RunOutput, 'error' | 'checks'>): string[] {
  if (error?.kind === 'check_failed') return [];
  return checks.filter(({ passed }) => !passed).map(({ message }) => message);
}

/** The results of a run's checks against the job's expectations; `null` when it has no checks. */
export function describeChecks(checks: RunOutput['checks']): string | null {
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return checks.length === 1 ? '1 passed' : `all ${checks.length} passed`;
  const names = failed.map(({ check, rule, field }) =>
    field === null ? check : `${rule ?? check} of ${field}`,
  );
  return `${failed.length} of ${checks.length} failed: ${names.join(', ')}`;
}
