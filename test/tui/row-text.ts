import type { StyledRow } from '../../src/tui/ui/styled-row.ts';

/** What a row says, at an instant (epoch ms) where that matters. */
export function rowText({ spans }: StyledRow, now = 0): string {
  return spans.map(({ text }) => (typeof text === 'string' ? text : text(now))).join('');
}
