import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { DEFINITION_DEFAULTS, type JobDefinition } from '../../../../src/core/model/definition.ts';
import type { RunOutput } from '../../../../src/core/operations/run-output.ts';
import type { DetailParts, JobDetailData } from '../../../../src/tui/features/job-detail/model.ts';
import { findRunningRun, progressSamples } from '../../../../src/tui/features/job-detail/run-sections.ts';
import { detailRows } from '../../../../src/tui/features/job-detail/sections.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';
import { rowText } from '../../row-text.ts';

const MINUTE = 60_000;

function partsOf(row: JobRow, fields: Partial<DetailParts> = {}): DetailParts {
  const detail = { data: null, failure: null };
  return {
    row,
    detail,
    samples: [],
    now: NOW,
    timezone: 'UTC',
    columns: 58,
    dense: false,
    ...fields,
  };
}

const TOKYO = { type: 'daily', time: '18:00', timezone: 'Asia/Tokyo' } as const;

function linesOf(parts: DetailParts, now = NOW): string[] {
  return detailRows(parts).map((row) => rowText(row, now));
}

function told(fields: {
  warnings?: string[];
  isChangedSince?: boolean;
  explanation?: string[];
  next_runs?: string[];
  notes?: JobDetailData['preview']['notes'];
  messages?: Partial<JobDetailData['messages'][number]>[];
  recent_runs?: (Pick<RunOutput, 'run_id' | 'error' | 'checks' | 'changes'> & Partial<RunOutput>)[];
}): DetailParts['detail'] {
  const {
    explanation = [],
    recent_runs = [],
    next_runs = [],
    notes = [],
    warnings = [],
    isChangedSince = false,
    messages = [],
  } = fields;
  const lastRun = { run_id: 'r1', warnings, isChangedSince };
  const preview = { description: '', timezone: 'Europe/Berlin', next_runs, notes, warnings: [] };
  const job = { job: { created_at: '2026-11-20T08:00:00.000+01:00' }, explanation, recent_runs };
  return { data: { job, preview, lastRun, messages } as unknown as JobDetailData, failure: null };
}

describe('the detail of a job', () => {
  it('says that the next run does not start while the scheduler is off', () => {
    const row = jobRow('books', { nextRun: NOW + 5 * MINUTE });
    const detail = told({ explanation: ['It waits.'], next_runs: ['2026-11-25T12:05:00Z'] });
    const text = (columns: number) =>
      linesOf(partsOf(row, { idle: 'scheduler off', columns, detail })).join('\n');
    expect(text(58)).toContain('✓ ok · next run in 5m 00s · scheduler off');
    expect(text(40)).toContain('\nnext run in 5m 00s · scheduler off');
    expect(linesOf(partsOf(row, { detail })).join('\n')).not.toContain('scheduler');
  });

  it('has its next run in a row of its own where its countdown would be cut', () => {
    const row = jobRow('books', { state: 'failed', failures: 3, nextRun: NOW + 167 * MINUTE });
    const lines = linesOf(partsOf(row, { columns: 49 }));
    expect(lines.slice(0, 2)).toEqual(['✗ failed, 3 failures in a row', 'next run in 2h 47m']);
  });

  it('says from the row alone how the job is, before anybody was asked', () => {
    const row = jobRow('books', {
      ...{ state: 'failed', failures: 3, description: 'Every book', nextRun: NOW + 5 * MINUTE },
      ...{
        last: pastRun({ status: 'failed', ago: MINUTE, tookMs: 4_200, errorKind: 'http' }),
        tags: ['demo'],
      },
    });
    const lines = linesOf(partsOf(row));
    expect(lines.slice(0, 2)).toEqual(['✗ failed, 3 failures in a row · next run in 5m 00s', 'Every book']);
    expect(lines).toContain('Reading why…');
    expect(lines.join('\n')).not.toContain('ran out of time');
    expect(lines).toContain('Last run  ✗ failed 1m 00s ago · 0 items, took 4.2s');
    expect(lines).not.toContain('          http');
    expect(lines).toContain('Schedule  every day at 09:00 (UTC)');
    expect(lines).toContain('Tags      demo');
  });

  it('has the newest messages about the job, and why one is not sent', () => {
    const at = { created_at: new Date(NOW - MINUTE).toISOString() };
    const messages = [
      { ...at, channel: 'team', event: 'failure', status: 'waiting' as const, error: 'HTTP 500' },
      { ...at, channel: 'me', event: 'failure', status: 'sent' as const, error: null },
    ];
    const lines = linesOf(partsOf(jobRow('books'), { detail: told({ messages }), columns: 70 }));
    expect(lines.find((line) => line.includes('team'))).toMatch(
      /^Messages +team +failure +\S+ +waiting: HTTP 500$/,
    );
    expect(lines.find((line) => line.includes(' me '))).toMatch(/^ +me +failure +\S+ +sent$/);
  });

  it('makes the columns of messages as wide as they need, and wraps a reason that has no room beside them', () => {
    const error = '127.0.0.1:7392 answered HTTP 503';
    const at = { created_at: new Date(NOW - MINUTE).toISOString(), event: 'failure' };
    const messages = [{ ...at, channel: 'pager', status: 'waiting' as const, error }];
    const linesAt = (columns: number) =>
      linesOf(partsOf(jobRow('books'), { detail: told({ messages }), columns })).filter((line) =>
        /pager|7392/.test(line),
      );
    expect(linesAt(75)).toEqual([`Messages  pager  failure  11:59  waiting: ${error}`]);
    expect(linesAt(58)).toEqual(['Messages  pager  failure  11:59  waiting:', `          ${error}`]);
  });

  it('gives a failure a label of its own, below the repair and above the worker', () => {
    const last = pastRun({ status: 'failed', ago: MINUTE, errorKind: 'no_items', runId: 'r1' });
    const error = { kind: 'no_items', message: 'nothing there' };
    const recent_runs = [{ run_id: 'r1', error, checks: [], changes: null, worker: 'paris-1' }];
    const lines = linesOf(partsOf(jobRow('books', { last }), { detail: told({ recent_runs }) }));
    const labels = lines
      .slice(lines.findIndex((line) => line.startsWith('Last run ')))
      .map((line) => line.slice(0, 9).trim());
    expect(labels.filter((label) => label !== '').slice(0, 4)).toEqual([
      'Last run',
      'Repair',
      'Why',
      'Worker',
    ]);
    expect(lines).toContain('Why       nothing there');
  });

  it('says why in the words of get_job, and the last error once only', () => {
    const last = pastRun({ status: 'failed', ago: MINUTE, errorKind: 'http', runId: 'r1' });
    const explanation = [
      'Due next at 2026-11-26T09:00:00.000+01:00.',
      'The last occurrence failed (run r1): the site answers with an error: 503.',
      'One was missed.',
    ];
    const recent_runs = [
      { run_id: 'r1', error: { kind: 'http', message: '503 from shop' }, checks: [], changes: null },
    ];
    const lines = linesOf(
      partsOf(jobRow('books', { state: 'failed', last }), { detail: told({ explanation, recent_runs }) }),
    );
    expect(lines).toContain('Due next at Thu 26 Nov 08:00.');
    expect(lines).toContain('One was missed.');
    expect(lines).toContain('Why       503 from shop');
    expect(lines.join('\n')).not.toContain('The last occurrence');
  });

  it('shows the failed checks of the last run and its differences', () => {
    const last = pastRun({ status: 'failed', ago: MINUTE, errorKind: 'no_items', runId: 'r1' });
    const figures = { expected: 1, usual: 40, good_runs: 10, suspect: null };
    const few = { ...figures, check: 'min_items' as const, field: null, passed: false, found: 0 };
    const full = { ...figures, check: 'min_fill_percent' as const, field: 'price', passed: true, found: 99 };
    const changes = { with_run_id: 'r0', key: 'link', added: 2, removed: 0, changed: 1200, unchanged: 3 };
    const error = { kind: 'no_items', message: 'nothing there' };
    const linesWith = (checks: RunOutput['checks']) => {
      const recent_runs = [{ run_id: 'r1', error, checks, changes }];
      const row = jobRow('books', { state: 'failed', last });
      return linesOf(partsOf(row, { detail: told({ recent_runs }) }));
    };
    const lines = linesWith([
      { ...few, message: '0 items, at least 1 expected' },
      { ...full, message: 'price is filled' },
    ]);
    expect(lines).toContain('          0 items, at least 1 expected');
    expect(lines).toContain('Checks    1 of 2 failed: min_items');
    expect(lines).toContain('Changed   2 added, 1,200 changed');
    expect(lines.join('\n')).not.toContain('price is filled');
    expect(linesWith([{ ...full, message: 'price is filled' }])).toContain('Checks    1 passed');
  });

  it('offers the repair of a selector, or another run once the configuration has other selectors', () => {
    const last = pastRun({ status: 'failed', ago: MINUTE, runId: 'r1' });
    const error = { kind: 'no_items', message: 'nothing there' };
    const linesWith = (isChangedSince: boolean) => {
      const recent_runs = [{ run_id: 'r1', error, checks: [], changes: null }];
      const row = jobRow('books', { state: 'failed', last });
      return linesOf(partsOf(row, { detail: told({ recent_runs, isChangedSince }), columns: 90 })).join('\n');
    };
    expect(linesWith(false)).toContain('Repair    R shows the broken selector');
    expect(linesWith(true)).toContain('The configuration was changed since this run: r runs it again');
    expect(linesWith(true)).not.toContain('R shows');
  });

  it('counts what the last run warned of, a line each, and says where there is more', () => {
    const warnings = [`2 prices could not be read ${'x'.repeat(80)}`, 'two', 'three', 'four', 'five', 'six'];
    const linesWith = (runId: string, texts: string[]) => {
      const last = pastRun({ status: 'succeeded', ago: MINUTE, runId });
      return linesOf(partsOf(jobRow('books', { last }), { detail: told({ warnings: texts }) }));
    };
    const lines = linesWith('r1', warnings);
    const at = lines.indexOf('Warnings  6 in the last run');
    expect(lines.slice(at + 1, at + 6)).toEqual([
      expect.stringMatching(/^ {10}2 prices could not be read x+…$/),
      '          two',
      '          three',
      '          four',
      '          … and 2 more: quickscrape job show books',
    ]);
    expect(linesWith('r1', ['one']).join('\n')).toContain('Warnings  1 in the last run\n          one');
    expect(linesWith('r1', []).join('\n')).not.toContain('Warnings');
    expect(linesWith('another', ['one']).join('\n')).not.toContain('Warnings');
  });

  it('names the zone of an instant where the clocks here show something else', () => {
    const explanation = ['Due next at 2026-11-26T18:00:00.000+09:00; until 2026-11-27T18:00:00.000+09:00.'];
    const definition = { ...jobRow('books').definition, schedule: TOKYO } as JobDefinition;
    const row = jobRow('books', { definition });
    expect(linesOf(partsOf(row, { detail: told({ explanation }), columns: 90 }))).toContain(
      'Due next at Thu 26 Nov 18:00 (Asia/Tokyo); until Fri 27 Nov 18:00.',
    );
    const there = linesOf(
      partsOf(row, { detail: told({ explanation }), columns: 90, timezone: 'Asia/Tokyo' }),
    );
    expect(there).toContain('Due next at Thu 26 Nov 18:00; until Fri 27 Nov 18:00.');
  });

  it('lists the next runs by the clocks of their zone, marks those that the clocks move and says why', () => {
    const next_runs = [
      '2027-03-27T02:30:00.000+01:00',
      '2027-03-28T03:00:00.000+02:00',
      '2027-03-29T02:30:00.000+02:00',
    ];
    const notes = [
      { at: '2027-03-28T03:00:00.000+02:00', kind: 'shifted', text: '02:30 does not exist' },
    ] as const;
    const lines = linesOf(
      partsOf(jobRow('books'), { columns: 48, detail: told({ next_runs, notes: [...notes] }) }),
    );
    const at = lines.findIndex((line) => line.startsWith('Next runs'));
    expect(lines.slice(at, at + 4)).toEqual([
      'Next runs Sat 27 Mar 2027 02:30 +01:00',
      '          Sun 28 Mar 2027 03:00 +02:00 !',
      '          Mon 29 Mar 2027 02:30 +02:00',
      '          02:30 does not exist',
    ]);
  });

  it('reads row by row, names offsets only where they change, and says the next run once', () => {
    const next_runs = ['2026-11-27', '2026-11-28', '2026-11-29'].map((day) => `${day}T09:00:00.000+01:00`);
    const explanation = ['Due next at 2026-11-27T09:00:00.000+01:00.'];
    const lines = linesOf(
      partsOf(jobRow('books'), { columns: 60, detail: told({ next_runs, explanation }) }),
    );
    const at = lines.findIndex((line) => line.startsWith('Next runs'));
    expect(lines.slice(at, at + 2)).toEqual([
      'Next runs Fri 27 Nov 09:00  Sat 28 Nov 09:00',
      '          Sun 29 Nov 09:00',
    ]);
    expect(lines.join('\n')).not.toContain('Due next');
  });

  it('does not mark the run that comes when the clocks have just left out another, and says which', () => {
    const next_runs = ['2027-03-28T01:00:00.000+01:00', '2027-03-28T03:00:00.000+02:00'];
    const notes = [
      { at: '2027-03-28T03:00:00.000+02:00', kind: 'skipped', text: '02:00 does not exist: no run' },
    ] as const;
    const lines = linesOf(
      partsOf(jobRow('books'), { columns: 48, detail: told({ next_runs, notes: [...notes] }) }),
    );
    const at = lines.findIndex((line) => line.startsWith('Next runs'));
    expect(lines.slice(at, at + 3)).toEqual([
      'Next runs Sun 28 Mar 2027 01:00 +01:00',
      '          Sun 28 Mar 2027 03:00 +02:00',
      '          02:00 does not exist: no run',
    ]);
  });

  it('says of a disabled job when it would run', () => {
    const next_runs = ['2026-11-26T09:00:00.000+01:00'];
    const row = jobRow('books', { state: 'disabled', enabled: false });
    expect(linesOf(partsOf(row, { detail: told({ next_runs }) })).join('\n')).toContain(
      'They would be, if it were not disabled.',
    );
  });

  it('shows the progress, the rate and the remaining time of the active run', () => {
    const run = {
      ...({ runId: 'r2', jobId: 'books', configName: 'shop', status: 'running', trigger: 'manual' } as const),
      ...{
        requestedBy: 'tui',
        attempt: 1,
        maxAttempts: 4,
        queuedAt: NOW,
        startedAt: NOW - MINUTE,
        notBefore: 0,
      },
      ...{ items: 200, pages: 10, bytes: 0, totalPages: 40, progress: 0.25, cancelling: false, worker: null },
    };
    const row = jobRow('books', { state: 'running', active: [run] });
    const samples = progressSamples(findRunningRun(row), { runId: null, samples: [] }, NOW);
    const lines = linesOf(partsOf(row, { samples }));
    expect(lines).toContain('██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 25%');
    expect(lines).toContain('10 of 40 pages, 200 items · 10 pages/min · 3m 00s left');
    expect(lines).toContain('Run       r2  attempt 1 of 4, since 11:59, by you');
    const endless = jobRow('books', {
      state: 'running',
      active: [{ ...run, totalPages: null, progress: null }],
    });
    const unknown = linesOf(
      partsOf(endless, {
        samples: progressSamples(findRunningRun(endless), { runId: null, samples: [] }, NOW),
      }),
    );
    expect(unknown).toContain('10 pages, 200 items · 10 pages/min');
    expect(unknown.join('\n')).not.toMatch(/[█░]{5}|%|left/);
    const remote = jobRow('books', { state: 'running', active: [{ ...run, worker: 'paris-1' }] });
    expect(linesOf(partsOf(remote, { samples }))).toContain('Worker    paris-1');
  });

  it('draws the curves of several runs and lists the last ones, newest first', () => {
    const history = [1, 2, 3].map((count) =>
      pastRun({ runId: `r${count}`, ago: (4 - count) * MINUTE, tookMs: count * 1_000, items: count * 100 }),
    );
    const lines = linesOf(partsOf(jobRow('books', { history, last: history[2] ?? null })));
    expect(lines).toContain('Duration  ▁▅█  1.0s to 3.0s');
    expect(lines).toContain('Items     ▁▅█  100 to 300');
    const changedBy = (itemChange: number) =>
      linesOf(partsOf(jobRow('books', { history, last: history[2] ?? null, itemsBefore: 200, itemChange })));
    expect(changedBy(100).join('\n')).toContain('100 to 300, last change +');
    expect(changedBy(0)).toContain('Items     ▁▅█  100 to 300');
    // Of many runs in a narrow detail, fewer are drawn and no figure is cut.
    const many = Array.from({ length: 40 }, (_, at) => pastRun({ runId: `r${at}`, items: 192 + (at % 9) }));
    const row = jobRow('books', { history: many, last: many[39] ?? null, itemsBefore: 200, itemChange: -3 });
    expect(linesOf({ ...partsOf(row), columns: 48 }).join('\n')).toMatch(/192 to 200, last change -3$/m);
    expect(lines).toContain('Last runs ✓ ok        11:58           3.0s   300  schedule');
  });

  it('marks failed runs in the curves, which are scaled to the others, and lists their trigger and kind', () => {
    const failed = { status: 'failed', errorKind: 'http', items: 0, tookMs: 90_000 } as const;
    const history = [
      pastRun({ runId: 'r1', ago: 3 * MINUTE, tookMs: 1_000, items: 994 }),
      pastRun({ runId: 'r2', ago: 2 * MINUTE, ...failed }),
      pastRun({ runId: 'r3', ago: MINUTE, tookMs: 1_000, items: 1_000 }),
    ];
    const row = jobRow('books', { history, last: history[2] ?? null });
    const unread = linesOf(partsOf(row, { columns: 80 }));
    expect(unread).toContain('Duration  ▁✗▁  1.0s to 1.0s');
    expect(unread).toContain('Items     ▁✗█  994 to 1,000');
    const failedAt = (columns: number) => {
      const recent_runs = [
        { run_id: 'r2', error: { kind: 'http', message: '503 from shop' }, checks: [], changes: null },
      ];
      const lines = linesOf(partsOf(row, { columns, detail: told({ recent_runs }) }));
      return lines.find((line) => line.includes('✗ failed'));
    };
    expect(failedAt(100)).toMatch(/ {2}schedule {2}the site answers with an error$/);
    expect(failedAt(60)).toMatch(/ {2}schedule$/);
  });

  it('says what of the definition is not as it is by default', () => {
    const definition = {
      ...DEFINITION_DEFAULTS,
      ...{ config_name: 'shop', max_retries: 5, overlap: 'queue' as const, expect: { min_items: 10 } },
      schedule: { type: 'daily' as const, time: '09:00', timezone: 'UTC' },
    };
    const lines = linesOf(partsOf(jobRow('books', { definition })));
    expect(lines).toContain('Set       max_retries 5 (default 3)');
    expect(lines).toContain('          overlap queue (default skip)');
    expect(lines).toContain('          expect {"min_items":10}');
    expect(lines.join('\n')).not.toContain('retry_delay');
  });

  it('shows the whole error of a file that cannot be used, and what to do', () => {
    const error = '/home/x/jobs/books.json:3:5: max_retries: a whole number from 0 to 100, not "many"';
    const row = jobRow('books', { state: 'invalid', error, definition: null, configName: null });
    const failure = { code: 'invalid_params', message: 'x', hint: 'Write a number.' } as const;
    const text = linesOf(partsOf(row, { detail: { data: null, failure } })).join(' ');
    expect(text).toContain('books.json:3:5: max_retries: a whole number from 0 to 100, not "many"');
    expect(text).toContain('Folder    /home/x/jobs/');
    expect(text).toContain('Write a number.');
    expect(text).toContain('E opens the file in your editor');
  });

  it('fits into its columns for any foreign text', () => {
    const row = jobRow('books', {
      ...{
        description: '価格チェック\u001b[31m\t'.repeat(20),
        tags: ['価格'.repeat(30), 'x'],
        state: 'failed',
      },
      ...{
        hosts: ['shop.example', 'a'.repeat(90)],
        last: pastRun({ status: 'failed', errorKind: 'k'.repeat(80) }),
      },
    });
    const detail = told({ explanation: ['価'.repeat(200)], next_runs: ['2026-11-26T09:00:00.000+01:00'] });
    for (const columns of [20, 39, 58, 80])
      for (const line of linesOf(partsOf(row, { columns, detail })))
        expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  });
});
