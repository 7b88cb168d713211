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
