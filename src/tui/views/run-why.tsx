import { Box } from 'ink';
import type { RunOutput } from '../../core/operations/run-output.ts';
import { differenceWords } from '../../core/run/differences.ts';
import { failedCheckWords } from '../runs/run-check-words.ts';
import { cleanLine } from '../text/clean.ts';
import { cut } from '../text/fit.ts';
import { withKeys } from '../text/remedy-keys.ts';
import { wrapWords } from '../text/wrap-words.ts';
import { FACES } from '../theme.ts';
import { Text } from './parts/text.tsx';
import { useTheme } from './parts/theme-context.ts';

/** A rule is drawn above so many lines. */
const RULE_FROM = 3;

/** Below the list of runs, in `lines` lines: all that is to be said of the selected run; the list has room for its beginning. */
export function RunWhy({ run, columns, lines }: { run: RunOutput; columns: number; lines: number }) {
  const theme = useTheme();
  const words = whyWords(run);
  const hasRule = lines >= RULE_FROM;
  const room = hasRule ? lines - 1 : lines;
  const rows = wrapWords(cleanLine(words === '' ? endWords(run) : words), columns);
  const shown = rows.slice(0, room);
  if (rows.length > room) shown[room - 1] = cut(rows.slice(room - 1).join(' '), columns);
  return (
    <Box flexDirection="column" height={lines} flexShrink={0} overflow="hidden">
      {hasRule && <Text look="faint">{theme.sign('line').repeat(columns)}</Text>}
      {shown.map((row, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
        <Box key={line} height={1} flexShrink={0}>
          <Text look={run.error === null ? 'faint' : FACES[run.status].look}>{row}</Text>
        </Box>
      ))}
    </Box>
  );
}

/** The error, what the checks say, what it waits for, or why it did not run; empty when all went well. */
export function whyWords(run: RunOutput): string {
  const { error, waits_for, reason, attempt, max_attempts, retry_of } = run;
  const parts = [
    attempt > 1 ? `attempt ${attempt} of ${max_attempts}` : null,
    error === null ? null : error.message,
    ...failedCheckWords(run),
    waits_for,
    reason,
    retry_of === null ? null : `again ${retry_of}`,
  ];
  return withKeys(parts.filter((part) => part !== null && part !== '').join('; '));
}

/** What came of a run that needs no explanation. */
function endWords({ output_path, changes }: RunOutput): string {
  const changed = changes === null ? '' : differenceWords(changes);
  const parts = [
    changed === '' ? null : `Since the last good run: ${changed}`,
    output_path === null ? null : `Its items went to ${output_path}`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}
