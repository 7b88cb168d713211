import { findJobRow } from '../../home/home-data.ts';
import type { AnswerEvent } from '../../kernel/call.ts';
import type { Event, Reducer, State, Step, Subscription } from '../../kernel/model.ts';
import { withNotice, withoutReasons } from '../../kernel/notices.ts';
import { closeView, step } from '../../kernel/step.ts';
import { type Input, isClick, keyOf, wheelRows } from '../../ui/input.ts';
import { isInRect } from '../../ui/layout.ts';
import { LIST_FILTER_KEYS } from '../../ui/list-filter.ts';
import { describePlace } from '../../ui/scroll.ts';
import type { ViewRules } from '../define-feature.ts';
import {
  clearConfigFilter,
  configLayout,
  configMainRows,
  configPanes,
  inputToConfigFilter,
  scrollListText,
  scrollSide,
  scrollText,
  scrollToBroken,
  scrollToFirstOfInterest,
  selectConfig,
} from './config-navigation.ts';
import {
  type ConfigQuestion,
  configQuestion,
  findCheck,
  findConfig,
  findDraft,
  listedConfigs,
  selectedConfig,
  whyDraftUnsavable,
} from './config-state.ts';
import {
  cancelTestRun,
  runJobWith,
  saveDeletedAsDraft,
  saveDraft,
  setDraft,
  testRunSubscription,
} from './draft-steps.ts';
import {
  type ConfigCheck,
  type ConfigRow,
  type ConfigsState,
  failedCheck,
  type InspectedRun,
  isTestRunning,
  passedCheck,
  withDraft,
  withoutDraft,
  withoutQueuedKeys,
} from './model.ts';
import { cancelSuggestion, endSuggestion, inspectRun, suggestionSubscription } from './open-config-editor.ts';
import { isRepairSearched } from './repair-state.ts';
import {
  cancelRepair,
  onRepairsFound,
  onSelectorWritten,
  repairSubscriptions,
  startRepair,
} from './repair-steps.ts';
import { summarizeConfig } from './summary.ts';

/** The list of configurations, with the text of the selected one. */
export const configsRules: ViewRules = {
  title: (state) => {
    const [{ index }, count] = [state.configs.list, listedConfigs(state).length];
    return `Configurations${describePlace({ index, count, height: configMainRows(state) })}`;
  },
  panes: configPanes,
  onInput(state, input) {
    if (state.configs.filter.isOpen && input.kind !== 'mouse') return step(inputToConfigFilter(state, input));
    const isEscape = keyOf(input) === 'escape' && state.pane === 'main';
    if (isEscape && state.configs.filter.line.text !== '') return step(clearConfigFilter(state));
    const by = wheelRows(input);
    if (by !== 0 && isMouseOverSide(state, input)) return step(scrollListText(state, by));
    const at = by !== 0 ? state.configs.list.index + by : rowAt(state, input);
    return at === undefined ? undefined : step(selectConfig(state, at));
  },
  rowAt,
  footer: ({ configs: { filter } }) => (filter.isOpen ? LIST_FILTER_KEYS : undefined),
  subscriptions: (state) => [CONFIGS, ...checkSubscription(state, namesToCheck(state))],
};

/** The configuration editor. */
export const configEditorRules: ViewRules = {
  title: (state) => `Configuration ${state.configs.editor.name}`,
  onInput(state, input) {
    const isEscape = keyOf(input) === 'escape';
    const { editor } = state.configs;
    if (isEscape && editor.suggestion !== null) return cancelSuggestion(state);
    if (isEscape && isTestRunning(editor)) return cancelTestRun(state);
    if (isEscape && isRepairSearched(editor)) return cancelRepair(state);
    const by = wheelRows(input);
    if (by === 0) return undefined;
    return step(isMouseOverSide(state, input) ? scrollSide(state, by) : scrollText(state, by));
  },
  onLeave(state) {
    const { name } = state.configs.editor;
    const left = closeView(state);
    const draft = findDraft(state, name);
    if (draft === undefined || draft.isSaving || draft.isSaveAwaited) return left;
    const notice = `The text of ${name} is kept, not saved: open it again to go on.`;
    return { ...left, state: withNotice(left.state, 'info', notice) };
  },
  subscriptions(state) {
    const { editor } = state.configs;
    const { name } = editor;
    const active = [suggestionSubscription(editor), testRunSubscription(editor)].filter(
      (subscription) => subscription !== undefined,
    );
    // Both need a process: the search ends sooner alone, and the check does not wait for a site.
    const isSearched = isRepairSearched(editor) && !editor.repair?.isLive;
    const checked = isSearched ? [] : checkSubscription(state, [name]);
    return [CONFIGS, ...checked, ...active, ...repairSubscriptions(editor)];
  },
};

const CONFIGS: Subscription = { kind: 'configs' };

/** Checks one text at a time, because each check needs a process. */
function checkSubscription(state: State, names: readonly string[]): Subscription[] {
  for (const name of names) {
    const row = findConfig(state, name);
    const isSaved = row !== undefined && row.revision !== null && findDraft(state, name) === undefined;
    if (isSaved && findCheck(state, name) === undefined)
      return [{ kind: 'config_check', name, yaml: row.yaml }];
  }
  return [];
}

/** The selected configuration first, then the others on the screen. */
function namesToCheck(state: State): readonly string[] {
  const { top } = state.configs.list;
  const selected = selectedConfig(state);
  const shown = listedConfigs(state).slice(top, top + configMainRows(state));
  return selected === undefined ? shown : [selected, ...shown];
}

function isMouseOverSide(state: State, input: Input): boolean {
  const { side } = configLayout(state);
  return input.kind === 'mouse' && side !== undefined && isInRect(side, input);
}

/** The row of the list under a click. */
function rowAt(state: State, input: Input): number | undefined {
  if (!isClick(input)) return undefined;
  const { main, mainShown } = configLayout(state);
  const row = input.row - main.row - 1;
  const isShown = mainShown && isInRect(main, input) && row >= 0;
  const at = state.configs.list.top + row;
  return isShown && at < listedConfigs(state).length ? at : undefined;
}

function onConfigs(state: State, rows: readonly ConfigRow[]): Step {
  const { name } = state.configs.editor;
  const next = withReselection(withConfigs(state, { rows }));
  const isFirst = findConfig(state, name) === undefined;
  return saveDeletedAsDraft(state, isFirst ? atBrokenWhileSearched(next) : next);
}

/** Shows what is known to be broken before the search for other selectors has ended. */
function atBrokenWhileSearched(state: State): State {
  return isRepairSearched(state.configs.editor) ? scrollToBroken(state) : state;
}

/** Updates the configurations, and records the answers to requests. */
export const configsReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'configs':
      return onConfigs(state, event.rows);
    case 'config_checked':
      return step(checked(state, event));
    case 'test_run_ended':
      return step(onTestRunEnded(state, event));
    case 'suggested':
      return reselectAfter(state, endSuggestion(state, event));
    case 'repairs_found':
      return onRepairsFound(state, event);
    case 'selector_written':
      return onSelectorWritten(state, event);
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

type OfDraft = Extract<ConfigQuestion, { what: 'check' | 'save' }>;

/** The state after the answer to a call of these views. Other answers change nothing. */
function answerToConfigs(state: State, answer: AnswerEvent): Step {
  const question = configQuestion(answer.tag);
  switch (question?.what) {
    case 'check':
      return onDraftChecked(state, answer, question);
    case 'save':
      return onDraftSaved(state, answer, question);
    case 'delete':
      return step(answer.ok ? withRows(state, (row) => row.name !== question.name) : state);
    case 'run':
      return withInspectedRun(state, answer, question.runId);
    case 'again':
      return step(withRequestedRun(state, answer));
    default:
      return step(state);
  }
}

/** Saves the text for which Ctrl-S was pressed meanwhile, if it can run and the saved text is still the same. */
function onDraftChecked(state: State, answer: AnswerEvent, question: OfDraft): Step {
  const { name } = question;
  const answered = withCheckAnswer(state, answer, question);
  const draft = findDraft(answered, name);
  if (answered === state || draft === undefined || !draft.isSaveAwaited) return step(answered);
  const reason = whyDraftUnsavable(answered, name);
  if (reason === true) return saveDraft(answered, name);
  const drafts = withDraft(answered.configs.drafts, name, withoutQueuedKeys(draft));
  return step(withNotice(withConfigs(answered, { drafts }), 'bad', `${name} was not saved. ${reason}`));
}

function withCheckAnswer(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const draft = findDraft(state, name);
  if (draft === undefined || draft.id !== id) return state;
  const warnings = answer.ok && answer.name === 'save_config' ? answer.output.warnings : [];
  const check = answer.ok ? passedCheck(draft.yaml, warnings) : failedCheck(draft.yaml, answer.failure);
  const drafts = withDraft(state.configs.drafts, name, { ...draft, check });
  // Ctrl-S may have been refused because the check had not ended.
  const ended = withoutReasons({ ...state, configs: { ...state.configs, drafts } });
  return scrollToFirstOfInterest(ended, name);
}

/** Runs the job for which `r` was pressed meanwhile. */
function onDraftSaved(state: State, answer: AnswerEvent, question: OfDraft): Step {
  const { thenRuns } = findDraft(state, question.name) ?? {};
  const saved = withSavedDraft(state, answer, question);
  const isSaved = saved !== state && findDraft(saved, question.name) === undefined;
  return isSaved && thenRuns !== undefined ? runJobWith(saved, question.name, thenRuns) : step(saved);
}

function withSavedDraft(state: State, answer: AnswerEvent, { name, draft: id }: OfDraft): State {
  const { configs } = state;
  const draft = findDraft(state, name);
  if (draft === undefined || draft.id !== id) return state;
  if (!answer.ok || answer.name !== 'save_config') {
    const drafts = withDraft(configs.drafts, name, { ...withoutQueuedKeys(draft), isSaving: false });
    return { ...state, configs: { ...configs, drafts } };
  }
  const row: ConfigRow = {
    name,
    file: answer.output.file,
    updatedAt: state.now,
    yaml: draft.yaml,
    problem: null,
    by: 'tui',
    revision: answer.output.revision,
    summary: summarizeConfig(draft.yaml),
  };
  const others = (configs.rows ?? []).filter((other) => other.name !== name);
  const rows = [...others, row].sort((a, b) => (a.name < b.name ? -1 : 1));
  const checks = draft.check === null ? configs.checks : { ...configs.checks, [name]: draft.check };
  return { ...state, configs: { ...configs, rows, checks, drafts: withoutDraft(configs.drafts, name) } };
}

function withRows(state: State, retain: (row: ConfigRow) => boolean): State {
  return { ...state, configs: { ...state.configs, rows: state.configs.rows?.filter(retain) } };
}

function withInspectedRun(state: State, answer: AnswerEvent, runId: string): Step {
  const { editor } = state.configs;
  if (editor.run?.runId !== runId || answer.name !== 'get_run') return step(state);
  const run: InspectedRun = answer.ok
    ? { ...editor.run, output: answer.output }
    : { ...editor.run, problem: answer.failure.message };
  const source = (run.output?.kept_pages.length ?? 0) > 0 ? 'kept' : 'live';
  const inspected = withConfigs(state, { editor: { ...editor, run, source } });
  if (editor.repair === null || editor.repair.runId === runId) return step(atBrokenWhileSearched(inspected));
  // The repaired text has run: it is good, or something else in it is broken.
  if (run.output?.run.status !== 'succeeded') return startRepair(inspected);
  return step(withConfigs(state, { editor: { ...editor, run, source, repair: null } }));
}

function withRequestedRun(state: State, answer: AnswerEvent): State {
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

function onTestRunEnded(state: State, { id, outcome }: Extract<Event, { kind: 'test_run_ended' }>): State {
  const { editor } = state.configs;
  if (editor.testRun?.id !== id || !isTestRunning(editor)) return state;
  return withConfigs(state, { editor: { ...editor, testRun: { ...editor.testRun, outcome } } });
}

function onTextEdited(state: State, { tag, text }: Extract<Event, { kind: 'text_edited' }>): Step {
  const question = configQuestion(tag);
  return question?.what !== 'edit' || text === undefined ? step(state) : setDraft(state, question.name, text);
}
