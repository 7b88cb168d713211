import { findJobRow } from '../../home/home-data.ts';
import type { AnswerEvent } from '../../kernel/call.ts';
import type { Event, Reducer, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import type { ConfigQuestion } from './config-tags.ts';
import { configQuestion } from './config-tags.ts';
import { saveDeletedAsDraft, setDraft } from './draft-steps.ts';
import { scrollToFirstOfInterest, selectConfig } from './editor-scroll.ts';
import type { ConfigCheck, ConfigRow, ConfigsState, InspectedRun } from './model.ts';
import { failedCheck, isTestRunning, passedCheck, withDraft, withoutDraft } from './model.ts';
import { inspectRun } from './open-config-editor.ts';
import { findConfig, findDraft, listedConfigs } from './selectors.ts';
import { endSuggestion } from './suggestion-steps.ts';
import { summarizeConfig } from './summary.ts';

type OfDraft = Extract<ConfigQuestion, { what: 'check' | 'save' }>;

/** The state after the answer to a call of these views. Other answers change nothing. */
function answerToConfigs(state: State, answer: AnswerEvent): Step {
  const question = configQuestion(answer.tag);
  switch (question?.what) {
    case 'check':
      return step(withCheckAnswer(state, answer, question));
    case 'save':
      return step(saved(state, answer, question));
    case 'delete':
      return step(answer.ok ? withRows(state, (row) => row.name !== question.name) : state);
    case 'run':
      return step(told(state, answer, question.runId));
    case 'again':
      return step(requested(state, answer));
    default:
      return step(state);
  }
}

function withCheckAnswer(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const draft = findDraft(state, name);
  if (draft === undefined || draft.id !== id) return state;
  const warnings = answer.ok && answer.name === 'save_config' ? answer.output.warnings : [];
  const check = answer.ok ? passedCheck(draft.yaml, warnings) : failedCheck(draft.yaml, answer.failure);
  const drafts = withDraft(state.configs.drafts, name, { ...draft, check });
  return scrollToFirstOfInterest({ ...state, configs: { ...state.configs, drafts } }, name);
}

function saved(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const { configs } = state;
  const draft = findDraft(state, name);
  if (draft === undefined || draft.id !== id) return state;
  if (!answer.ok || answer.name !== 'save_config') {
    const drafts = withDraft(configs.drafts, name, { ...draft, isSaving: false });
    return { ...state, configs: { ...configs, drafts } };
  }
  const row: ConfigRow = {
    ...{ name, file: answer.output.file, updatedAt: state.now, yaml: draft.yaml, problem: null, by: 'tui' },
    ...{ revision: answer.output.revision, summary: summarizeConfig(draft.yaml) },
  };
  const others = (configs.rows ?? []).filter((other) => other.name !== name);
  const rows = [...others, row].sort((a, b) => (a.name < b.name ? -1 : 1));
  const checks = draft.check === null ? configs.checks : { ...configs.checks, [name]: draft.check };
  return { ...state, configs: { ...configs, rows, checks, drafts: withoutDraft(configs.drafts, name) } };
}

function withRows(state: State, retain: (row: ConfigRow) => boolean): State {
  return { ...state, configs: { ...state.configs, rows: state.configs.rows?.filter(retain) } };
}

function told(state: State, answer: AnswerEvent, runId: string): State {
  const { editor } = state.configs;
  if (editor.run?.runId !== runId || answer.name !== 'get_run') return state;
  const run: InspectedRun = answer.ok
    ? { ...editor.run, output: answer.output }
    : { ...editor.run, problem: answer.failure.message };
  const source = (run.output?.kept_pages.length ?? 0) > 0 ? 'kept' : 'live';
  return { ...state, configs: { ...state.configs, editor: { ...editor, run, source } } };
}

function requested(state: State, answer: AnswerEvent): State {
  if (!answer.ok || answer.name !== 'run_job') return state;
  const { job_id: jobId, run_id: runId } = answer.output.run;
  const { editor } = state.configs;
  if (findConfig(state, editor.name) === undefined) return state;
  return { ...state, configs: { ...state.configs, editor: { ...editor, requestedRun: { jobId, runId } } } };
}

/** Inspects the run that was started from here, once it has finished. */
function inspectFinishedRun(state: State): Step {
  const { editor } = state.configs;
  const { requestedRun, run } = editor;
  if (requestedRun === null || run?.runId === requestedRun.runId) return step(state);
  const found = findJobRow(state.home?.jobs ?? [], requestedRun.jobId)?.history.find(
    ({ runId }) => runId === requestedRun.runId,
  );
  if (found === undefined || found.finishedAt === null) return step(state);
  const inspected: InspectedRun = { ...requestedRun, output: null, problem: null };
  return inspectRun(
    { ...state, configs: { ...state.configs, editor: { ...editor, run: inspected } } },
    requestedRun.runId,
  );
}

/** Updates the configurations, and records the answers to requests. */
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

function withConfigs(state: State, changed: Partial<ConfigsState>): State {
  return { ...state, configs: { ...state.configs, ...changed } };
}

function reselectAfter(before: State, { state, effects }: Step): Step {
  return state.configs === before.configs ? { state, effects } : { state: withReselection(state), effects };
}

/** Keeps the selection on its configuration when the rows change. */
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
