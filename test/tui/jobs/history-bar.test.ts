import { expect, it } from 'vitest';
import { historyBar } from '../../../src/tui/jobs/history-bar.ts';
import { makeTheme } from '../../../src/tui/theme.ts';
import { pastRun } from '../job-rows.ts';

const STATUSES = ['succeeded', 'succeeded', 'failed', 'skipped', 'succeeded', 'running'] as const;
const HISTORY = STATUSES.map((status, index) => pastRun({ status, ago: index }));
const text = (cells: number, unicode: boolean) =>
  historyBar(HISTORY, cells, makeTheme({ colors: true, unicode }))
    .map((part) => part.text)
    .join('');

it('shows a run a character, the latest at the right end, in exactly the width', () => {
  expect(text(8, true)).toBe('  ▄▄✗·▄●');
  expect(text(3, true)).toBe('·▄●');
  expect(text(8, false)).toBe('  ++x>+*');
});

it('neighbours that look the same are one part', () => {
  const parts = historyBar(HISTORY.slice(0, 3), 3, makeTheme({ colors: true, unicode: true }));
  expect(parts).toEqual([
    { text: '▄▄', look: 'good' },
    { text: '✗', look: 'bad' },
  ]);
});
