import { Box } from 'ink';
import { memo } from 'react';
import { GUTTER_CELLS, type TextRow } from '../../configs/config-text-rows.ts';
import type { TextSpan } from '../../styled-row.ts';
import { fitTo } from '../../text/fit.ts';
import { cellSlice } from '../../text/row-starts.ts';
import { Text } from '../parts/text.tsx';

/** Some rows of a configuration's text: numbers, what changed, keys in colour, issues below their lines. */
export function TextRows({
  rows,
  columns,
  left = 0,
}: {
  rows: readonly TextRow[];
  columns: number;
  left?: number;
}) {
  return rows.map((row, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
    <Row key={at} row={row} columns={columns} left={left} />
  ));
}

const CHANGES = {
  same: { sign: ' ', style: 'faint' },
  added: { sign: '+', style: 'good' },
  removed: { sign: '-', style: 'bad' },
} as const;

const Row = memo(function Row({ row, columns, left }: { row: TextRow; columns: number; left: number }) {
  if (row.kind === 'note')
    return (
      <Box flexShrink={0} height={1}>
        <Text style={row.tone}>{`${' '.repeat(GUTTER_CELLS)}${row.text}`}</Text>
      </Box>
    );
  const { sign, style } = CHANGES[row.change];
  const number = row.number === null ? '' : String(row.number);
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{fitTo(number, GUTTER_CELLS - 2, 'right')}</Text>
      <Text style={style}>{`${sign} `}</Text>
      {cutSpans(row.spans, left, columns - GUTTER_CELLS).map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is its number
        <Text key={at} style={span.style} over={row.change === 'removed' ? 'bad' : undefined} verbatim>
          {span.text}
        </Text>
      ))}
    </Box>
  );
});

/** The parts of a line from a cell on, as much as has room; `…` where something is missing. */
function cutSpans(spans: readonly TextSpan[], left: number, columns: number): readonly TextSpan[] {
  const text = spans.map((span) => span.text).join('');
  const { start, end, gap } = cellSlice(text, left, columns);
  const isWhole = end >= text.length;
  const last = isWhole ? end : cellSlice(text, left, columns - 1).end;
  let at = 0;
  const parts = spans.flatMap((span): TextSpan[] => {
    const part = span.text.slice(Math.max(0, start - at), Math.max(0, last - at));
    at += span.text.length;
    return part === '' ? [] : [{ ...span, text: part }];
  });
  const before: TextSpan[] = gap === 0 ? [] : [{ text: ' '.repeat(gap), style: 'plain' }];
  return isWhole ? [...before, ...parts] : [...before, ...parts, { text: '…', style: 'faint' }];
}
