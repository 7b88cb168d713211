import { isRecord } from '../../core/lib/json.ts';
import { OPERATION_NAMES } from '../../core/operations/operations.ts';

/** The operations that a server offers. */
export interface Offered {
  has(name: string): boolean;
}

/** Whether a text names only operations that a server offers. */
export function namesOnlyOffered(text: string, offered: Offered): boolean {
  const words: readonly string[] = text.match(/[a-z]+(?:_[a-z]+)*/g) ?? [];
  return OPERATION_NAMES.every((name) => offered.has(name) || !name.includes('_') || !words.includes(name));
}

/** The sentences of a text that name only operations that a server offers. */
export function offeredSentences(text: string, offered: Offered): string {
  return text
    .split(/(?<=[.:;!?]) (?=[A-Z`])/)
    .filter((sentence) => namesOnlyOffered(sentence, offered))
    .join(' ');
}

/** The lines of a text that name only operations that a server offers. */
export function offeredLines(text: string, offered: Offered): string {
  return text
    .split('\n')
    .filter((line) => namesOnlyOffered(line, offered))
    .join('\n');
}

/**
 * An answer whose next steps (`next`) are only calls that a server allows.
 * @param allows whether it offers the operation, with these parameters
 */
export function withOfferedSteps(
  answer: Record<string, unknown>,
  allows: (operation: string, params: unknown) => boolean,
): Record<string, unknown> {
  const { next } = answer;
  if (!Array.isArray(next)) return answer;
  const steps = next.filter((step) => isRecord(step) && allows(String(step['operation']), step['params']));
  return { ...answer, next: steps };
}
