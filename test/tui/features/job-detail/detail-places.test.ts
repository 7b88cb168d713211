import { expect, it } from 'vitest';
import type { DetailParts, JobDetailData } from '../../../../src/tui/features/job-detail/model.ts';
import { detailRows } from '../../../../src/tui/features/job-detail/sections.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';
import { rowText } from '../../row-text.ts';

const MINUTE = 60_000;
const UNREAD = { data: null, failure: null };

/** What `get_job` and `preview_schedule` answer about a job that is fine. */
const ANSWER = {
  failure: null,
  data: {
    job: {
      job: { created_at: '2026-11-20T08:00:00.000+01:00' },
      explanation: ['One was missed.'],
      recent_runs: [],
    },
    preview: {
      ...{ description: '', timezone: 'UTC', notes: [], warnings: [] },
      next_runs: ['2026-11-26T09:00:00.000+01:00'],
    },
    messages: [],
  } as unknown as JobDetailData,
};

function linesOf(row: JobRow, fields: Partial<DetailParts> = {}): string[] {
  const unread = { row, detail: UNREAD, samples: [], now: NOW, timezone: 'UTC', columns: 58, dense: false };
  return detailRows({ ...unread, ...fields }).map((line) => rowText(line, NOW));
}

it.each([100, 120, 160])('keeps the places of its rows when the answer comes, on %d columns', (columns) => {
  const history = [3, 2, 1].map((ago) => pastRun({ runId: `r${4 - ago}`, ago: ago * MINUTE, items: ago }));
  const row = jobRow('books', { history, last: history[2] ?? null, nextRun: NOW + MINUTE });
  const [before, after] = [UNREAD, ANSWER].map((detail) =>
    linesOf(row, { columns, height: 13, dense: true, detail }),
  );
  const placesOf = (lines: readonly string[] = []) =>
    ['Last run ', 'Duration', 'Items', 'Schedule', 'Next runs', 'Last runs', 'Config', 'Made'].map(
      (label) => {
        const line = lines.findIndex((text) => text.includes(label));
        return [label, line, lines[line]?.indexOf(label)];
      },
    );
  expect(placesOf(after)).toEqual(placesOf(before));
  expect(placesOf(before).every(([, line]) => Number(line) >= 0)).toBe(true);
});

it('holds back what is below the reason of a failure until that is known', () => {
  const history = [2, 1].map((ago) => pastRun({ runId: `r${ago}`, ago: ago * MINUTE, items: ago }));
  const last = pastRun({ status: 'failed', runId: 'r0', errorKind: 'http' });
  const row = jobRow('books', { history: [...history, last], last });
  expect(linesOf(row).join('\n')).not.toContain('Duration');
  const failure = { code: 'internal', message: 'x' } as const;
  expect(linesOf(row, { detail: { data: null, failure } }).join('\n')).toContain('Duration');
});
