import { Box } from 'ink';
import { memo, useMemo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/start-forecast.ts';
import { idleScheduler } from '../../home/home-data.ts';
import type { State } from '../../kernel/model.ts';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { filterPromptRows } from '../jobs/reducer.ts';
import { FindPrompt } from '../jobs/view.tsx';
import { describeEmptyCell, describeTimelineEntry, isAfterPeriod } from './entries.ts';
import type { CellPeriod, TimelineJob } from './model.ts';
import {
  cellAt,
  cellStart,
  computeTimeLabels,
  describePeriod,
  formatCellPeriod,
  labelLine,
  periodEnd,
} from './period.ts';
import { PeriodRuns } from './period-runs.tsx';
import {
  currentCursor,
  entriesUnderCursor,
  hasLoadRow,
  hasRule,
  legendRows,
  listLines,
  loadLabel,
  timelineIdCells,
  timelineView,
  visibleJobs,
  visiblePeriod,
} from './reducer.ts';
import {
  type CellGlyph,
  describeStrip,
  legendLines,
  legendOf,
  loadGlyph,
  stripGlyphs,
  underCursor,
} from './strip.ts';

const TONE_STYLES: Record<CellGlyph['tone'], StyleName> = {
  succeeded: 'good',
  failed: 'bad',
  missed: 'warning',
  cancelled: 'warning',
  recovered: 'warning',
  skipped: 'faint',
  running: 'running',
  waiting: 'waiting',
  coming: 'plain',
  later: 'plain',
  now: 'accent',
  empty: 'plain',
  load: 'waiting',
  full: 'bad',
};

/** Until the runs are read, nothing is said of them: an empty strip would claim that there are none. */
const READING = 'Reading the runs…';

const NO_RUNS: readonly TimelineRun[] = [];
const NO_UPCOMING: readonly UpcomingStarts[] = [];

/** Past and upcoming runs: a time strip for each job, and the concurrency of all jobs. */
export function Timeline({ state, rect }: PaneProps) {
  const { screenReader, sign } = useTheme();
  const view = timelineView(state);
  const { slice, data } = state.timeline;
  const period = visiblePeriod(slice, view);
  const { cell, row, top } = currentCursor(slice, view);
  const labels = computeTimeLabels(period, view.timezone);
  const idCells = timelineIdCells(state);
  const nowCell = cellAt(period, view.now);
  const selected = view.jobs[row];
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflowY="hidden">
      {screenReader ? (
        <ScreenReaderHead text={describePeriod(period, view.timezone)} />
      ) : (
        <>
          <Line head="" idCells={idCells} style="heading" text={labelLine(labels.days, period.cells)} />
          <Line
            head={view.timezone}
            idCells={idCells}
            style="faint"
            text={labelLine(labels.hours, period.cells)}
          />
        </>
      )}
      {hasLoadRow(state) && <LoadRow state={state} period={period} idCells={idCells} nowCell={nowCell} />}
      {view.jobs.length === 0 && <Text style="faint">{describeEmptyTimeline(state)}</Text>}
      {screenReader && view.jobs.length > 0 && (
        <SpokenList
          texts={visibleJobs(slice, view).map((job, index) => {
            const runs = data?.runs.get(job.id) ?? NO_RUNS;
            const upcoming = data?.upcoming.get(job.id) ?? NO_UPCOMING;
            const before = top + index === row ? sign('pointer') : '';
            return `${before}${job.id}, ${describeStrip(period, { runs, upcoming }, job.nextRun, view.timezone)}`;
          })}
          selected={row - top}
          columns={rect.columns}
          rows={view.height}
        />
      )}
      {(screenReader ? [] : visibleJobs(slice, view)).map((job, index) => (
        <JobStrip
          key={job.id}
          id={job.id}
          isLater={isAfterPeriod(job, period)}
          idCells={idCells}
          from={period.from}
          step={period.step}
          cells={period.cells}
          runs={data?.runs.get(job.id) ?? NO_RUNS}
          upcoming={data?.upcoming.get(job.id) ?? NO_UPCOMING}
          nowCell={nowCell}
          cursor={top + index === row ? cell : -1}
          isIdle={idleScheduler(state.home?.scheduler.state) !== undefined}
        />
      ))}
      <Box flexGrow={1} />
      {!screenReader && selected !== undefined && (
        <PeriodRuns
          jobId={sanitizeText(selected.id)}
          runs={data?.runs.get(selected.id) ?? NO_RUNS}
          period={period}
          timezone={view.timezone}
          columns={rect.columns}
          rows={view.height - view.jobs.length}
        />
      )}
      {hasRule(state) && <Legend state={state} period={period} top={top} />}
      <UnderCursor state={state} period={period} cell={cell} />
      {filterPromptRows(state) > 0 && <FindPrompt state={state} columns={rect.columns} />}
    </Box>
  );
}

/** The text for screen readers, in place of rows of glyphs. */
function ScreenReaderHead({ text, rows = 2 }: { text: string; rows?: number }) {
  return (
    <Box flexShrink={0} height={rows}>
      <Text style="faint">{text}</Text>
    </Box>
  );
}

function describeEmptyTimeline({ home, jobs }: State): string {
  const all = home?.jobs.length ?? 0;
  return all === 0 || jobs.filterPrompt.line.text === ''
    ? 'Past and coming runs of all jobs. There is no job yet: Esc, then n creates one.'
    : `None of ${all} jobs matches the filter.`;
}

function Line({
  head,
  idCells,
  style,
  text,
}: {
  head: string;
  idCells: number;
  style: StyleName;
  text: string;
}) {
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{`${fitTo(head, idCells - 1)} `}</Text>
      <Text style={style}>{text}</Text>
    </Box>
  );
}

interface LoadProps {
  state: State;
  period: CellPeriod;
  idCells: number;
  nowCell: number;
}

function LoadRow({ state, period, idCells, nowCell }: LoadProps) {
  const { screenReader } = useTheme();
  const { data } = state.timeline;
  if (data === undefined || data.period.step !== period.step) {
    if (screenReader) return <ScreenReaderHead text={READING} rows={1} />;
    return <Line head="at once" idCells={idCells} style="faint" text={fitTo(READING, period.cells)} />;
  }
  const slots = state.home?.scheduler.slots ?? 1;
  const counts = Array.from({ length: period.cells }, (_, cell) => {
    const index = cellAt(data.period, cellStart(period, cell));
    return data.concurrent[index] ?? 0;
  });
  if (screenReader)
    return (
      <ScreenReaderHead
        text={`At most ${pluralize(Math.max(0, ...counts), 'run')} at once, of ${slots}`}
        rows={1}
      />
    );
  const marks = counts.map((count, cell) => loadGlyph(count, slots, cell === nowCell));
  return (
    <Box flexShrink={0} height={1}>
      <Text style="faint">{`${fitTo(loadLabel(state), idCells - 1)} `}</Text>
      <Marks marks={marks} cursor={-1} />
    </Box>
  );
}

interface StripProps {
  id: string;
  /** The next run is after the last cell. */
  isLater: boolean;
  idCells: number;
  from: number;
  step: number;
  cells: number;
  runs: readonly TimelineRun[];
  upcoming: readonly UpcomingStarts[];
  nowCell: number;
  /** The cell under the cursor; -1 in other rows. */
  cursor: number;
  /** No coming run starts. */
  isIdle: boolean;
}

const JobStrip = memo(function JobStrip({
  id,
  isLater: isLaterRun,
  idCells,
  runs,
  upcoming,
  nowCell,
  cursor,
  isIdle,
  ...period
}: StripProps) {
  const theme = useTheme();
  const marks = stripGlyphs(period, { runs, upcoming }, nowCell, isLaterRun);
  const isSelected = cursor >= 0;
  return (
    <Box flexShrink={0} height={1}>
      <Text>{isSelected ? theme.sign('pointer') : ' '}</Text>
      <Text style={isSelected ? 'marked' : 'plain'}>{`${fitTo(sanitizeText(id), idCells - 2)} `}</Text>
      <Marks marks={marks} cursor={cursor} isIdle={isIdle} />
    </Box>
  );
});

/** Draws glyphs as few texts: equal styles are joined, and blanks join the text before them. */
function Marks({
  marks,
  cursor,
  isIdle = false,
}: {
  marks: readonly CellGlyph[];
  cursor: number;
  isIdle?: boolean;
}) {
  const spans: { from: number; text: string; style: StyleName; cursor: boolean }[] = [];
  for (const [index, mark] of marks.entries()) {
    const { char, tone } = index === cursor ? underCursor(mark) : mark;
    const last = spans.at(-1);
    const style = isIdle && (tone === 'coming' || tone === 'later') ? 'faint' : TONE_STYLES[tone];
    const isContinued = last !== undefined && (last.style === style || tone === 'empty') && !last.cursor;
    if (isContinued && index !== cursor) last.text += char;
    else spans.push({ from: index, text: char, style, cursor: index === cursor });
  }
  return spans.map(({ from, text, style, cursor: isCursor }) => (
    <Text key={from} style={style} over={isCursor ? 'cursor' : undefined}>
      {text}
    </Text>
  ));
}

/** The rule between the strips and the part about the cursor, with the signs that occur in the strips. */
function Legend({ state, period, top }: { state: State; period: CellPeriod; top: number }) {
  const { screenReader, sign } = useTheme();
  const { data } = state.timeline;
  const { jobs, height, now } = timelineView(state);
  const nowCell = cellAt(period, now);
  const { from, step, cells } = period;
  const entries = useMemo(() => {
    const shown = jobs.slice(top, top + height).flatMap((job) => {
      const runs = data?.runs.get(job.id) ?? NO_RUNS;
      const upcoming = data?.upcoming.get(job.id) ?? NO_UPCOMING;
      const own: CellPeriod = { from, step, cells };
      return stripGlyphs(own, { runs, upcoming }, nowCell, isAfterPeriod(job, own));
    });
    return legendOf(shown);
  }, [data, jobs, top, height, from, step, cells, nowCell]);
  if (screenReader) return <Box height={legendRows(state)} flexShrink={0} />;
  const lines = legendLines(entries, state.columns, legendRows(state));
  return (lines.length === 0 ? [''] : lines).map((line) => (
    <Box key={line} height={1} flexShrink={0}>
      <Text style="faint">{lines.length > 1 ? line : withRule(line, sign('line'), state.columns)}</Text>
    </Box>
  ));
}

/** A rule before a legend of one line, if it leaves room for one. */
function withRule(legend: string, line: string, columns: number): string {
  if (legend === '') return line.repeat(columns);
  const left = columns - displayWidth(legend) - 1;
  return left < MIN_RULE_CELLS ? legend : `${line.repeat(left)} ${legend}`;
}

/** A shorter line beside the legend is none. */
const MIN_RULE_CELLS = 8;

function describeNothing(
  { timeline: { data }, timezone, home }: State,
  job: TimelineJob | undefined,
  period: CellPeriod,
  cell: number,
): string {
  const at = cellStart(period, cell);
  const isRead =
    data?.jobIds.includes(job?.id ?? '') && data.period.from <= at && at < periodEnd(data.period);
  return job === undefined || isRead
    ? describeEmptyCell(job, period, timezone, idleScheduler(home?.scheduler.state))
    : READING;
}

/** The entries under the cursor: one line, or a list to choose from. */
function UnderCursor({ state, period, cell }: { state: State; period: CellPeriod; cell: number }) {
  const theme = useTheme();
  const { columns, timezone, timeline } = state;
  const view = timelineView(state);
  const entries = entriesUnderCursor(timeline.slice, view);
  const job = view.jobs[currentCursor(timeline.slice, view).row];
  const chosen = timeline.slice.entry;
  const idle = idleScheduler(state.home?.scheduler.state);
  const [first] = entries;
  const more = entries.length > 1 ? ` and ${entries.length - 1} more` : '';
  const words =
    first === undefined
      ? describeNothing(state, job, period, cell)
      : `${describeTimelineEntry(first, timezone)}${more}${first.kind === 'run' || idle === undefined ? '' : `, ${idle}`}`;
  const cursorText = `${formatCellPeriod(period, cell, timezone)}  ${chosen === null ? words : ''}`;
  const lines = listLines(state);
  const top = Math.max(0, (chosen ?? 0) - lines + 1);
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Box height={1} flexShrink={0}>
        <Text>{truncateToWidth(cursorText, columns)}</Text>
      </Box>
      {chosen !== null &&
        entries.slice(top, top + lines).map((entry, index) => {
          const isChosen = top + index === chosen;
          return (
            <Box
              key={entry.kind === 'run' ? entry.run.runId : `${entry.kind} ${entry.at}`}
              flexShrink={0}
              height={1}
            >
              <Text over={isChosen ? 'selected' : undefined}>
                {fitTo(
                  `${isChosen ? theme.sign('pointer') : ' '} ${describeTimelineEntry(entry, timezone, idle)}`,
                  columns,
                )}
              </Text>
            </Box>
          );
        })}
    </Box>
  );
}
