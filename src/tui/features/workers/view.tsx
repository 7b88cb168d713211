import { Box } from 'ink';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { ListedWorker } from '../../../core/workers/worker-list.ts';
import { ClockText, Row, Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import {
  isMissed,
  listedWorkers,
  runsOfWorker,
  selectedWorker,
  workersHeight,
  workersLayout,
} from './reducer.ts';
import { executorRow, heardText, noWorkerRows, workerRows } from './worker-rows.ts';

const STATE_CELLS = 11;
const SLOTS_CELLS = 7;
const HEARD_CELLS = 14;
/** On a narrower screen, names go before the time when a worker was heard. */
const HEARD_FROM = 60;
const MAX_NAME_CELLS = 26;

/** The workers on other machines, and above them how they are reached. */
export function Workers({ state, rect, focused }: PaneProps) {
  const workers = listedWorkers(state);
  if (workers.length === 0)
    return (
      <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
        {noWorkerRows(state, rect.columns).map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
          <Row key={at} row={row} />
        ))}
      </Box>
    );
  const { top, index } = state.workers;
  const cells = cellsFor(workers, rect.columns);
  const heading = `${fitTo('WORKER', cells.name)}${fitTo('STATE', STATE_CELLS)}${fitTo('SLOTS', SLOTS_CELLS)}${fitTo('HEARD', cells.heard)}${cells.runs === 0 ? '' : 'RUNS'}`;
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Row row={executorRow(state, rect.columns)} />
      <Box height={1} flexShrink={0}>
        <Text style="heading">{fitTo(`  ${heading}`, rect.columns)}</Text>
      </Box>
      {workers.slice(top, top + workersHeight(state)).map((worker, at) => (
        <WorkerLine
          key={worker.name}
          worker={worker}
          runs={runsOfWorker(state, worker.name).map(({ jobId }) => jobId)}
          cells={cells}
          selected={top + at === index}
          focused={focused}
        />
      ))}
    </Box>
  );
}

interface Cells {
  name: number;
  /** 0 on a narrow screen. */
  heard: number;
  runs: number;
}

function cellsFor(workers: readonly ListedWorker[], columns: number): Cells {
  const longest = workers.reduce((most, { name }) => Math.max(most, name.length), 'WORKER'.length);
  const heard = columns < HEARD_FROM ? 0 : HEARD_CELLS;
  const room = columns - 2 - STATE_CELLS - SLOTS_CELLS - heard;
  const name = Math.max(8, Math.min(longest + 2, MAX_NAME_CELLS, room));
  return { name, heard, runs: Math.max(0, room - name) };
}

interface LineProps {
  worker: ListedWorker;
  /** The jobs of its runs. */
  runs: readonly string[];
  cells: Cells;
  selected: boolean;
  focused: boolean;
}

function WorkerLine({ worker, runs, cells, selected, focused }: LineProps) {
  const theme = useTheme();
  const { name, state, slots } = worker;
  const over = selected ? (focused ? 'selected' : 'cursor') : undefined;
  // A draining worker offers no slots.
  const used = slots === 0 ? `${runs.length || '-'}` : `${runs.length}/${slots}`;
  return (
    <Box height={1} flexShrink={0}>
      <Text style="pointer" over={over}>
        {selected ? theme.sign('pointer') : ' '}
      </Text>
      <Text over={over}>{` ${fitTo(fitTo(name, cells.name - 2), cells.name)}`}</Text>
      <Text style={stateStyle(worker)} over={over}>
        {fitTo(state === 'silent' && !isMissed(worker) ? 'drained' : state, STATE_CELLS)}
      </Text>
      <Text over={over}>{fitTo(used, SLOTS_CELLS)}</Text>
      <ClockText
        style={isMissed(worker) ? 'bad' : 'plain'}
        over={over}
        of={(now) => fitTo(heardText(worker, now), cells.heard)}
      />
      <Text over={over}>{fitTo(sanitizeText(runs.join(', ')), cells.runs)}</Text>
    </Box>
  );
}

function stateStyle(worker: ListedWorker): StyleName {
  if (worker.state === 'connected') return 'good';
  if (isMissed(worker) || worker.state === 'unusable') return 'bad';
  return worker.state === 'draining' ? 'warning' : 'faint';
}

/** The selected worker: what it does, and what it is. */
export function WorkerDetail({ state, rect, focused }: PaneProps) {
  const worker = selectedWorker(state);
  // Without any worker, the list says why.
  if (worker === undefined) return <Text> </Text>;
  const isBeside = workersLayout(state).kind === 'wide';
  const room = { columns: rect.columns, rows: rect.rows - 1, isBeside };
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box height={1} flexShrink={0}>
        <Text style={focused ? 'key' : 'heading'}>{fitTo(worker.name, rect.columns)}</Text>
      </Box>
      {workerRows(state, worker, room).map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} />
      ))}
    </Box>
  );
}
