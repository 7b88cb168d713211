import type { State } from '../../kernel/model.ts';
import type { Input } from '../../ui/input.ts';
import { inputToListFilter, type ListFilter, NO_LIST_FILTER, openListFilter } from '../../ui/list-filter.ts';
import { selectConfig } from './editor-scroll.ts';
import { listedConfigs } from './selectors.ts';

/** Opens the filter line with the current filter in it. */
export function openConfigFilter(state: State): State {
  return withFilter(state, openListFilter(state.configs.filter));
}

/** Clears the filter, so that all configurations are listed. */
export function clearConfigFilter(state: State): State {
  return state.configs.filter.line.text === '' ? state : withFilter(state, NO_LIST_FILTER);
}

/** The state after an input to the open filter line. */
export function inputToConfigFilter(state: State, input: Input): State {
  const filter = inputToListFilter(state.configs.filter, input);
  return filter === state.configs.filter ? state : withFilter(state, filter);
}

/** The selection stays if its configuration is still listed. Otherwise the first one is selected. */
function withFilter(state: State, filter: ListFilter): State {
  const filtered = { ...state, configs: { ...state.configs, filter } };
  const { selected } = state.configs.list;
  return selectConfig(filtered, selected === undefined ? 0 : listedConfigs(filtered).indexOf(selected));
}
