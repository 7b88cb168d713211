import { describe, expect, it } from 'vitest';
import { belowSections } from '../../../../src/tui/features/job-detail/below-sections.ts';
import type { DetailParts, JobDetailData, TabAnswer } from '../../../../src/tui/features/job-detail/model.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';
import { rowText } from '../../row-text.ts';
import { run } from '../../run-output.ts';

const history = [pastRun({ runId: 'r1', ago: 60_000, items: 3 }), pastRun({ runId: 'r2', items: 4 })];
const row = jobRow('shop', { history, last: history[1] ?? null });
const PARTS: DetailParts = {
  ...{ row, samples: [], now: NOW, timezone: 'UTC', columns: 70, height: 40, dense: false },
  detail: { data: {} as JobDetailData, failure: null },
};

const logOf = (lines: number): TabAnswer => ({
  data: {
    tab: 'log',
    runId: 'r2',
    lines: Array.from({ length: lines }, (_, at) => ({
      ...{ offset: at, bytes: 1, at: NOW, level: 'info' as const, text: `page ${at} was read` },
    })),
  },
});
const charts: TabAnswer = {
  data: { tab: 'charts', runs: [run('r2', { items: 4 }), run('r1', { items: 3 })] },
};

function below(
  used: number,
  fields: Partial<Parameters<typeof belowSections>[1]> = {},
  parts = PARTS,
): string[] {
  const wanted = { hasLog: true, hasCharts: true, log: logOf(60), charts, signs: 'braille' as const };
  return belowSections(parts, { ...wanted, used, ...fields }).map((each) => rowText(each, NOW));
}

describe('below the sections of a detail', () => {
  it('stand the charts and the end of the newest log, in all rows that are left', () => {
    const rows = below(10);
    expect(rows).toHaveLength(30);
    expect(rows[1]).toMatch(/^Success {2}100%/);
    expect(rows.join('\n')).toMatch(/\n\nLog {2}the end of run r2\n/);
    expect(rows.at(-1)).toContain('page 59 was read');
  });

  it('stands the log alone where the charts have no room or stand elsewhere', () => {
    expect(below(10, { hasCharts: false })[1]).toBe('Log  the end of run r2');
    expect(below(30)[1]).toBe('Log  the end of run r2');
    expect(below(30)).toHaveLength(10);
    expect(below(36)).toEqual([]);
  });

  it('keep their places when the answers arrive', () => {
    const awaited = below(10, { log: undefined, charts: undefined });
    expect(awaited.indexOf('Log')).toBe(below(10).findIndex((text) => text.startsWith('Log')));
  });

  it('is nothing until the sections are whole, and of a log without lines', () => {
    expect(below(10, {}, { ...PARTS, detail: { data: null, failure: null } })).toEqual([]);
    expect(below(10, {}, { ...PARTS, height: undefined })).toEqual([]);
    expect(below(10, { log: logOf(0), hasCharts: false })).toEqual([]);
    const waits = { ...PARTS, row: jobRow('new') };
    expect(below(10, { log: undefined, charts: undefined }, waits)).toEqual([]);
  });

  it('begins the log with a whole line', () => {
    const long: TabAnswer = {
      data: {
        ...{ tab: 'log', runId: 'r2' },
        lines: ['old', `first ${'word '.repeat(30)}`, 'last'].map((text, offset) => ({
          ...{ offset, bytes: 1, at: NOW, level: 'info' as const, text },
        })),
      },
    };
    const rows = below(34, { log: long });
    expect(rows[2]).toContain('first word');
    expect(rows.at(-1)).toContain('last');
  });
});
