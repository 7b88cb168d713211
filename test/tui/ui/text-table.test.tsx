import { Box } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { TextTable, tableCells } from '../../../src/tui/ui/components/text-table.tsx';
import type { TextSpan } from '../../../src/tui/ui/styled-row.ts';

afterEach(cleanup);

const COLUMNS = [
  { title: 'TRY', cells: 3, align: 'right' },
  { title: 'OUTCOME', cells: 9 },
] as const;

const plain = (...texts: string[]): TextSpan[] => texts.map((text) => ({ text, style: 'plain' }));

function linesOf(rows: readonly TextSpan[][], hasHeadings = false): string[] {
  const { lastFrame } = render(
    <Box width={40}>
      <TextTable columns={COLUMNS} rows={rows} hasHeadings={hasHeadings} />
    </Box>,
  );
  return (lastFrame() ?? '').split('\n');
}

it('is one line a row, without any line between, each text cut to its column', () => {
  const lines = linesOf([plain('1', '✗ failed'), plain('20', 'far too long a word')], true);
  expect(lines).toEqual([' TRY  OUTCOME', '   1  ✗ failed', '  20  far too …']);
  expect(tableCells(COLUMNS)).toBe(16);
});

it('keeps its columns where a text has a wide letter or a combined one', () => {
  const lines = linesOf([plain('あ', 'one'), plain('e\u0301', 'two'), plain('x', 'three')]);
  expect(lines).toEqual(['  あ  one', '   e\u0301  two', '   x  three']);
});

it('has no line for headings that it does not have, and none at all without rows', () => {
  expect(linesOf([plain('1', 'ok')])).toEqual(['   1  ok']);
  expect(linesOf([])).toEqual(['']);
});

it('draws the new texts when they change, and nothing of those before', () => {
  const { lastFrame, rerender } = render(<TextTable columns={COLUMNS} rows={[plain('1', 'running')]} />);
  rerender(<TextTable columns={COLUMNS} rows={[plain('1', 'ok'), plain('2', 'ok')]} />);
  expect(
    lastFrame()
      ?.split('\n')
      .map((line) => line.trimEnd()),
  ).toEqual(['   1  ok', '   2  ok']);
});
