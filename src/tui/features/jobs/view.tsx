import { Box } from 'ink';
import { useMemo } from 'react';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import { wrapText } from '../../ui/text/row-starts.ts';
import type { PaneProps } from '../define-feature.ts';
import { FindPrompt } from './find-prompt.tsx';
import { type Column, columnsFor, JOB_COLUMN_GAP } from './job-columns.ts';
import { JobLine } from './job-line.tsx';
import { SORTS, type Sort, type TableState } from './model.ts';
import { findRows, GUTTER, jobsHeight } from './reducer.ts';

/** The jobs, one line each, below the column titles. An active filter is below them. */
export function JobsTable({ state, rect, focused }: PaneProps) {
  const { table, columnWidths, recentChanges, find } = state.jobs;
  const { rows, top, index, marks } = table;
  const columns = useMemo(
    () => columnsFor(rect.columns - GUTTER, columnWidths),
    [rect.columns, columnWidths],
  );
  const height = jobsHeight(state);
  const [first, last] = rangeOf(table);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflowY="hidden">
      <Heading columns={columns} sort={table.sort} />
      <Box flexDirection="column" height={height} flexShrink={0} overflowY="hidden">
        {rows.length === 0 &&
          emptyListLines(state)
            .flatMap((text) => wrapText(text, rect.columns))
            .map((text, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines may be alike; their place is their name
              <Box key={line} height={1} flexShrink={0}>
                <Text style="faint">{text}</Text>
              </Box>
            ))}
        {rows.slice(top, top + height).map((job, line) => (
          <JobLine
            key={job.id}
            job={job}
            columns={columns}
            width={rect.columns}
            timezone={state.timezone}
            selected={top + line === index}
            focused={focused && !find.isOpen}
            marked={marks.has(job.id) || (top + line >= first && top + line <= last)}
            isHighlighted={recentChanges.has(job.id)}
          />
        ))}
      </Box>
      {findRows(state) > 0 && <FindPrompt state={state} columns={rect.columns} />}
    </Box>
  );
}

function Heading({ columns, sort }: { columns: readonly Column[]; sort: Sort }) {
  const theme = useTheme();
  if (theme.screenReader) return <ScreenReaderHeading sort={sort} />;
  const arrow = theme.sign(sort.descending ? 'down' : 'up');
  const text = columns.map(({ title, cells, align, sort: by }) => {
    // The arrow is in the gap, so that titles need not be shortened for it.
    return fitTo(
      fitTo(title, cells, align).trimEnd() + (by === sort.by ? arrow : ''),
      cells + JOB_COLUMN_GAP,
    );
  });
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{' '.repeat(GUTTER) + text.join('').trimEnd()}</Text>
    </Box>
  );
}

function ScreenReaderHeading({ sort: { by, descending } }: { sort: Sort }) {
  const name = SORTS.find((each) => each.by === by)?.title ?? by;
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{`Jobs, sorted by ${name}, ${descending ? 'descending' : 'ascending'}`}</Text>
    </Box>
  );
}

/** The first and the last row of the range that would be marked; an empty range when none is being marked. */
function rangeOf({ rangeFrom, rows, index }: TableState): readonly [number, number] {
  const from = rangeFrom === undefined ? -1 : rows.findIndex(({ id }) => id === rangeFrom);
  return from < 0 ? [0, -1] : [Math.min(from, index), Math.max(from, index)];
}

/** Explains why the list is empty, and what to do about it. */
function emptyListLines({ home, jobs, readOnly }: PaneProps['state']): readonly string[] {
  if (home === undefined) return ['Reading the jobs…'];
  if (home.jobs.length === 0) return readOnly ? [NO_JOBS_TEXT] : [NO_JOBS_TEXT, ...FIRST_STEPS];
  return [`None of ${home.jobs.length} jobs fits: ${jobs.find.line.text.trim()}  (Esc clears the filter)`];
}

const NO_JOBS_TEXT = 'There are no jobs yet.';
const FIRST_STEPS = [
  'c, then n: a configuration for a site.',
  'n: a job that runs it by a schedule.',
  'To try it all out first: quickscrape demo',
];
