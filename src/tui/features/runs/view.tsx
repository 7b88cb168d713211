import { Box } from 'ink';
import { memo, useMemo } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { State } from '../../kernel/model.ts';
import { progressBar, type SparklineValue, sparkline } from '../../ui/bars.ts';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { ClockText, Spans, Text, useTheme } from '../../ui/components/text.tsx';
import { formatClockTime, formatRunDuration, formatShortDuration } from '../../ui/format.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { runExplanationLines, runsHeight, runsLayout } from './reducer.ts';
import {
  fitTook,
  RUN_GUTTER,
  type RunCells,
  runColumns,
  runHeading,
  runRest,
  tookText,
  triggerText,
} from './run-columns.ts';
import { describeRunProblem, RunExplanation } from './run-explanation.tsx';
import { RunFacts } from './run-facts.tsx';

/** The runs of a job, newest first, with sparklines of durations and item counts. */
export function Runs({ state, rect }: PaneProps) {
  const { screenReader, sign } = useTheme();
  const { runs, index, top, total, marked } = state.runs;
  const { timezone } = state;
  const minute = Math.floor(state.now / MINUTE_MS);
  const cells = useMemo(() => {
    const times = (runs ?? []).map((run) => startedText({ now: minute * MINUTE_MS, timezone }, run).length);
    return runColumns(runs ?? [], rect.columns, Math.max(0, ...times));
  }, [runs, rect.columns, minute, timezone]);
  if (runs === undefined) return <Text style="faint">Reading the runs…</Text>;
  const height = runsHeight(state);
  const lines = runExplanationLines(state);
  const isWide = runsLayout(state).kind === 'wide';
  const selected = runs[index];
  const place = total === 0 ? '' : `${index + 1} of ${total.toLocaleString('en-US')}`;
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <RunSparklines runs={runs} columns={rect.columns} place={screenReader ? '' : place} />
      <Box height={1} flexShrink={0}>
        <Text style="heading">
          {screenReader
            ? `Runs, newest first${place === '' ? '' : `, ${place}`}`
            : fitTo(runHeading(cells), rect.columns)}
        </Text>
      </Box>
      {runs.length === 0 && (
        <Text style="faint">The job has not run yet. In the list of jobs, r runs it.</Text>
      )}
      {screenReader && runs.length > 0 && (
        <SpokenList
          texts={runs.slice(top, top + height).map((run, row) => {
            const before = `${top + row === index ? sign('pointer') : ''}${run.run_id === marked ? sign('mark') : ''}`;
            return (
              before +
              runSentence(run, liveOf(state, run), {
                started: startedText(state, run),
                why: describeRunProblem(run, state),
              })
            );
          })}
          selected={index - top}
          columns={rect.columns}
          rows={height}
          beyond={Math.max(0, runs.length - top - height)}
        />
      )}
      {(screenReader ? [] : runs.slice(top, top + height)).map((run, row) => (
        <RunRow
          key={run.run_id}
          run={run}
          live={liveOf(state, run)}
          columns={rect.columns}
          cells={cells}
          started={startedText(state, run)}
          why={describeRunProblem(run, state)}
          selected={top + row === index}
          marked={run.run_id === marked}
        />
      ))}
      <Box flexGrow={1} />
      {lines > 0 && selected !== undefined && !isWide && (
        <RunExplanation state={state} run={selected} columns={rect.columns} lines={lines} />
      )}
      {lines > 0 && selected !== undefined && isWide && (
        <RunFacts state={state} run={selected} columns={rect.columns} lines={lines} />
      )}
    </Box>
  );
}

function RunSparklines({
  runs,
  columns,
  place: where,
}: {
  runs: readonly RunOutput[];
  columns: number;
  /** Which of the runs is selected. */
  place: string;
}) {
  const executed = runs
    .filter(({ started_at, finished_at }) => started_at !== null && finished_at !== null)
    .slice(0, MAX_SPARKLINE_CELLS)
    .reverse();
  // The items and the time of a failed run would only flatten the line of the others.
  const valuesOf = (pick: (run: RunOutput) => number | null) =>
    executed.map((run) => (hasFailed(run) ? 'failed' : pick(run)));
  const durations = { name: 'duration', values: valuesOf(({ duration_ms }) => duration_ms), text: tookText };
  const items = {
    name: 'items',
    values: valuesOf((run) => run.items),
    text: (count: number | null) => (count ?? 0).toLocaleString('en-US'),
  };
  const room = fitSparkline(durations, columns - NAME_CELLS - where.length);
  return [durations, items].map((line) => {
    const shown = line.values.slice(-room);
    const spare = Math.max(0, columns - NAME_CELLS - shown.length);
    const place = line === durations ? where : '';
    const words = [true, false].map((hasLast) => describeValues({ ...line, values: shown }, hasLast));
    const range = words.find((text) => displayWidth(text) + place.length < spare) ?? '';
    return (
      <Box key={line.name} height={1} flexShrink={0}>
        <Text style="faint">{fitTo(line.name, NAME_CELLS)}</Text>
        <Spans row={{ spans: sparkline(shown, room) }} />
        <Text style="faint">{range + fitTo(place, spare - displayWidth(range), 'right')}</Text>
      </Box>
    );
  });
}

interface ValueLine {
  /** Oldest first. */
  readonly values: readonly SparklineValue[];
  readonly text: (value: number | null) => string;
}

const NAME_CELLS = 10;
const MAX_SPARKLINE_CELLS = 60;
/** At least this many runs are drawn before the words behind them are left out. */
const MIN_SPARKLINE_CELLS = 8;

/**
 * How many runs are drawn. The position comes first, then the range in words, then the last run in words, then older runs.
 * @param cells without the name and the position
 */
function fitSparkline(line: ValueLine, cells: number): number {
  const runs = line.values.length;
  const least = Math.min(runs, MIN_SPARKLINE_CELLS);
  for (const hasLast of [true, false]) {
    for (let room = runs; room >= least; room -= 1) {
      const words = describeValues({ ...line, values: line.values.slice(-room) }, hasLast);
      if (room + displayWidth(words) < cells) return room;
    }
  }
  return Math.max(1, Math.min(runs, cells - 1));
}

/** ` 900ms to 1.3s, last 981ms`; `last ok` where the newest run has failed, which has no value. */
function describeValues({ values, text }: ValueLine, hasLast: boolean): string {
  const known = values.filter((value) => typeof value === 'number');
  if (known.length === 0) return '';
  const [lowest, highest] = [Math.min(...known), Math.max(...known)];
  const spread = lowest === highest ? text(lowest) : `${text(lowest)} to ${text(highest)}`;
  const name = values.at(-1) === 'failed' ? 'last ok' : 'last';
  return ` ${spread}${hasLast ? `, ${name} ${text(known.at(-1) ?? null)}` : ''}`;
}

/** When a run began, or is due. */
function startedText(
  { now, timezone }: Pick<State, 'now' | 'timezone'>,
  { started_at, scheduled_for, queued_at }: RunOutput,
): string {
  return formatClockTime(Date.parse(started_at ?? scheduled_for ?? queued_at), now, timezone);
}

/** The active run, with its progress. */
function liveOf({ home }: State, { run_id }: RunOutput): ActiveRun | undefined {
  return home?.runs.find(({ runId }) => runId === run_id);
}

interface RowProps {
  run: RunOutput;
  /** The active run, with its progress. */
  live: ActiveRun | undefined;
  columns: number;
  cells: RunCells;
  /** When it began, or is due. */
  started: string;
  /** Its error, or why it did not run. */
  why: string;
  selected: boolean;
  /** Marked for comparison. */
  marked: boolean;
}

const RunRow = memo(function RunRow(props: RowProps) {
  const { run, live, columns, cells, started, why, selected, marked } = props;
  const theme = useTheme();
  const display = STATUS_DISPLAY[run.status];
  const over = selected ? 'selected' : undefined;
  const { id } = cells;
  const items = fitTo((live?.items ?? run.items).toLocaleString('en-US'), cells.items, 'right');
  const used = RUN_GUTTER + id + cells.status + cells.started + cells.took;
  return (
    <Box height={1} flexShrink={0}>
      <Text style="pointer" over={over}>
        {selected ? theme.sign('pointer') : ' '}
      </Text>
      <Text style={marked ? 'warning' : 'plain'} over={over}>
        {marked ? theme.sign('mark') : ' '}
      </Text>
      <Text over={over}>{fitTo(run.run_id, id)}</Text>
      <Text style={display.style} over={over}>
        {`${display.icon} ${fitTo(display.word, cells.status - 2)}`}
      </Text>
      <Text over={over}>{fitTo(started, cells.started)}</Text>
      <Took run={run} live={live} over={over} cells={cells} />
      <Text over={over}>{fitTo(items + runRest(run, why, cells), Math.max(0, columns - used))}</Text>
    </Box>
  );
});

/** The same line as one sentence, for screen readers. */
function runSentence(
  run: RunOutput,
  live: RowProps['live'],
  { started, why }: Pick<RowProps, 'started' | 'why'>,
): string {
  const progress = live?.progress ?? run.progress;
  const took = run.duration_ms === null ? '' : `took ${formatRunDuration(run.duration_ms)}`;
  const parts = [
    STATUS_DISPLAY[run.status].word,
    `${run.started_at === null ? 'due' : 'started'} ${started}`,
    run.status === 'running' ? describeDone(progress, live?.pages ?? run.pages) : took,
    pluralize(live?.items ?? run.items, 'item'),
    triggerText(run),
    run.worker === null ? '' : `on ${run.worker}`,
    why,
    run.run_id,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** How far a run is: a share only where its end is known. */
function describeDone(progress: number | null, pages: number): string {
  return progress === null ? pluralize(pages, 'page') : `${Math.floor(progress * 100)}% done`;
}

/** The duration of a run. For an active run, its progress or the elapsed time. */
function Took({
  run,
  live,
  over,
  cells,
}: Pick<RowProps, 'run' | 'live' | 'cells'> & { over: StyleName | undefined }) {
  const progress = live?.progress ?? run.progress;
  const begun = run.started_at === null ? null : Date.parse(run.started_at);
  if (run.status !== 'running' || begun === null)
    return <Text over={over}>{fitTook(tookText(run.duration_ms), cells)}</Text>;
  if (progress !== null) {
    const bar = progressBar(progress, cells.took - 2);
    return (
      <Text style="running" over={over}>
        {`${bar}  `}
      </Text>
    );
  }
  const elapsed = (now: number) => fitTook(formatShortDuration(now - begun), cells);
  return <ClockText of={elapsed} over={over} />;
}
