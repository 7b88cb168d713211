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
        ? `${field} ${before ?? '(none)'} → ${after ?? '(none)'}`
        : `${field} ${after ?? before}`,
    );
    return `${signs[kind]} ${[name, shown.join(', ')].filter((part) => part !== '').join(': ')}`;
  });
  return [...lines, ...(moreChanges > 0 ? [`and ${moreChanges.toLocaleString('en-US')} more`] : [])].join(
    '\n',
  );
}
