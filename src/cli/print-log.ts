import type { CommandContext } from './context.ts';
import { followFile, sizeOf } from './follow-file.ts';
import { safeJson, visibleText } from './visible-text.ts';

export interface LogRequest {
  file: string;
  /** How many of the last lines. */
  lines: number;
  /** Go on with what is added, until `isOver`. */
  follow?: { isOver: () => boolean };
  /** What stands beside `lines` in the printed object. */
  about: Record<string, unknown>;
}

/** Prints the end of a log; with `follow` what is added as well, in JSON one string a line. */
export async function printLog(context: CommandContext, request: LogRequest): Promise<void> {
  const { tailLines } = await import('../core/run/run-files.ts');
  const { file, follow } = request;
  const offset = follow === undefined ? 0 : sizeOf(file);
  const lines = tailLines(file, request.lines);
  if (follow === undefined) {
    await context.print({ ...request.about, lines }, () => lines.map(visibleText).join('\n'));
    return;
  }
  const json = context.globals.format === 'json';
  const write = (line: string) => context.out.write(`${json ? safeJson(line) : visibleText(line)}\n`);
  for (const line of lines) write(line);
  const { signal } = context.interrupt;
  for await (const line of followFile(file, { offset, isOver: follow.isOver, signal })) write(line);
}
