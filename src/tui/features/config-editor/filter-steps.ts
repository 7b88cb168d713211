import type { State } from '../../kernel/model.ts';
import type { Input } from '../../ui/input.ts';
import { inputToListFilter, type ListFilter, NO_LIST_FILTER, openListFilter } from '../../ui/list-filter.ts';
import { selectConfig } from './editor-scroll.ts';
import { listedConfigs } from './selectors.ts';

/** Opens the line with the filter that is there, to go on typing. */
export function openConfigFilter(state: State): State {
  return withFilter(state, openListFilter(state.configs.filter));
}

/** Lists all again. */
export function clearConfigFilter(state: State): State {
  return state.configs.filter.line.text === '' ? state : withFilter(state, NO_LIST_FILTER);
}

/** What an input makes of the open line. */
export function inputToConfigFilter(state: State, input: Input): State {
  const filter = inputToListFilter(state.configs.filter, input);
  return filter === state.configs.filter ? state : withFilter(state, filter);
}

/** The selected one stays selected where it is still listed, else it is the first. */
function withFilter(state: State, filter: ListFilter): State {
  const filtered = { ...state, configs: { ...state.configs, filter } };
  const { selected } = state.configs.list;
  return selectConfig(filtered, selected === undefined ? 0 : listedConfigs(filtered).indexOf(selected));
}
