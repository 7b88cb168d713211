import { jobOf } from '../home/home-data.ts';
import type { AnswerEvent } from '../state/event.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import type { LookedAtRun } from './bench.ts';
import { atFirstOfInterest } from './bench-scroll.ts';
import { type ConfigRow, failedCheck, passedCheck } from './config-row.ts';
import { type ConfigQuestion, configQuestion } from './config-tags.ts';
import { configOf, draftOf } from './configs-state.ts';
import { withDraft, withoutDraft } from './draft.ts';
import { lookAtRun } from './open-bench.ts';
import { summaryOf } from './summary.ts';

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
      return step(asked(state, answer));
    default:
      return step(state);
  }
}

function checked(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const draft = draftOf(state, name);
  if (draft === undefined || draft.id !== id) return state;
  const warnings = answer.ok && answer.name === 'save_config' ? answer.output.warnings : [];
  const check = answer.ok ? passedCheck(draft.yaml, warnings) : failedCheck(draft.yaml, answer.failure);
  const drafts = withDraft(state.configs.drafts, name, { ...draft, check });
  return atFirstOfInterest({ ...state, configs: { ...state.configs, drafts } }, name);
}

function saved(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const { configs } = state;
  const draft = draftOf(state, name);
  if (draft === undefined || draft.id !== id) return state;
  if (!answer.ok || answer.name !== 'save_config') {
    const drafts = withDraft(configs.drafts, name, { ...draft, isSaving: false });
    return { ...state, configs: { ...configs, drafts } };
  }
  const row: ConfigRow = {
    ...{ name, file: answer.output.file, updatedAt: state.now, yaml: draft.yaml, problem: null, by: 'tui' },
    ...{ revision: answer.output.revision, summary: summaryOf(draft.yaml) },
  };
  const others = (configs.rows ?? []).filter((other) => other.name !== name);
  const rows = [...others, row].sort((a, b) => (a.name < b.name ? -1 : 1));
  const checks = draft.check === null ? configs.checks : { ...configs.checks, [name]: draft.check };
  return { ...state, configs: { ...configs, rows, checks, drafts: withoutDraft(configs.drafts, name) } };
}

function withRows(state: State, keep: (row: ConfigRow) => boolean): State {
  return { ...state, configs: { ...state.configs, rows: state.configs.rows?.filter(keep) } };
}

function told(state: State, answer: AnswerEvent, runId: string): State {
  const { bench } = state.configs;
  if (bench.run?.runId !== runId || answer.name !== 'get_run') return state;
  const run: LookedAtRun = answer.ok
    ? { ...bench.run, told: answer.output }
    : { ...bench.run, problem: answer.failure.message };
  const place = (run.told?.kept_pages.length ?? 0) > 0 ? 'kept' : 'live';
  return { ...state, configs: { ...state.configs, bench: { ...bench, run, place } } };
}

function asked(state: State, answer: AnswerEvent): State {
  if (!answer.ok || answer.name !== 'run_job') return state;
  const { job_id: jobId, run_id: runId } = answer.output.run;
  const { bench } = state.configs;
  if (configOf(state, bench.name) === undefined) return state;
  return { ...state, configs: { ...state.configs, bench: { ...bench, again: { jobId, runId } } } };
}

/** When the run that was asked for is over, it is the one that is looked at. */
export function runOver(state: State): Step {
  const { bench } = state.configs;
  const { again, run } = bench;
  if (again === null || run?.runId === again.runId) return step(state);
  const found = jobOf(state.home?.jobs ?? [], again.jobId)?.history.find(
    ({ runId }) => runId === again.runId,
  );
  if (found === undefined || found.finishedAt === null) return step(state);
  const looked: LookedAtRun = { ...again, told: null, problem: null };
  return lookAtRun(
    { ...state, configs: { ...state.configs, bench: { ...bench, run: looked } } },
    again.runId,
  );
}
