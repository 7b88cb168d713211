import { safeJson, sanitizeText } from '../../core/lib/terminal-text.ts';
import type { CommandContext } from '../context/context.ts';
import { fileSize, followFile } from './follow-file.ts';

export interface LogRequest {
  file: string;
  /** How many of the last lines. */
  lines: number;
  /** Go on with what is added, until `isFinished`. */
  follow?: { isFinished: () => boolean };
  /** What stands beside `lines` in the printed object. */
  extraFields: Record<string, unknown>;
}

/** Prints the end of a log; with `follow` what is added as well, in JSON one string a line. */
export async function printLog(context: CommandContext, request: LogRequest): Promise<void> {
  const { tailLines } = await import('../../core/runs/run-files.ts');
  const { file, follow } = request;
  const offset = follow === undefined ? 0 : fileSize(file);
  const lines = tailLines(file, request.lines);
  if (follow === undefined) {
    await context.print({ ...request.extraFields, lines }, () => lines.map(sanitizeText).join('\n'));
    return;
  }
  const json = context.globals.format === 'json';
  const write = (line: string) => context.out.write(`${json ? safeJson(line) : sanitizeText(line)}\n`);
  for (const line of lines) write(line);
  const { signal } = context.interrupt;
  for await (const line of followFile(file, { offset, isFinished: follow.isFinished, signal })) write(line);
}
