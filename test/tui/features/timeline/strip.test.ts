import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RUN_STATUSES } from '../../../../src/core/model/run-record.ts';
import type { TimelineRun } from '../../../../src/core/runs/runs-in-period.ts';
import { entriesAt } from '../../../../src/tui/features/timeline/entries.ts';
import { buildStrip, cellGlyph, loadGlyph } from '../../../../src/tui/features/timeline/strip.ts';
import { asAscii } from '../../../../src/tui/ui/text/ascii.ts';

const PERIOD = { from: 1000, step: 100, cells: 10 };

function run(begin: number, end: number | null, status: TimelineRun['status'] = 'succeeded'): TimelineRun {
  return { runId: `r${begin}`, jobId: 'a', status, trigger: 'schedule', begin, end, items: 0 };
}

const looks = (runs: TimelineRun[], coming: number[][] = [], now = 1500) =>
  buildStrip(
    PERIOD,
    runs,
    coming.map((at) => ({ jobId: 'a', at, count: at.length, takes: 0 })),
    now,
  )
    .map((cell, index) => asAscii(cellGlyph(cell, index === 5).char))
    .join('');

it('shows the worst outcome of a cell, what runs now, what comes and how often, and where now is', () => {
  const runs = [
    run(1000, 1010),
    run(1020, 1030, 'failed'),
    run(1110, 1190),
    run(1200, 1210, 'skipped'),
    run(1450, null, 'running'),
  ];
  expect(looks(runs, [[1610], [1700, 1710, 1720]])).toBe('x#. >>*3  ');
  expect(looks([])).toBe('     |    ');
});

it('a success after a failure in one cell is shown, and that not all went well there', () => {
  const runs = [
    ...[run(1000, 1010, 'failed'), run(1020, 1030)],
    ...[run(1100, 1110, 'missed'), run(1120, 1130), run(1140, 1140, 'skipped')],
    ...[run(1200, 1210, 'failed'), run(1220, 1230), run(1240, 1250, 'timed_out')],
    ...[run(1300, 1310, 'cancelled'), run(1320, 1330), run(1340, 1350)],
    ...[run(1400, 1410, 'failed'), run(1420, 1430), run(1440, null, 'running')],
  ];
  expect(looks(runs)).toBe('%%x%>>    ');
});

it('a run is in each cell that it reaches into, and one that ends with a cell is not in the next', () => {
  expect(looks([run(1100, 1300)])).toBe(' ##  |    ');
  expect(looks([run(900, 1301)])).toBe('#### |    ');
  expect(looks([run(500, 1000), run(2000, 2100)])).toBe('     |    ');
});

it('counts each run and each occurrence of the period once, and shows those under any cell', () => {
  const placed = fc.record({
    begin: fc.integer({ min: 0, max: 3000 }),
    length: fc.integer({ min: 0, max: 900 }),
    status: fc.constantFrom(...RUN_STATUSES),
  });
  fc.assert(
    fc.property(fc.array(placed), fc.array(fc.integer({ min: 1000, max: 1999 })), (specs, instants) => {
      const runs = specs.map(({ begin, length, status }) =>
        run(begin, status === 'running' ? null : begin + length, status),
      );
      const upcoming = instants.map((at) => ({ jobId: 'a', at: [at], count: 3, takes: 0 }));
      const strip = buildStrip(PERIOD, runs, upcoming, 1500);
      expect(strip).toHaveLength(10);
      const began = runs.filter(({ begin }) => begin >= 1000 && begin < 2000).length;
      expect(strip.reduce((sum, cell) => sum + cell.runs, 0)).toBe(began);
      expect(strip.reduce((sum, cell) => sum + cell.upcoming, 0)).toBe(3 * instants.length);
      for (const [cell, { outcome, upcoming: count }] of strip.entries()) {
        const entries = entriesAt(PERIOD, cell, { runs, upcoming }, 1500);
        expect(entries.some(({ kind }) => kind === 'run')).toBe(outcome !== null);
        const named = entries.reduce(
          (sum, each) => sum + (each.kind === 'coming' ? 1 : each.kind === 'more' ? each.count : 0),
          0,
        );
        expect(named).toBe(count);
      }
    }),
  );
});

it('the top row rises with the runs at once, and says when more want to run than may', () => {
  const chars = [0, 1, 2, 4, 5].map((count) => loadGlyph(count, 4, false));
  expect(chars.map(({ char }) => char).join('')).toBe(' ▂▄██');
  expect(chars.map(({ tone }) => tone)).toEqual(['empty', 'load', 'load', 'load', 'full']);
});
