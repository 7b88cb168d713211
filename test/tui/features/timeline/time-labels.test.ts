import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wallClock } from '../../../../src/core/schedule/engine/instant.ts';
import type { TimelineSpan } from '../../../../src/tui/features/timeline/model.ts';
import {
  cellStart,
  computeTimeLabels,
  floorToStep,
  labelLine,
  periodAround,
  periodEnd,
} from '../../../../src/tui/features/timeline/period.ts';

const HOUR = 3_600_000;
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
);
const spans = fc.constantFrom<TimelineSpan>('day', 'week');
const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2030, 0, 1) });

it('labels a common day by its hours, and the day at its beginning', () => {
  const now = Date.UTC(2026, 10, 25, 12);
  const period = periodAround(now, 'day', 96, 'UTC');
  const { days, hours } = computeTimeLabels(period, 'UTC');
  expect(labelLine(days, 96).trimEnd()).toBe('Wed 25 Nov');
  expect(labelLine(hours, 30)).toBe('00:00   02:00   04:00   06:00 ');
});

it('the current day’s label gives way at the left edge to the day that begins right after it', () => {
  const period = { from: Date.UTC(2026, 10, 25, 23), step: HOUR / 4, cells: 60 };
  expect(computeTimeLabels(period, 'UTC').days).toEqual([{ cell: 4, text: 'Thu 26 Nov' }]);
});

it('an hour that does not exist has no label, one that comes twice has two', () => {
  const hourOf = (from: number) =>
    computeTimeLabels({ from, step: HOUR / 6, cells: 6 * 6 }, 'Europe/Berlin').hours.map(({ text }) => text);
  expect(hourOf(Date.UTC(2026, 2, 28, 23))).toEqual(['00:00', '01:00', '03:00', '04:00', '05:00', '06:00']);
  expect(hourOf(Date.UTC(2026, 9, 24, 22))).toEqual(['00:00', '01:00', '02:00', '02:00', '03:00', '04:00']);
});

it('each label stands over the cell in which clocks show it, and none touches the next', () => {
  fc.assert(
    fc.property(spans, instants, fc.integer({ min: 1, max: 200 }), zones, (span, now, width, zone) => {
      const period = periodAround(now, span, width, zone);
      const { days, hours } = computeTimeLabels(period, zone);
      for (const { cell, text } of hours) {
        const shown = Array.from({ length: Math.max(1, period.step / 300_000) }, (_, index) => {
          const { hour, minute } = wallClock(cellStart(period, cell) + index * 300_000, zone);
          return [hour, minute].map((each) => String(each).padStart(2, '0')).join(':');
        });
        expect(shown).toContain(text);
      }
      for (const labels of [days, hours]) {
        for (const [index, { cell, text }] of labels.entries()) {
          expect(cell + text.length).toBeLessThan(labels[index + 1]?.cell ?? period.cells + 1);
        }
        expect(labelLine(labels, width)).toHaveLength(width);
      }
    }),
    { numRuns: 200 },
  );
});

it('a period covers its span without a gap, holds now, and begins at a whole hour', () => {
  fc.assert(
    fc.property(spans, instants, fc.integer({ min: 1, max: 250 }), zones, (span, now, width, zone) => {
      const period = periodAround(now, span, width, zone);
      expect(period.cells).toBe(width);
      expect(period.from).toBeLessThanOrEqual(now);
      if (width >= 7) {
        expect(periodEnd(period)).toBeGreaterThan(now);
        expect(periodEnd(period) - period.from).toBeGreaterThanOrEqual(
          span === 'day' ? 24 * HOUR : 168 * HOUR,
        );
      }
      expect(wallClock(period.from, zone).minute % 30).toBe(0);
    }),
  );
});

it('a whole step is the last at which clocks show a multiple of it', () => {
  fc.assert(
    fc.property(instants, zones, fc.constantFrom(HOUR / 4, HOUR, 6 * HOUR, 24 * HOUR), (at, zone, step) => {
      const begin = floorToStep(at, step, zone);
      expect(begin).toBeLessThanOrEqual(at);
      expect(at - begin).toBeLessThanOrEqual(step + HOUR);
    }),
  );
});
