import { skeletonFor } from '../../../core/configs/skeleton.ts';
import type { Event, State, Step, SubscriptionOf } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { andThen, step } from '../../kernel/step.ts';
import { withHint } from '../../ui/text/sentence.ts';
import { checkDraft } from './draft-steps.ts';
import type { ConfigEditor } from './model.ts';
import { openConfigEditor } from './open-config-editor.ts';
import { findDraft } from './selectors.ts';
import { startTestRun } from './test-run-steps.ts';

/** Creates a first draft for an address and searches its page for suggestions. */
export function startSuggestion(state: State, url: string, name: string): Step {
  const drafted = checkDraft(state, name, { yaml: skeletonFor(url, name), base: null });
  const draftId = findDraft(drafted.state, name)?.id ?? 0;
  return andThen(
    andThen(drafted, (next) => openConfigEditor(next, name, null)),
    (next) => {
      const { configs } = next;
      const suggestion = { id: configs.serial + 1, draftId, url, startedAt: state.now };
      const editor = { ...configs.editor, suggestion };
      return step({ ...next, configs: { ...configs, serial: suggestion.id, editor } });
    },
  );
}

/** Puts the suggestions into the draft if it is unedited, and tests the draft on the page. */
export function endSuggestion(state: State, { id, outcome }: Extract<Event, { kind: 'proposed' }>): Step {
  const { editor } = state.configs;
  const { name, suggestion } = editor;
  if (suggestion?.id !== id) return step(state);
  const withoutSuggestion = {
    ...state,
    configs: { ...state.configs, editor: { ...editor, suggestion: null } },
  };
  if (!outcome.ok) {
    const { message, hint } = outcome.failure;
    return step(withNotice(withoutSuggestion, 'bad', withHint(message, hint)));
  }
  if (findDraft(withoutSuggestion, name)?.id !== suggestion.draftId) return step(withoutSuggestion);
  const yaml = skeletonFor(suggestion.url, name, outcome.found);
  return andThen(checkDraft(withoutSuggestion, name, { yaml, base: null }), startTestRun);
}

export function cancelSuggestion(state: State): Step {
  const { editor } = state.configs;
  return step({ ...state, configs: { ...state.configs, editor: { ...editor, suggestion: null } } });
}

export function suggestionSubscription({
  name,
  suggestion,
}: ConfigEditor): SubscriptionOf<'proposal'> | undefined {
  return suggestion === null ? undefined : { kind: 'proposal', id: suggestion.id, url: suggestion.url, name };
}
