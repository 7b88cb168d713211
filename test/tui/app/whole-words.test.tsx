import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { run } from '../run-output.ts';
import { press, someState } from '../some-state.ts';

afterEach(cleanup);

const HOUR = 3_600_000;
/** Around each width at which the panes change, and between them. */
const WIDTHS = [80, 90, 100, 110, 120, 140, 149, 150, 159, 160, 180, 200, 220] as const;

/** Jobs with names and tags as in the demo, and with the longest durations. */
function opened(columns: number): State {
  const history = Array.from({ length: 14 }, (_, at) =>
    pastRun({
      runId: `run-${at}`,
      ago: (14 - at) * HOUR,
      tookMs: 45_240_000,
      items: 9_876,
      trigger: 'catch_up',
    }),
  );
  const jobs = ['books-every-minute', 'arrivals-weekend'].map((id) =>
    jobRow(id, {
      history,
      last: history.at(-1) ?? null,
      nextRun: NOW + 20 * HOUR,
      tags: ['demo', 'news'],
      itemChange: -9_999,
      itemsBefore: 900,
    }),
  );
  const state = someState({ now: NOW, columns, rows: 40 });
  return reduce(state, { kind: 'home', data: homeOf(jobs), changed: [], activity: [] }).state;
}

function withRuns(state: State): State {
  const runs = [
    run('9wxzha8b4y', { trigger: 'catch_up', duration_ms: 45_240_000, items: 9_876 }),
    run('nbym2qy2pp', { status: 'timed_out', trigger: 'catch_up', duration_ms: 45_240_000, items: 123_456 }),
  ];
  const output = { runs, total: runs.length };
  const [tag] = [`runs.${state.runs.jobId}`];
  return reduce(state, { kind: 'answer', name: 'list_runs', tag, ok: true, output }).state;
}

describe('no text is cut beside blank cells', () => {
  it.each(WIDTHS)('in the jobs and their detail, on %d columns', (columns) => {
    const screen = frameOf(opened(columns)).join('\n');
    expect(screen).toContain('books-every-minute');
    expect(screen).toContain('arrivals-weekend');
    expect(screen).toMatch(/took 12h 34m/);
    expect(screen).toMatch(/Last runs ✓ .* 12h 34m +9,876 {2}catch up/);
    // The column itself, where it is shown.
    if (/ TOOK /.test(screen)) expect(screen).toMatch(/ago +12h 34m +9,876/);
    expect(screen.split('│')[0]?.split('───')[0]).not.toContain('…');
  });

  it.each(WIDTHS)('in the runs, on %d columns', (columns) => {
    const screen = frameOf(withRuns(press(opened(columns), 'enter').state)).join('\n');
    expect(screen).toMatch(/9wxzha8b4y {2}✓ ok .* 12h 34m +9,876 {2}catch up/);
    expect(screen).toMatch(/nbym2qy2pp {2}\S timed out .* 12h 34m +123,456 {2}catch up/);
  });
});
