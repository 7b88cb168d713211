import { Box } from 'ink';
import { memo } from 'react';
import { durationWords } from '../../core/duration-words.ts';
import type { RunOutput } from '../../core/operations/run-output.ts';
import { wallClock } from '../../core/schedule/instant.ts';
import type { RunUnderWay } from '../live/run-under-way.ts';
import { progressBar } from '../spark/progress.ts';
import { sparkline } from '../spark/sparkline.ts';
import { runsHeight, runsWhyLines } from '../state/runs-view.ts';
import { cleanLine } from '../text/clean.ts';
import { cut, fitTo } from '../text/fit.ts';
import { FACES, type LookName } from '../theme.ts';
import { hourAndMinute, two } from '../time/calendar.ts';
import { ClockText } from './parts/clock-text.tsx';
import type { PaneProps } from './parts/pane.ts';
import { Text } from './parts/text.tsx';
import { useTheme } from './parts/theme-context.ts';
import { RunWhy, whyWords } from './run-why.tsx';

/** The history of a job, newest first, with the curves of how long its runs took and how many items they found. */
export function Runs({ state, rect }: PaneProps) {
  const { runs, index, top, total } = state.runs;
  if (runs === undefined) return <Text look="faint">Reading the runs…</Text>;
  const height = runsHeight(state);
  const lines = runsWhyLines(state);
  const selected = runs[index];
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Curves runs={runs} columns={rect.columns} total={total} index={index} />
      <Box height={1} flexShrink={0}>
        <Text look="heading">{fitTo(headingOf(rect.columns), rect.columns)}</Text>
      </Box>
      {runs.length === 0 && (
        <Text look="faint">The job has not run yet. In the list of jobs, r runs it.</Text>
      )}
      {runs.slice(top, top + height).map((run, row) => (
        <RunRow
          key={run.run_id}
          run={run}
          live={state.home?.runs.find(({ runId }) => runId === run.run_id)}
          columns={rect.columns}
          timeZone={state.timezone}
          selected={top + row === index}
        />
      ))}
      <Box flexGrow={1} />
      {lines > 0 && selected !== undefined && <RunWhy run={selected} columns={rect.columns} lines={lines} />}
    </Box>
  );
}

function Curves({
  runs,
  columns,
  total,
  index,
}: {
  runs: readonly RunOutput[];
  columns: number;
  total: number;
  index: number;
}) {
  const carried = runs
    .filter(({ started_at, finished_at }) => started_at !== null && finished_at !== null)
    .reverse();
  const room = Math.max(5, Math.min(60, columns - 40));
  const lines = [
    { name: 'duration', values: carried.map(({ duration_ms }) => duration_ms), words: durationWords },
    {
      name: 'items',
      values: carried.map(({ items }) => items),
      words: (items: number | null) => (items ?? 0).toLocaleString('en-US'),
    },
  ];
  const where = total === 0 ? '' : `${index + 1} of ${total.toLocaleString('en-US')}`;
  return lines.map(({ name, values, words }, line) => {
    const shown = values.slice(-room);
    const most = shown.reduce<number>((found, value) => Math.max(found, value ?? 0), 0);
    const range = shown.length === 0 ? '' : ` up to ${words(most)}, last ${words(shown.at(-1) ?? null)}`;
    const tail = fitTo(
      line === 0 ? where : '',
      Math.max(0, columns - 10 - shown.length - range.length),
      'right',
    );
    return (
      <Box key={name} height={1} flexShrink={0}>
        <Text look="faint">{fitTo(name, 10)}</Text>
        <Text look="accent">{sparkline(values, room)}</Text>
        <Text look="faint">{cut(`${range}${tail}`, Math.max(0, columns - 10 - shown.length))}</Text>
      </Box>
    );
  });
}

const ID_CELLS = 13;
const TOOK_CELLS = 12;

function headingOf(columns: number): string {
  const wide = columns >= 80;
  const words = [
    '  ',
    fitTo('RUN', ID_CELLS),
    fitTo('STATUS', 13),
    fitTo('STARTED', wide ? 20 : 12),
    fitTo('TOOK', 12),
    fitTo('ITEMS', 8, 'right'),
  ];
  return `${words.join('')}${wide ? `  ${fitTo('TRIGGER', 10)}WHY` : ''}`;
}

interface RowProps {
  run: RunOutput;
  /** How far it is, while it is not over. */
  live: RunUnderWay | undefined;
  columns: number;
  timeZone: string;
  selected: boolean;
}

const RunRow = memo(function RunRow({ run, live, columns, timeZone, selected }: RowProps) {
  const theme = useTheme();
  const face = FACES[run.status];
  const over = selected ? 'selected' : undefined;
  const wide = columns >= 80;
  const started = startedWords(run.started_at ?? run.scheduled_for ?? run.queued_at, timeZone, wide);
  const items = fitTo((live?.items ?? run.items).toLocaleString('en-US'), 8, 'right');
  const why = wide ? `  ${fitTo(run.trigger.replace('_', ' '), 10)}${cleanLine(whyWords(run))}` : '';
  const startedCells = wide ? 20 : 12;
  const used = 2 + ID_CELLS + 13 + startedCells + TOOK_CELLS;
  return (
    <Box height={1} flexShrink={0}>
      <Text over={over}>{`${selected ? theme.sign('pointer') : ' '} ${fitTo(run.run_id, ID_CELLS)}`}</Text>
      <Text look={face.look} over={over}>{`${face.icon} ${fitTo(face.word, 11)}`}</Text>
      <Text over={over}>{fitTo(started, startedCells)}</Text>
      <Took run={run} live={live} over={over} />
      <Text over={over}>{fitTo(items + why, Math.max(0, columns - used))}</Text>
    </Box>
  );
});

/** How long a run took; of one that goes on how far it is, or how long it has been going on. */
function Took({ run, live, over }: Pick<RowProps, 'run' | 'live'> & { over: LookName | undefined }) {
  const progress = live?.progress ?? run.progress;
  const begun = run.started_at === null ? null : Date.parse(run.started_at);
  if (run.status !== 'running' || begun === null)
    return <Text over={over}>{fitTo(durationWords(run.duration_ms), TOOK_CELLS)}</Text>;
  if (progress !== null) {
    const bar = progressBar(progress, TOOK_CELLS - 2);
    return (
      <Text look="running" over={over}>
        {`${bar}  `}
      </Text>
    );
  }
  const elapsed = (now: number) =>
    fitTo(durationWords(Math.max(0, Math.round((now - begun) / 1000) * 1000)), TOOK_CELLS);
  return <ClockText of={elapsed} over={over} />;
}

/** `2026-11-26 14:15:00`, or `11-26 14:15`, by the clocks of a zone. */
function startedWords(instant: string, timeZone: string, wide: boolean): string {
  const wall = wallClock(Date.parse(instant), timeZone);
  const words = `${two(wall.month)}-${two(wall.day)} ${hourAndMinute(wall)}`;
  return wide ? `${wall.year}-${words}:${two(wall.second)}` : words;
}
