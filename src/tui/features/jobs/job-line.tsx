import { Box } from 'ink';
import { memo } from 'react';
import type { JobRow } from '../../home/job-row.ts';
import { ClockText } from '../../ui/components/clock-text.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { cleanLine } from '../../ui/text/clean.ts';
import { fitTo, truncate } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { describeJob, historyBar, jobCell, shortenError } from './job-cells.ts';
import { type Column, JOB_COLUMN_GAP } from './job-columns.ts';

export interface JobLineProps {
  job: JobRow;
  columns: readonly Column[];
  /** The width of the whole line, in cells. */
  width: number;
  timezone: string;
  selected: boolean;
  /** The table has the focus. */
  focused: boolean;
  marked: boolean;
  /** The job changed a moment ago. */
  isHighlighted: boolean;
}

/** Text of one style, or a function of the time. It is fitted to its cells. */
interface Segment {
  /** The start in cells, used as React key. */
  at: number;
  style: StyleName;
  text: string | ((now: number) => string);
}

/** The line of a job, exactly `width` cells wide. */
export const JobLine = memo(function JobLine(props: JobLineProps) {
  const theme = useTheme();
  const { selected, focused, marked, isHighlighted } = props;
  const over = selected ? (focused ? 'selected' : 'marked') : undefined;
  if (theme.screenReader) return <ScreenReaderLine {...props} over={over} />;
  const sign = marked ? theme.sign('mark') : isHighlighted ? theme.sign('pulse') : ' ';
  return (
    <Box flexShrink={0} height={1}>
      <Text style={selected && focused ? 'plain' : marked ? 'warning' : 'accent'} over={over}>
        {(selected ? theme.sign('pointer') : ' ') + sign}
      </Text>
      {segmentsOf(props).map(({ at, style, text }) =>
        typeof text === 'string' ? (
          <Text key={at} style={style} over={over}>
            {text}
          </Text>
        ) : (
          <ClockText key={at} style={style} over={over} of={text} />
        ),
      )}
    </Box>
  );
});

/** The same line as one sentence. */
function ScreenReaderLine(props: JobLineProps & { over: StyleName | undefined }) {
  const theme = useTheme();
  const { job, width, timezone, selected, marked, isHighlighted, over } = props;
  const before = [
    selected ? theme.sign('pointer') : '',
    marked ? theme.sign('mark') : '',
    isHighlighted ? theme.sign('pulse') : '',
  ].join('');
  const description = (now: number) => truncate(before + cleanLine(describeJob(job, now, timezone)), width);
  return (
    <Box flexShrink={0} height={1}>
      <ClockText of={description} over={over} />
    </Box>
  );
}

function segmentsOf(props: JobLineProps): readonly Segment[] {
  const { job, columns, width, timezone, selected, focused } = props;
  const segments: Segment[] = [];
  let at = 2;
  const add = (own: StyleName, text: Segment['text'], cells: number) => {
    // Mixed inverse colours would give the row stripes.
    const style = selected && focused ? 'plain' : own;
    const last = segments.at(-1);
    // Neighbours are merged, because each part costs time on every frame.
    if (last?.style === style && typeof last.text === 'string' && typeof text === 'string') last.text += text;
    else segments.push({ at, style, text });
    at += cells;
  };
  for (const [index, { id, cells, align }] of columns.entries()) {
    const gap = index === columns.length - 1 ? 0 : JOB_COLUMN_GAP;
    if (job.error !== null && id !== 'state' && id !== 'job') {
      add('bad', fitTo(cleanLine(shortenError(job)), width - at), width - at);
      break;
    }
    if (id === 'history') {
      for (const part of historyBar(job.history, cells)) add(part.style, part.text, part.text.length);
      add('plain', ' '.repeat(gap), gap);
      continue;
    }
    const { text, style } = jobCell(job, id, timezone);
    const fitted = (description: string) => fitTo(cleanLine(description), cells, align) + ' '.repeat(gap);
    add(style, typeof text === 'string' ? fitted(text) : (now) => fitted(text(now)), cells + gap);
  }
  if (at < width) add('plain', ' '.repeat(width - at), width - at);
  return segments;
}
