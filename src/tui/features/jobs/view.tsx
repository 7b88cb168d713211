import { Box } from 'ink';
import { memo, useMemo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { programCommand } from '../../../core/lib/installation.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { idleScheduler } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { State } from '../../kernel/model.ts';
import { Field } from '../../ui/components/field.tsx';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { ClockText, Text, useTheme } from '../../ui/components/text.tsx';
import { isStateStyle } from '../../ui/styles.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { listPlaces } from '../job-detail/reducer.ts';
import { completionsAt } from './filter/filter-prompt.ts';
import { describeJob, historyBar, jobCell, shortenError } from './job-cells.ts';
import { type Column, columnsFor, JOB_COLUMN_GAP } from './job-columns.ts';
import { SORTS, type Sort, type TableState } from './model.ts';
import { Overview } from './overview.tsx';
import { filterPromptRows, GUTTER, jobsHeight } from './reducer.ts';

/** The list of jobs, and in the room below a short one what is drawn of the selected job and lately happened. */
export function Jobs(props: PaneProps) {
  const { list, overview } = listPlaces(props.state);
  if (overview === undefined) return <JobsTable {...props} />;
  const { columns, rows } = props.rect;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflowY="hidden">
      <JobsTable {...props} rect={list} />
      <Overview {...props} rect={overview} />
    </Box>
  );
}

/** The jobs, one line each, below the column titles. An active filter is below them. */
function JobsTable({ state, rect, focused }: PaneProps) {
  const { table, columnWidths, arrangement, column, recentChanges, filterPrompt } = state.jobs;
  const { rows, top, index, marks } = table;
  const columns = useMemo(
    () => columnsFor(rect.columns - GUTTER, columnWidths, arrangement),
    [rect.columns, columnWidths, arrangement],
  );
  const height = jobsHeight(state);
  const [first, last] = rangeOf(table);
  const isMarked = ({ id }: JobRow, row: number) => marks.has(id) || (row >= first && row <= last);
  const { screenReader, sign } = useTheme();
  const idle = idleScheduler(state.home?.scheduler.state);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflowY="hidden">
      <Heading columns={columns} sort={table.sort} cursor={focused ? column : undefined} />
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
        {screenReader && (
          <SpokenList
            texts={rows.slice(top, top + height).map((job, line) => {
              const before = [
                top + line === index ? sign('pointer') : '',
                isMarked(job, top + line) ? sign('mark') : '',
                recentChanges.has(job.id) ? sign('pulse') : '',
              ].join('');
              return (now) => before + describeJob(job, now, state.timezone, idle);
            })}
            selected={index - top}
            focused={focused && !filterPrompt.isOpen}
            columns={rect.columns}
            rows={height}
            beyond={Math.max(0, rows.length - top - height)}
          />
        )}
        {(screenReader ? [] : rows.slice(top, top + height)).map((job, line) => (
          <JobLine
            key={job.id}
            job={job}
            columns={columns}
            width={rect.columns}
            timezone={state.timezone}
            selected={top + line === index}
            focused={focused && !filterPrompt.isOpen}
            marked={isMarked(job, top + line)}
            isHighlighted={recentChanges.has(job.id)}
            isIdle={idle !== undefined}
          />
        ))}
      </Box>
      {filterPromptRows(state) > 0 && <FindPrompt state={state} columns={rect.columns} />}
    </Box>
  );
}

interface HeadingProps {
  columns: readonly Column[];
  sort: Sort;
  /** The column under the cursor. */
  cursor: string | undefined;
}

function Heading({ columns, sort, cursor }: HeadingProps) {
  const theme = useTheme();
  if (theme.screenReader) return <ScreenReaderHeading sort={sort} />;
  const arrow = theme.sign(sort.descending ? 'down' : 'up');
  const texts = columns.map(({ title, cells, align, sort: by }) => {
    // The arrow is in the gap, so that titles need not be shortened for it.
    return fitTo(
      fitTo(title, cells, align).trimEnd() + (by === sort.by ? arrow : ''),
      cells + JOB_COLUMN_GAP,
    );
  });
  const at = columns.findIndex(({ id }) => id === cursor);
  const [before, after] = [texts.slice(0, Math.max(0, at)), texts.slice(at + 1)];
  return (
    <Box flexShrink={0} height={1}>
      <Text style="heading">{' '.repeat(GUTTER) + before.join('')}</Text>
      {at >= 0 && <Text over="cursor">{(texts[at] ?? '').slice(0, -JOB_COLUMN_GAP + 1)}</Text>}
      <Text style="heading">{`${at >= 0 ? ' ' : ''}${after.join('')}`.trimEnd()}</Text>
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
  return [
    `None of ${home.jobs.length} jobs matches: ${jobs.filterPrompt.line.text.trim()}  (Esc clears the filter)`,
  ];
}

const NO_JOBS_TEXT = 'There are no jobs yet.';
const FIRST_STEPS = [
  'c, then n: create a configuration for a site.',
  'n: create a job that runs it on a schedule.',
  `To try it all first: ${programCommand()} demo`,
];

interface JobLineProps {
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
  /** No coming run starts. */
  isIdle: boolean;
}

/** Text of one style, or a function of the time. It is fitted to its cells. */
interface Segment {
  /** The start in cells, used as React key. */
  at: number;
  style: StyleName;
  text: string | ((now: number) => string);
}

/** The line of a job, exactly `width` cells wide. */
const JobLine = memo(function JobLine(props: JobLineProps) {
  const theme = useTheme();
  const { selected, focused, marked, isHighlighted } = props;
  const over = selected ? (focused ? 'selected' : 'marked') : undefined;
  const sign = marked ? theme.sign('mark') : isHighlighted ? theme.sign('pulse') : ' ';
  return (
    <Box flexShrink={0} height={1}>
      <Text style={selected && focused ? 'pointer' : 'accent'} over={over}>
        {selected ? theme.sign('pointer') : ' '}
      </Text>
      <Text style={marked ? 'warning' : 'accent'} over={over}>
        {sign}
      </Text>
      {segmentsOf(props, theme).map(({ at, style, text }) =>
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

function segmentsOf(props: JobLineProps, { unicode }: { unicode: boolean }): readonly Segment[] {
  const { job, columns, width, timezone, selected, focused, isIdle } = props;
  const segments: Segment[] = [];
  let at = 2;
  const add = (own: StyleName, text: Segment['text'], cells: number) => {
    // Fewer parts cost less time. What a state says is still to be seen.
    const style = selected && focused && !isStateStyle(own) ? 'plain' : own;
    const last = segments.at(-1);
    // Neighbours are merged, because each part costs time on every frame.
    if (last?.style === style && typeof last.text === 'string' && typeof text === 'string') last.text += text;
    else segments.push({ at, style, text });
    at += cells;
  };
  for (const [index, { id, cells, align }] of columns.entries()) {
    const gap = index === columns.length - 1 ? 0 : JOB_COLUMN_GAP;
    if (job.error !== null && id !== 'state' && id !== 'job') {
      add('bad', fitTo(sanitizeText(shortenError(job)), width - at), width - at);
      break;
    }
    if (id === 'history') {
      for (const part of historyBar(job.history, cells, { unicode }))
        add(part.style, part.text, part.text.length);
      add('plain', ' '.repeat(gap), gap);
      continue;
    }
    const { text, style } = jobCell(job, id, timezone, isIdle);
    const fitted = (description: string) => fitTo(sanitizeText(description), cells, align) + ' '.repeat(gap);
    add(style, typeof text === 'string' ? fitted(text) : (now) => fitted(text(now)), cells + gap);
  }
  if (at < width) add('plain', ' '.repeat(width - at), width - at);
  return segments;
}

/** The filter with the number of matching jobs. While the user types, it also shows problems or completions. */
export function FindPrompt({ state, columns }: { state: State; columns: number }) {
  const { filterPrompt, table } = state.jobs;
  const problem = filterPrompt.filter.problems[0];
  const count = ` ${table.rows.length} of ${state.home?.jobs.length ?? 0}`;
  const room = Math.max(1, columns - 1 - displayWidth(count));
  const { screenReader } = useTheme();
  // A cursor at the end is a blank by itself.
  const { line, isOpen } = filterPrompt;
  const isAtBlank = screenReader && isOpen && line.cursor === line.text.length;
  return (
    <Box flexDirection="column" flexShrink={0} height={filterPromptRows(state)}>
      <Box height={1} flexShrink={0}>
        <Text style="key">/</Text>
        {filterPrompt.isOpen ? (
          <Field line={filterPrompt.line} columns={room} />
        ) : (
          <Text style={problem === undefined ? 'accent' : 'warning'}>
            {(screenReader ? truncateToWidth : fitTo)(sanitizeText(filterPrompt.line.text), room)}
          </Text>
        )}
        <Text style="heading">{isAtBlank ? count.trimStart() : count}</Text>
      </Box>
      {filterPrompt.isOpen &&
        (problem === undefined ? (
          <Choices state={state} columns={columns} />
        ) : (
          <Text style="warning">{truncateToWidth(` ${problem.text}`, columns)}</Text>
        ))}
    </Box>
  );
}

/** The choices for Tab, in order. A single choice is shown with its meaning. */
function Choices({ state, columns }: { state: State; columns: number }) {
  const { filterPrompt } = state.jobs;
  const { choices } = completionsAt(filterPrompt, state.home?.jobs ?? []);
  const at = filterPrompt.completing?.at;
  const [only] = choices;
  if (choices.length === 1 && only !== undefined) {
    return <Text style="faint">{truncateToWidth(` Tab: ${only.text}  ${only.hint}`, columns)}</Text>;
  }
  // The last inserted choice comes first, so that it is in sight however many there are.
  const shown = at === undefined ? choices : [...choices.slice(at), ...choices.slice(0, at)];
  const words = shown.map(({ text }) => text).join('  ');
  return (
    <Box height={1} flexShrink={0}>
      <Text style="faint">{truncateToWidth(words === '' ? '' : ` Tab: ${words}`, columns)}</Text>
    </Box>
  );
}
