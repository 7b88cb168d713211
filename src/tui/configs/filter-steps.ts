import { type Input, keyOf } from '../input/input.ts';
import type { State } from '../state/state.ts';
import { editLine, lineOf } from '../text/edit-line.ts';
import { selectConfig } from './bench-scroll.ts';
import { type ConfigFilter, NO_CONFIG_FILTER } from './config-filter.ts';
import { listedConfigs } from './configs-state.ts';

/** Opens the line with the filter that is there, to go on typing. */
export function openConfigFilter(state: State): State {
  const { text } = state.configs.filter.line;
  return withFilter(state, { line: lineOf(text), isOpen: true, before: text });
}

/** Lists all again. */
export function clearConfigFilter(state: State): State {
  return state.configs.filter.line.text === '' ? state : withFilter(state, NO_CONFIG_FILTER);
}

/** What an input makes of the open line: Enter keeps the filter, Esc brings back the one before, the rest is text. */
export function inputToConfigFilter(state: State, input: Input): State {
  const { filter } = state.configs;
  const key = keyOf(input);
  if (key === 'enter') return withFilter(state, { ...filter, isOpen: false });
  if (key === 'escape') return withFilter(state, { ...NO_CONFIG_FILTER, line: lineOf(filter.before) });
  const line = editLine(filter.line, input);
  return line === undefined ? state : withFilter(state, { ...filter, line });
}

/** The selected one stays selected where it is still listed, else it is the first. */
function withFilter(state: State, filter: ConfigFilter): State {
  const filtered = { ...state, configs: { ...state.configs, filter } };
  const { selected } = state.configs.list;
  return selectConfig(filtered, selected === undefined ? 0 : listedConfigs(filtered).indexOf(selected));
}
