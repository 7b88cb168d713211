import { formatChanges } from './format-changes.ts';
import type { MessageText } from './message-text.ts';
import { cutText, TEXT_LIMITS, type TextLimit } from './text-limits.ts';

/** The message as plain text, without its title, as long as the limit allows. */
export function toPlainText(text: MessageText, limit: TextLimit = TEXT_LIMITS.email): string {
  const parts = [...text.paragraphs, formatChanges(text), text.next.join('\n')];
  return cutText(parts.filter((part) => part !== '').join('\n\n'), limit);
}
