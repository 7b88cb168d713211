import { expect, it } from 'vitest';
import type { HistoryRun } from '../../../../src/core/runs/last-run.ts';
import { describeHistory, describeJob, historyBar } from '../../../../src/tui/features/jobs/job-cells.ts';
import { asAscii } from '../../../../src/tui/ui/text/ascii.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const ITEMS = [100, 120, 0, 0, 200, 0, 0];
const STATUSES = ['succeeded', 'succeeded', 'failed', 'skipped', 'succeeded', 'missed', 'running'] as const;
const HISTORY = STATUSES.map((status, index) => pastRun({ status, ago: index, items: ITEMS[index] ?? 0 }));

function text(history: readonly HistoryRun[], cells = history.length, options = {}): string {
  return historyBar(history, cells, options)
    .map((part) => part.text)
    .join('');
}

const found = (...counts: number[]) => text(counts.map((items, ago) => pastRun({ items, ago })));

it('shows a run a character, the latest at the right end, in exactly the width', () => {
  expect(text(HISTORY, 9)).toBe('  ▁▂✗·█∅●');
  expect(text(HISTORY, 3)).toBe('▁∅●');
});

it('a bar is as high as its run has items between the fewest and the most of the row', () => {
  expect(found(1_000, 1_500, 2_000)).toBe('▁▅█');
  expect(found(2_000, 1_500, 1_000)).toBe('█▅▁');
  // Not from zero: the same shape, wherever it begins.
  expect(found(11_000, 16_000, 21_000)).toBe(found(1_000, 6_000, 11_000));
});

it('equal runs are a low line, and small differences do not look like large ones', () => {
  expect(found(20, 20, 20)).toBe('▁▁▁');
  expect(found(0, 0)).toBe('▁▁');
  expect(found(1_000, 1_003, 998)).toBe('▁▁▁');
  expect(found(1_000, 1_060, 1_000)).toBe('▁▅▁');
  expect(found(1_000, 1_120, 1_000)).toBe('▁█▁');
});

it('a failure is a sign in its colour, and its items do not flatten the bars of the others', () => {
  const failed = pastRun({ status: 'failed', items: 0 });
  expect(historyBar([pastRun({ items: 900 }), failed, pastRun({ items: 990 })], 3)).toEqual([
    { text: '▁', style: 'good' },
    { text: '✗', style: 'bad' },
    { text: '▇', style: 'good' },
  ]);
});

it('neighbours that look the same are one part', () => {
  const parts = historyBar(HISTORY.slice(0, 3), 3);
  expect(parts).toEqual([
    { text: '▁█', style: 'good' },
    { text: '✗', style: 'bad' },
  ]);
});

it('in ASCII, no bar is the sign of another outcome', () => {
  const runs = Array.from({ length: 30 }, (_, ago) => pastRun({ items: 100 + ago, ago }));
  const bars = new Set(asAscii(text(runs, 30, { unicode: false })));
  const others = STATUSES.filter((status) => status !== 'succeeded').map((status) => pastRun({ status }));
  for (const sign of asAscii(text(others, others.length, { unicode: false })))
    expect(bars).not.toContain(sign);
  expect([...bars].join('')).toBe('_-=#');
});

it('says in words how many failed, and how many items the others had', () => {
  expect(describeHistory(HISTORY)).toBe('1 of the last 4 runs failed, with 100 to 200 items');
  expect(describeHistory([pastRun({ items: 7 }), pastRun({ items: 7 })])).toBe(
    'none of the last 2 runs failed, with 7 items',
  );
  expect(describeHistory([pastRun()])).toBe('');
  expect(describeJob(jobRow('news', { history: HISTORY }), NOW, 'UTC')).toContain(
    '1 of the last 4 runs failed',
  );
});
