import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { LogLine } from '../../../../src/tui/features/log/model.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { frameOf } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { someState } from '../../some-state.ts';

afterEach(cleanup);

const RUN = pastRun({
  runId: '20261125-115500-ab12',
  status: 'failed',
  items: 1234,
  ago: 60_000,
  tookMs: 125_000,
});

function linesOf(count: number): LogLine[] {
  return Array.from({ length: count }, (_, at) => {
    return { offset: at * 20, bytes: 20, at: 0, level: 'info', text: `line ${at}` };
  });
}

function stateAt(columns: number): State {
  const views = [{ name: 'jobs' }, { name: 'log', jobId: 'prices', runId: RUN.runId }] as State['views'];
  const state = someState({ columns, now: NOW, views });
  const home = homeOf([jobRow('prices', { history: [RUN], last: RUN })]);
  return reduce(state, { kind: 'home', data: home, changed: [], activity: [] }).state;
}

/** The second line of the log of a run. */
function lineAt(columns: number, lines = 0): string {
  const known = stateAt(columns);
  const page = { lines: linesOf(lines), from: 0, until: lines * 20, unfinished: undefined, size: lines * 20 };
  const read = reduce(known, { kind: 'log', runId: RUN.runId, event: { kind: 'end', page } }).state;
  return frameOf(lines === 0 ? known : read)[1] ?? '';
}

it('the line above a log says how its run is: state, start, duration and items; the title names job and run', () => {
  expect(lineAt(120)).toMatch(/^failed · started 11:56 · took 2m 05s · 1,234 items +ended$/);
});

it('a narrow screen leaves out the least important parts first', () => {
  expect(lineAt(80)).toMatch(/^failed · started 11:56 · took 2m 05s · 1,234 items +ended$/);
  expect(lineAt(60)).toMatch(
    /^failed · took 2m 05s · 1,234 items +ended$|^failed · started .* items +ended$/,
  );
  expect(lineAt(40)).toMatch(/^failed · .*1,234 items +ended$/);
});

it('the line says which lines are in sight, where the run keeps room for its state and items', () => {
  expect(lineAt(120, 320)).toMatch(/^failed · started .* items +lines 295–320 of 320 · ended$/);
  expect(lineAt(80, 320)).toMatch(/^failed · .*1,234 items +lines 295–320 of 320 · ended$/);
  expect(lineAt(120, 3)).toMatch(/ 3 lines · ended$/);
  expect(lineAt(40, 320)).toMatch(/^failed · .*1,234 items +ended$/);
});

it('an empty log leads to the items of the run only where they are there', () => {
  const emptyWith = (hasItems: boolean, columns = 120) => {
    const page = { lines: [], from: 0, until: 0, unfinished: undefined, size: 0, hasItems };
    const event = { kind: 'end', page } as const;
    return frameOf(reduce(stateAt(columns), { kind: 'log', runId: RUN.runId, event }).state).join('\n');
  };
  expect(emptyWith(true)).toContain('This one wrote nothing: i shows its items, [ the run before.');
  expect(emptyWith(false)).toContain(
    'This one wrote nothing, and no items of it are kept: [ shows the run before.',
  );
  expect(emptyWith(false)).not.toContain('i shows');
  for (const columns of [40, 80])
    expect(emptyWith(true, columns).replaceAll(/\s+/g, ' ')).toContain(
      'i shows its items, [ the run before.',
    );
});
