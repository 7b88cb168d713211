import { Box } from 'ink';
import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { formatDifferences } from '../../../core/model/differences.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import type { State } from '../../kernel/model.ts';
import { Row, Text, useTheme } from '../../ui/components/text.tsx';
import { formatDateTime, formatOffset, formatRunDuration } from '../../ui/format.ts';
import { labeledText, type StyledRow } from '../../ui/styled-row.ts';
import { triggerText } from './run-columns.ts';
import { describeChecks } from './run-explanation.tsx';

interface RunFactsProps {
  state: State;
  run: RunOutput;
  columns: number;
  lines: number;
}

/** What the row of the selected run has no room for, in `lines` lines below the list. Why it failed is in its log. */
export function RunFacts({ state, run, columns, lines }: RunFactsProps) {
  const theme = useTheme();
  return (
    <Box flexDirection="column" height={lines} flexShrink={0} overflow="hidden">
      <Text style="faint">{theme.sign('line').repeat(columns)}</Text>
      {factRows(state, run, columns).map((row, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
        <Row key={line} row={row} />
      ))}
    </Box>
  );
}

function factRows(state: State, run: RunOutput, columns: number): StyledRow[] {
  const { started_at, scheduled_for, duration_ms, items, pages, bytes, changes } = run;
  const changed = changes === null ? '' : formatDifferences(changes);
  const facts: readonly (readonly [label: string, text: string | null])[] = [
    ['Run', [run.run_id, triggerText(run), describeTry(run)].filter((part) => part !== '').join(', ')],
    ['Due', scheduled_for === null ? null : fullTime(scheduled_for, state)],
    ['Started', started_at === null ? null : fullTime(started_at, state)],
    [
      'Took',
      duration_ms === null || started_at === null
        ? null
        : `${formatRunDuration(duration_ms)}: ${pluralize(pages, 'page')}, ${formatBytes(bytes)}, ${pluralize(items, 'item')}`,
    ],
    ['Changes', changed === '' ? null : changed],
    ['Checks', describeChecks(run.checks)],
    ['Output', run.output_path],
    ['Worker', run.worker],
  ];
  return facts.flatMap(([label, text]) =>
    text === null ? [] : labeledText(label, text, columns, { style: 'plain', max: 2 }),
  );
}

function describeTry({ attempt, max_attempts }: RunOutput): string {
  return max_attempts > 1 && attempt > 0 ? `attempt ${attempt} of ${max_attempts}` : '';
}

/** `Tue 24 Nov 14:03:09 +01:00` */
function fullTime(instant: string, { now, timezone }: State): string {
  const at = Date.parse(instant);
  return `${formatDateTime(at, now, timezone)} ${formatOffset(at, timezone)}`;
}
