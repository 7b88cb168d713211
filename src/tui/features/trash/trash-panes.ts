import type { State, Step, Subscription } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { type Input, isClick, keyOf, wheelRows } from '../../ui/input.ts';
import { isInRect } from '../../ui/layout.ts';
import { inputToListFilter, LIST_FILTER_KEYS, NO_LIST_FILTER } from '../../ui/list-filter.ts';
import type { ViewRules } from '../define-feature.ts';
import {
  scrollTrashText,
  selectTrash,
  TRASH_PANES,
  trashLayout,
  trashRowAt,
  withTrashFilter,
} from './reducer.ts';

/** The trash, on a wide screen with the text of the selected entry. */
export const trashRules: ViewRules = {
  title: () => 'Trash',
  panes: () => TRASH_PANES,
  onInput: (state, input) => {
    const { filter } = state.trash;
    if (filter.isOpen && input.kind !== 'mouse')
      return step(withTrashFilter(state, inputToListFilter(filter, input)));
    if (isForText(state, input)) return toText(state, input);
    if (keyOf(input) === 'escape' && filter.line.text !== '' && state.pane === 'main')
      return step(withTrashFilter(state, NO_LIST_FILTER));
    const row = trashRowAt(state, input);
    if (row !== undefined) return step({ ...selectTrash(state, row), pane: 'main' });
    const by = wheelRows(input);
    return by === 0 ? undefined : step(selectTrash(state, state.trash.index + by));
  },
  footer: ({ trash: { filter } }) => (filter.isOpen ? LIST_FILTER_KEYS : undefined),
  subscriptions: (state) => [{ kind: 'trash' }, { kind: 'configs' }, ...textSubscriptions(state)],
  rowAt: trashRowAt,
};

/** Only a text that is shown is read. */
function textSubscriptions(state: State): readonly Subscription[] {
  const { selected: file } = state.trash;
  return file === undefined || trashLayout(state).side === undefined ? [] : [{ kind: 'trash_text', file }];
}

function isForText(state: State, input: Input): boolean {
  const { side } = trashLayout(state);
  return side !== undefined && input.kind === 'mouse' && isInRect(side, input);
}

/** A click moves the keys to the text. */
function toText(state: State, input: Input): Step | undefined {
  if (isClick(input)) return step({ ...state, pane: 'side' });
  const by = wheelRows(input);
  return by === 0 ? undefined : step(scrollTrashText(state, by));
}
