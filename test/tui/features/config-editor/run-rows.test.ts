import { expect, it } from 'vitest';
import type { InspectedRun } from '../../../../src/tui/features/config-editor/model.ts';
import { runRows } from '../../../../src/tui/features/config-editor/result-rows.ts';
import { rowText } from '../../row-text.ts';
import { someState } from '../../some-state.ts';
import { brokenRun } from './some-configs.ts';

type Selectors = ReturnType<typeof brokenRun>['selectors'];

/** The rows of a run whose selectors found this. */
function rowsOf(
  change: (one: Selectors[number]) => Partial<Selectors[number]>,
  more: Selectors = [],
  columns = 60,
) {
  const told = brokenRun();
  const selectors = [...more, ...told.selectors.map((one) => ({ ...one, ...change(one) }))];
  const run = {
    runId: 'broken',
    jobId: 'books',
    problem: null,
    output: { ...told, selectors },
  } as InspectedRun;
  const state = someState();
  const editor = { ...state.configs.editor, run };
  return runRows({ ...state, configs: { ...state.configs, editor } }, columns).map((row) =>
    rowText(row).trimEnd(),
  );
}

it('names a selector that found nothing as a whole, however long it is', () => {
  const selector = 'section.products > article:not(.sold-out) .price_current span.amount';
  const text = rowsOf(({ stopped }) => (stopped ? { selector } : {})).join('\n');
  expect(text).toMatch(/price +0 +40 +broken:/);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(selector);
});

it('begins with the broken selector, beside what is usual', () => {
  expect(rowsOf(() => ({})).slice(2, 5)).toEqual([
    'FIELD  MATCHED    USUAL  SELECTOR',
    'price        0       40  broken: .price',
    'title       40       40  h3',
  ]);
});

it('has no column for what is usual where no good run says it', () => {
  expect(rowsOf(() => ({ usual: null, stopped: false })).slice(2, 5)).toEqual([
    'FIELD  MATCHED  SELECTOR',
    'price        0  .price',
    'title       40  h3',
  ]);
});

it('warns of a field that matches more than usual, but not where there are more rows', () => {
  const told = (matched: number, rows: number) => {
    const item = {
      ...brokenRun().selectors[0],
      part: 'item',
      field: 'item',
      matched: rows,
    } as Selectors[number];
    return rowsOf(({ field }) => (field === 'price' ? { matched, stopped: false } : {}), [item]).join(' ');
  };
  expect(told(80, 40)).toContain('more than usual in a row, of which the first counts');
  expect(told(80, 80)).not.toContain('more than usual');
  expect(told(41, 40)).not.toContain('more than usual');
});
