import type { State, Step, SubscriptionOf } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { focusSideWhenSingle } from './editor-scroll.ts';
import { type ConfigEditor, hasSavedPage, isTestRunning, type TestRun } from './model.ts';
import { currentYaml } from './selectors.ts';

/** The maximum number of items and of pages of a test run. */
const SAMPLE_ITEMS = 10;
const MAX_PAGES = 1;

/** Tests the shown text on the live site or on the saved page, as selected. */
export function startTestRun(state: State): Step {
  const { configs } = state;
  const { editor } = configs;
  const isSavedPage = editor.source === 'kept' && hasSavedPage(editor);
  const testRun: TestRun = {
    id: configs.serial + 1,
    yaml: currentYaml(state, editor.name),
    source: isSavedPage ? 'kept' : 'live',
    runId: isSavedPage ? (editor.run?.runId ?? null) : null,
    startedAt: state.now,
    outcome: 'under_way',
  };
  // A finished run was already shown.
  const requestedRun = editor.requestedRun?.runId === editor.run?.runId ? null : editor.requestedRun;
  return step({
    ...focusSideWhenSingle(state),
    configs: { ...configs, serial: testRun.id, editor: { ...editor, testRun, requestedRun, sideTop: 0 } },
  });
}

export function cancelTestRun(state: State): Step {
  const { editor } = state.configs;
  if (editor.testRun === null || !isTestRunning(editor)) return step(state);
  const testRun: TestRun = { ...editor.testRun, outcome: 'called_off' };
  return step({ ...state, configs: { ...state.configs, editor: { ...editor, testRun } } });
}

/** The subscription for the active test run. The test run continues while the subscription exists. */
export function testRunSubscription({ name, testRun }: ConfigEditor): SubscriptionOf<'trial'> | undefined {
  if (testRun === null || testRun.outcome !== 'under_way') return undefined;
  return {
    kind: 'trial',
    id: testRun.id,
    params: {
      config_name: name,
      yaml: testRun.yaml,
      ...(testRun.runId !== null && { run_id: testRun.runId }),
      max_pages: MAX_PAGES,
      sample_items: SAMPLE_ITEMS,
    },
  };
}
