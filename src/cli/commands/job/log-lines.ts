import type { OperationInput } from '../../../core/operations/call-operation.ts';
import type { CommandContext } from '../../context/context.ts';

type LogLevel = NonNullable<OperationInput<'get_log'>['level']>;

/** The flags of {@link jobLogs}. */
export interface LogFlags {
  run?: string;
  level?: LogLevel;
  find?: string;
  lines?: number;
  follow?: boolean;
}

/** The most lines in one answer. */
const MAX_PAGE = 1_000;

/** Returns the last `count` lines that match. */
export async function findLines(
  context: CommandContext,
  query: OperationInput<'get_log'>,
  count: number,
): Promise<string[]> {
  const texts: string[] = [];
  let cursor: string | undefined;
  while (texts.length < count) {
    const limit = Math.min(MAX_PAGE, count - texts.length);
    const page = await context.call('get_log', { ...query, limit, ...(cursor !== undefined && { cursor }) });
    texts.unshift(...page.lines.map(({ text }) => text));
    cursor = page.next_cursor;
    if (cursor === undefined) break;
  }
  return texts;
}
