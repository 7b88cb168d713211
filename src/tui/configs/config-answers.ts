import { findJobRow } from '../home/home-data.ts';
import type { AnswerEvent } from '../state/event.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import type { InspectedRun } from './config-editor.ts';
import { scrollToFirstOfInterest } from './config-editor-scroll.ts';
import { type ConfigRow, failedCheck, passedCheck } from './config-row.ts';
import { summarizeConfig } from './config-summary.ts';
import { type ConfigQuestion, configQuestion } from './config-tags.ts';
import { findConfig, findDraft } from './configs-state.ts';
import { withDraft, withoutDraft } from './draft.ts';
import { inspectRun } from './open-config-editor.ts';

type OfDraft = Extract<ConfigQuestion, { what: 'check' | 'save' }>;

/** What the answers to calls of these views make of the state; others change nothing. */
export function answerToConfigs(state: State, answer: AnswerEvent): Step {
  const question = configQuestion(answer.tag);
  switch (question?.what) {
    case 'check':
      return step(checked(state, answer, question));
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

function checked(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
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

/** When the run that was asked for is over, it is the one that is looked at. */
export function inspectFinishedRun(state: State): Step {
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
