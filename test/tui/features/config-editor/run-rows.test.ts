import { expect, it } from 'vitest';
import type { InspectedRun } from '../../../../src/tui/features/config-editor/model.ts';
import { runRows } from '../../../../src/tui/features/config-editor/result-rows.ts';
import { rowText } from '../../row-text.ts';
import { someState } from '../../some-state.ts';
import { brokenRun } from './some-configs.ts';

it('names a selector that found nothing as a whole, however long it is', () => {
  const selector = 'section.products > article:not(.sold-out) .price_current span.amount';
  const told = brokenRun();
  const selectors = told.selectors.map((one) => (one.stopped ? { ...one, selector } : one));
  const run: InspectedRun = {
    ...{ runId: 'broken', jobId: 'books', problem: null },
    output: { ...told, selectors },
  } as InspectedRun;
  const state = someState();
  const editor = { ...state.configs.editor, run };
  const text = runRows({ ...state, configs: { ...state.configs, editor } }, 60)
    .map((row) => rowText(row))
    .join('\n');
  expect(text).toMatch(/price +0 +40 +stopped:/);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(selector);
});
