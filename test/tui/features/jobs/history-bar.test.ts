import { expect, it } from 'vitest';
import { historyBar } from '../../../../src/tui/features/jobs/job-cells.ts';
import { pastRun } from '../../job-rows.ts';

const STATUSES = ['succeeded', 'succeeded', 'failed', 'skipped', 'succeeded', 'running'] as const;
const HISTORY = STATUSES.map((status, index) => pastRun({ status, ago: index }));
const text = (cells: number) =>
  historyBar(HISTORY, cells)
    .map((part) => part.text)
    .join('');

it('shows a run a character, the latest at the right end, in exactly the width', () => {
  expect(text(8)).toBe('  ▄▄✗·▄●');
  expect(text(3)).toBe('·▄●');
});

it('neighbours that look the same are one part', () => {
  const parts = historyBar(HISTORY.slice(0, 3), 3);
  expect(parts).toEqual([
    { text: '▄▄', style: 'good' },
    { text: '✗', style: 'bad' },
  ]);
});
