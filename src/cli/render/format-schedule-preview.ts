import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { formatRelativeTime, formatTimestamp } from './format.ts';
import type { Terminal } from './terminal.ts';

/** A schedule in words, its next instants, and what is special about them. */
export function formatSchedulePreview(
  { description, next_runs, notes, warnings }: OperationOutput<'preview_schedule'>,
  { colors }: Terminal,
  now: number,
): string {
  return [
    colors.bold(description),
    ...next_runs.map((at) => `  ${formatTimestamp(at)} (${formatRelativeTime(at, now)})`),
    ...(next_runs.length === 0 ? ['  it will not run any more'] : []),
    ...notes.map((note) => `${colors.yellow(note.kind)} ${note.text}`),
    ...warnings.map((warning) => `${colors.red('warning')} ${warning}`),
  ].join('\n');
}
