import type { State, Subscription } from '../../kernel/model.ts';
import { closeView } from '../../kernel/navigation.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { type Input, isClick, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout, isInRect } from '../../ui/layout.ts';
import { LIST_FILTER_KEYS } from '../../ui/list-filter.ts';
import type { ViewRules } from '../define-feature.ts';
import { configMainRows, scrollListText, scrollSide, scrollText, selectConfig } from './editor-scroll.ts';
import { clearConfigFilter, inputToConfigFilter } from './filter-steps.ts';
import { isTestRunning } from './model.ts';
import { findCheck, findConfig, findDraft, listedConfigs, selectedConfig } from './selectors.ts';
import { cancelSuggestion, suggestionSubscription } from './suggestion-steps.ts';
import { cancelTestRun, testRunSubscription } from './test-run-steps.ts';

/** The list of configurations, with the text of the selected one. */
export const configsRules: ViewRules = {
  title: () => 'Configurations',
  onInput(state, input) {
    if (state.configs.filter.isOpen && input.kind !== 'mouse') return step(inputToConfigFilter(state, input));
    const isEscape = keyOf(input) === 'escape' && state.pane === 'main';
    if (isEscape && state.configs.filter.line.text !== '') return step(clearConfigFilter(state));
    const by = wheelRows(input);
    if (by !== 0 && isMouseOverSide(state, input)) return step(scrollListText(state, by));
    const at = by !== 0 ? state.configs.list.index + by : rowAt(state, input);
    return at === undefined ? undefined : step(selectConfig(state, at));
  },
  footer: ({ configs: { filter } }) => (filter.isOpen ? LIST_FILTER_KEYS : undefined),
  subscriptions: (state) => [CONFIGS, ...checkSubscription(state, namesToCheck(state))],
};

/** The configuration editor. */
export const configEditorRules: ViewRules = {
  title: (state) => `Configuration ${state.configs.editor.name}`,
  onInput(state, input) {
    const isEscape = keyOf(input) === 'escape';
    const { editor } = state.configs;
    if (isEscape && editor.suggestion !== null) return cancelSuggestion(state);
    if (isEscape && isTestRunning(editor)) return cancelTestRun(state);
    const by = wheelRows(input);
    if (by === 0) return undefined;
    return step(isMouseOverSide(state, input) ? scrollSide(state, by) : scrollText(state, by));
  },
  onLeave(state) {
    const { name } = state.configs.editor;
    const left = closeView(state);
    if (findDraft(state, name) === undefined) return left;
    const saved = `The text of ${name} is kept, not saved: open it again to go on.`;
    return { ...left, state: withNotice(left.state, 'info', saved) };
  },
  subscriptions(state) {
    const { editor } = state.configs;
    const { name } = editor;
    const requested = [suggestionSubscription(editor), testRunSubscription(editor)].filter(
      (subscription) => subscription !== undefined,
    );
    return [CONFIGS, ...checkSubscription(state, [name]), ...requested];
  },
};

const CONFIGS: Subscription = { kind: 'configs' };

/** Checks one text at a time, because each check needs a process. */
function checkSubscription(state: State, names: readonly string[]): Subscription[] {
  for (const name of names) {
    const row = findConfig(state, name);
    const isOpen = row !== undefined && row.revision !== null && findDraft(state, name) === undefined;
    if (isOpen && findCheck(state, name) === undefined)
      return [{ kind: 'config_check', name, yaml: row.yaml }];
  }
  return [];
}

/** The selected configuration first, then the others on the screen. */
function namesToCheck(state: State): readonly string[] {
  const { top } = state.configs.list;
  const selected = selectedConfig(state);
  const shown = listedConfigs(state).slice(top, top + configMainRows(state));
  return selected === undefined ? shown : [selected, ...shown];
}

function isMouseOverSide(state: State, input: Input): boolean {
  const { side } = computeLayout(state, { hasSide: true, pane: state.pane });
  return input.kind === 'mouse' && side !== undefined && isInRect(side, input);
}

/** The row of the list under a click. */
function rowAt(state: State, input: Input): number | undefined {
  if (!isClick(input)) return undefined;
  const { main, mainShown } = computeLayout(state, { hasSide: true, pane: state.pane });
  const row = input.row - main.row - 1;
  const isShown = mainShown && isInRect(main, input) && row >= 0;
  const at = state.configs.list.top + row;
  return isShown && at < listedConfigs(state).length ? at : undefined;
}
