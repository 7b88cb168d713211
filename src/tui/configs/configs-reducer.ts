import type { AnswerEvent, Event } from '../state/event.ts';
import type { Reducer } from '../state/reducer.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { answerToConfigs, inspectFinishedRun } from './config-answers.ts';
import { isTestRunning } from './config-editor.ts';
import { selectConfig } from './config-editor-scroll.ts';
import type { ConfigCheck } from './config-row.ts';
import { configQuestion } from './config-tags.ts';
import type { ConfigsState } from './configs-state.ts';
import { listedConfigs } from './configs-state.ts';
import { saveDeletedAsDraft, setDraft } from './draft-steps.ts';
import { endSuggestion } from './suggestion-steps.ts';

/** Takes in what is told of configurations, and what comes of what was asked for. */
export const configsReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'configs':
      return saveDeletedAsDraft(state, withReselection(withConfigs(state, { rows: event.rows })));
    case 'config_checked':
      return step(checked(state, event));
    case 'trial_ended':
      return step(onTestRunEnded(state, event));
    case 'proposed':
      return reselectAfter(state, endSuggestion(state, event));
    case 'text_edited':
      return onTextEdited(state, event);
    case 'answer':
      return reselectAfter(state, answerToConfigs(state, event as AnswerEvent));
    case 'home':
      return inspectFinishedRun(state);
    case 'resize':
      return step(withReselection(state));
    default:
      return step(state);
  }
};

export function withConfigs(state: State, changed: Partial<ConfigsState>): State {
  return { ...state, configs: { ...state.configs, ...changed } };
}

function reselectAfter(before: State, { state, effects }: Step): Step {
  return state.configs === before.configs ? { state, effects } : { state: withReselection(state), effects };
}

/** Follows the selected configuration to where it is now. */
function withReselection(state: State): State {
  const { selected, index } = state.configs.list;
  const found = selected === undefined ? -1 : listedConfigs(state).indexOf(selected);
  return selectConfig(state, found < 0 ? index : found);
}

function checked(state: State, { name, check }: Extract<Event, { kind: 'config_checked' }>): State {
  const checks: Record<string, ConfigCheck> = { ...state.configs.checks, [name]: check };
  return withConfigs(state, { checks });
}

function onTestRunEnded(state: State, { id, outcome }: Extract<Event, { kind: 'trial_ended' }>): State {
  const { editor } = state.configs;
  if (editor.testRun?.id !== id || !isTestRunning(editor)) return state;
  return withConfigs(state, { editor: { ...editor, testRun: { ...editor.testRun, outcome } } });
}

function onTextEdited(state: State, { tag, text }: Extract<Event, { kind: 'text_edited' }>): Step {
  const question = configQuestion(tag);
  return question?.what !== 'edit' || text === undefined ? step(state) : setDraft(state, question.name, text);
}
