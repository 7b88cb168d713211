import { type Input, keyOf } from '../input/input.ts';
import { isClick, wheelRows } from '../input/mouse.ts';
import { isIn, layoutOf } from '../layout.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { closeView, type ViewRules } from '../state/view.ts';
import type { Watch } from '../state/watch.ts';
import { isTrying } from './bench.ts';
import { mainRows, scrollListText, scrollSide, scrollText, selectConfig } from './bench-scroll.ts';
import { checkOf, configOf, draftOf, listedConfigs, selectedConfig } from './configs-state.ts';
import { clearConfigFilter, inputToConfigFilter } from './filter-steps.ts';
import { callProposalOff, proposalWatch } from './proposal-steps.ts';
import { callTrialOff, trialWatch } from './trial-steps.ts';

/** The list of configurations, with the text of the selected one. */
export const configsRules: ViewRules = {
  title: () => 'Configurations',
  hasSide: true,
  onInput(state, input) {
    if (state.configs.filter.isOpen && input.kind !== 'mouse') return step(inputToConfigFilter(state, input));
    const isEscape = keyOf(input) === 'escape' && state.pane === 'main';
    if (isEscape && state.configs.filter.line.text !== '') return step(clearConfigFilter(state));
    const by = wheelRows(input);
    if (by !== 0 && isOverSide(state, input)) return step(scrollListText(state, by));
    const at = by !== 0 ? state.configs.list.index + by : rowAt(state, input);
    return at === undefined ? undefined : step(selectConfig(state, at));
  },
  watches: (state) => [CONFIGS, ...checkWatch(state, namesToCheck(state))],
};

/** A configuration that is worked on. */
export const benchRules: ViewRules = {
  title: (state) => `Configuration ${state.configs.bench.name}`,
  hasSide: true,
  onInput(state, input) {
    const isEscape = keyOf(input) === 'escape';
    const { bench } = state.configs;
    if (isEscape && bench.proposal !== null) return callProposalOff(state);
    if (isEscape && isTrying(bench)) return callTrialOff(state);
    const by = wheelRows(input);
    if (by === 0) return undefined;
    return step(isOverSide(state, input) ? scrollSide(state, by) : scrollText(state, by));
  },
  onLeave(state) {
    const { name } = state.configs.bench;
    const left = closeView(state);
    if (draftOf(state, name) === undefined) return left;
    const kept = `The text of ${name} is kept, not saved: open it again to go on.`;
    return { ...left, state: withNotice(left.state, 'info', kept) };
  },
  watches(state) {
    const { bench } = state.configs;
    const { name } = bench;
    const asked = [proposalWatch(bench), trialWatch(bench)].filter((watch) => watch !== undefined);
    return [CONFIGS, ...checkWatch(state, [name]), ...asked];
  },
};

const CONFIGS: Watch = { kind: 'configs' };

/** One text is checked at a time: each check takes a process. */
function checkWatch(state: State, names: readonly string[]): Watch[] {
  for (const name of names) {
    const row = configOf(state, name);
    const isOpen = row !== undefined && row.revision !== null && draftOf(state, name) === undefined;
    if (isOpen && checkOf(state, name) === undefined) return [{ kind: 'config_check', name, yaml: row.yaml }];
  }
  return [];
}

/** The selected one first, then the others on the screen. */
function namesToCheck(state: State): readonly string[] {
  const { top } = state.configs.list;
  const selected = selectedConfig(state);
  const shown = listedConfigs(state).slice(top, top + mainRows(state));
  return selected === undefined ? shown : [selected, ...shown];
}

function isOverSide(state: State, input: Input): boolean {
  const { side } = layoutOf(state, { hasSide: true, pane: state.pane });
  return input.kind === 'mouse' && side !== undefined && isIn(side, input);
}

/** The row of the list that was clicked at. */
function rowAt(state: State, input: Input): number | undefined {
  if (!isClick(input)) return undefined;
  const { main, mainShown } = layoutOf(state, { hasSide: true, pane: state.pane });
  const row = input.row - main.row - 1;
  const isShown = mainShown && isIn(main, input) && row >= 0;
  const at = state.configs.list.top + row;
  return isShown && at < listedConfigs(state).length ? at : undefined;
}
