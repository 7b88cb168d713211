import type { OperationOutput } from '../core/operations/call-operation.ts';
import type { Terminal } from './terminal.ts';
import { distanceWords, instantWords } from './words.ts';

/** A schedule in words, its next instants, and what is special about them. */
export function previewText(
  { description, next_runs, notes, warnings }: OperationOutput<'preview_schedule'>,
  { colors }: Terminal,
  now: number,
): string {
  return [
    colors.bold(description),
    ...next_runs.map((at) => `  ${instantWords(at)} (${distanceWords(at, now)})`),
    ...(next_runs.length === 0 ? ['  it will not run any more'] : []),
    ...notes.map((note) => `${colors.yellow(note.kind)} ${note.text}`),
    ...warnings.map((warning) => `${colors.red('warning')} ${warning}`),
  ].join('\n');
}
