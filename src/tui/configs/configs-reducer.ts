import type { AnswerEvent, Event } from '../state/event.ts';
import type { Reducer } from '../state/reducer.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { isTrying } from './bench.ts';
import { selectConfig } from './bench-scroll.ts';
import type { ConfigCheck } from './config-row.ts';
import { configQuestion } from './config-tags.ts';
import { answerToConfigs, runOver } from './configs-answers.ts';
import type { ConfigsState } from './configs-state.ts';
import { listedConfigs } from './configs-state.ts';
import { keepDeleted, putDraft } from './draft-steps.ts';
import { endProposal } from './proposal-steps.ts';

/** Takes in what is told of configurations, and what comes of what was asked for. */
export const configsReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'configs':
      return keepDeleted(state, reselected(withConfigs(state, { rows: event.rows })));
    case 'config_checked':
      return step(checked(state, event));
    case 'trial_ended':
      return step(trialEnded(state, event));
    case 'proposed':
      return reselectedAfter(state, endProposal(state, event));
    case 'text_edited':
      return edited(state, event);
    case 'answer':
      return reselectedAfter(state, answerToConfigs(state, event as AnswerEvent));
    case 'home':
      return runOver(state);
    case 'resize':
      return step(reselected(state));
    default:
      return step(state);
  }
};

export function withConfigs(state: State, changed: Partial<ConfigsState>): State {
  return { ...state, configs: { ...state.configs, ...changed } };
}

function reselectedAfter(before: State, { state, effects }: Step): Step {
  return state.configs === before.configs ? { state, effects } : { state: reselected(state), effects };
}

/** Follows the selected configuration to where it is now. */
function reselected(state: State): State {
  const { selected, index } = state.configs.list;
  const found = selected === undefined ? -1 : listedConfigs(state).indexOf(selected);
  return selectConfig(state, found < 0 ? index : found);
}

function checked(state: State, { name, check }: Extract<Event, { kind: 'config_checked' }>): State {
  const checks: Record<string, ConfigCheck> = { ...state.configs.checks, [name]: check };
  return withConfigs(state, { checks });
}

function trialEnded(state: State, { id, outcome }: Extract<Event, { kind: 'trial_ended' }>): State {
  const { bench } = state.configs;
  if (bench.trial?.id !== id || !isTrying(bench)) return state;
  return withConfigs(state, { bench: { ...bench, trial: { ...bench.trial, outcome } } });
}

function edited(state: State, { tag, text }: Extract<Event, { kind: 'text_edited' }>): Step {
  const question = configQuestion(tag);
  return question?.what !== 'edit' || text === undefined ? step(state) : putDraft(state, question.name, text);
}
