import { formatChanges } from './format-changes.ts';
import type { MessageText } from './message-text.ts';

/** The message as plain text, without its title. */
export function toPlainText(text: MessageText, maxCharacters = 20_000): string {
  const parts = [...text.paragraphs, formatChanges(text), text.next.join('\n')];
  const plain = parts.filter((part) => part !== '').join('\n\n');
  return plain.length <= maxCharacters ? plain : `${plain.slice(0, maxCharacters - 1)}…`;
}
