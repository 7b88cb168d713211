import { isolate } from './isolate.ts';
import type { MessageText } from './message-text.ts';

/** The changed rows as lines: `~ The Lantern: price £10.00 → £8.00`. */
export function formatChanges({
  changes,
  moreChanges,
}: Pick<MessageText, 'changes' | 'moreChanges'>): string {
  const signs = { added: '+', removed: '−', changed: '~' } as const;
  const lines = changes.map(({ kind, name, values }) => {
    const shown = values.map(({ field, before, after }) =>
      kind === 'changed'
        ? `${field} ${shownValue(before)} → ${shownValue(after)}`
        : `${field} ${shownValue(after ?? before)}`,
    );
    return `${signs[kind]} ${[isolate(name), shown.join(', ')].filter((part) => part !== '').join(': ')}`;
  });
  return [...lines, ...(moreChanges > 0 ? [`and ${moreChanges.toLocaleString('en-US')} more`] : [])].join(
    '\n',
  );
}

function shownValue(value: string | null): string {
  return value === null ? '(none)' : isolate(value);
}
