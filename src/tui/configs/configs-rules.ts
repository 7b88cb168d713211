import type { State } from '../state/state.ts';
import type { ViewRules } from '../state/view.ts';
import type { Watch } from '../state/watch.ts';
import { isTrying } from './bench.ts';
import { mainRows } from './bench-scroll.ts';
import { checkOf, configOf, draftOf, listedConfigs, selectedConfig } from './configs-state.ts';
import { callTrialOff, trialWatch } from './trial-steps.ts';

/** The list of configurations, with the text of the selected one. */
export const configsRules: ViewRules = {
  title: () => 'Configurations',
  hasSide: true,
  watches: (state) => [CONFIGS, ...checkWatch(state, namesToCheck(state))],
};

/** A configuration that is worked on. */
export const benchRules: ViewRules = {
  title: (state) => `Configuration ${state.configs.bench.name}`,
  hasSide: true,
  onInput(state, input) {
    const isEscape = input.kind === 'key' && input.key === 'escape';
    return isEscape && isTrying(state.configs.bench) ? callTrialOff(state) : undefined;
  },
  watches(state) {
    const { bench } = state.configs;
    const trial = trialWatch(bench);
    return [CONFIGS, ...checkWatch(state, [bench.name]), ...(trial === undefined ? [] : [trial])];
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
