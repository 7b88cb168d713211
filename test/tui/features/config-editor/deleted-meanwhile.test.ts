import { expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { findDraft } from '../../../../src/tui/features/config-editor/config-state.ts';
import { sideRows } from '../../../../src/tui/features/config-editor/side-rows.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { rowText } from '../../row-text.ts';
import { press } from '../../some-state.ts';
import { afterEvents, answerTo, brokenRun, callOf, configRow, homeWith, YAML } from './some-configs.ts';

const GONE = { kind: 'configs', rows: [] } as const;
const VALID = { output: { warnings: [] } };

const testRuns = (state: State) => subscriptionsOf(state).filter(({ kind }) => kind === 'test_run');
const sideText = (state: State) => sideRows(state, 60).map(rowText).join('\n');

/** The bench of `shop`, whose text is being tried. */
function trying(state = homeWith(configRow('shop'))): State {
  const opened = press(state, 'enter');
  const told = answerTo(callOf(opened.effects, 'get_run'), { output: brokenRun(0) });
  return press(afterEvents(opened.state, told), 't').state;
}

it('keeps the text of a configuration that is deleted while it is open, and its test run goes on', () => {
  const { state, effects } = reduce(trying(), GONE);
  expect(testRuns(state)).toEqual(testRuns(trying()));
  expect(testRuns(state)).toHaveLength(1);
  expect(state.notices.at(-1)?.text).toBe(
    'shop was deleted while it is open here. Its text is kept: Ctrl-S saves it again, x discards it. The test goes on with it.',
  );
  expect(sideText(state)).toContain('Deleted meanwhile');
  const checked = afterEvents(state, answerTo(callOf(effects, 'save_config'), VALID));
  const saving = callOf(press(checked, 'ctrl+s').effects, 'save_config');
  expect(saving.params).toEqual({ config_name: 'shop', yaml: YAML });
  const id = trying().configs.editor.testRun?.id ?? 0;
  const failure = { code: 'internal', message: 'it could not be tried' } as const;
  const ended = afterEvents(checked, { kind: 'test_run_ended', id, outcome: { ok: false, failure } });
  expect(sideText(ended)).toContain('it could not be tried');
  expect(sideText(ended)).not.toContain('The text has changed since');
});

it('has nothing to keep when it is there again, or was not open', () => {
  const back = afterEvents(trying(), GONE, { kind: 'configs', rows: [configRow('shop')] });
  expect(findDraft(back, 'shop')).toBeUndefined();
  const elsewhere = afterEvents(press(trying(), 'escape', 'escape').state, GONE);
  expect(elsewhere.configs.drafts).toEqual({});
});

it('reports it with --read-only, too, where nothing is kept', () => {
  const state = afterEvents({ ...trying(), readOnly: true }, GONE);
  expect(state.notices.at(-1)?.text).toBe(
    'shop was deleted while it is open here. The test goes on with its text.',
  );
  expect(state.configs.drafts).toEqual({});
});
