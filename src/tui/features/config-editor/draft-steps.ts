import { mergeTexts } from '../../../core/lib/line-diff.ts';
import type { State, Step, SubscriptionOf } from '../../kernel/model.ts';
import { withNotice, withoutReasons } from '../../kernel/notices.ts';
import { andThen, currentView, step } from '../../kernel/step.ts';
import { focusSideWhenSingle } from './config-navigation.ts';
import { changedByOthers, configTag, currentYaml, findConfig, findDraft, isUnused } from './config-state.ts';
import {
  type ConfigEditor,
  type ConfigRow,
  type Draft,
  hasSavedPage,
  isTestRunning,
  type TestRun,
  withDraft,
  withoutDraft,
  withoutQueuedKeys,
} from './model.ts';

/** Opens the draft in the external editor, or a copy of the saved text if there is no draft. */
export function editConfig(state: State, name: string): Step {
  const effect = {
    kind: 'edit_text',
    text: currentYaml(state, name),
    fileName: `${name}.yaml`,
    tag: configTag({ what: 'edit', name }),
  } as const;
  return step(state, effect);
}

/** Stores an edited text as a draft and has it checked. If a run saved a page, the text is also tested on it. */
export function setDraft(state: State, name: string, yaml: string): Step {
  const old = findDraft(state, name);
  const base = old === undefined ? baseOf(findConfig(state, name)) : old.base;
  if (yaml === base?.yaml && findConfig(state, name) !== undefined) {
    const next = {
      ...state,
      configs: { ...state.configs, drafts: withoutDraft(state.configs.drafts, name) },
    };
    return step(withNotice(next, 'info', `${name} is as it is saved.`));
  }
  if (yaml === old?.yaml) return step(state);
  const { editor } = state.configs;
  const checked = checkDraft(state, name, { yaml, base });
  const isTried = editor.name === name && hasSavedPage(editor) && editor.source === 'kept';
  return isTried ? andThen(checked, startTestRun) : checked;
}

/** Saves the draft over the text that it is based on; if it is still being checked, as soon as it is. */
export function saveDraft(state: State, name: string): Step {
  const draft = findDraft(state, name);
  if (draft === undefined) return step(state);
  const { drafts } = state.configs;
  if (draft.check === null) {
    const awaited = withDraft(drafts, name, { ...draft, isSaveAwaited: true });
    const next = { ...state, configs: { ...state.configs, drafts: awaited } };
    return step(withNotice(next, 'info', `${name} is saved when it is checked.`));
  }
  const { isSaveAwaited: _, ...checked } = draft;
  const saving = { ...checked, isSaving: true };
  return step(
    { ...state, configs: { ...state.configs, drafts: withDraft(drafts, name, saving) } },
    {
      kind: 'call',
      name: 'save_config',
      params: {
        config_name: name,
        yaml: draft.yaml,
        // A configuration that was deleted meanwhile is created again.
        ...(draft.base !== null && findConfig(state, name) && { if_revision: draft.base.revision }),
      },
      tag: configTag({ what: 'save', name, draft: draft.id }),
      done: `${name} is saved.${nextAfterSaving(state, name)}`,
    },
  );
}

/** What a configuration without a job is for, where the key for it works. */
function nextAfterSaving(state: State, name: string): string {
  const { name: view } = currentView(state);
  const hasKey = view === 'config' || view === 'configs';
  return hasKey && isUnused(state, name) && state.form.open === undefined ? ' C creates a job with it.' : '';
}

/** Runs a job that uses a configuration; if the configuration is being saved, or will be, as soon as it is. */
export function runJobWith(state: State, name: string, jobId: string): Step {
  const draft = findDraft(state, name);
  if (draft?.isSaving || draft?.isSaveAwaited) {
    const drafts = withDraft(state.configs.drafts, name, { ...draft, thenRuns: jobId });
    return step(withoutReasons({ ...state, configs: { ...state.configs, drafts } }));
  }
  return step(state, {
    kind: 'call',
    name: 'run_job',
    params: { job_id: jobId },
    tag: configTag({ what: 'again' }),
  });
}

/** Discards a draft. The last discarded draft can be restored. */
export function discardDraft(state: State, name: string): Step {
  const draft = findDraft(state, name);
  if (draft === undefined) return step(state);
  const drafts = withoutDraft(state.configs.drafts, name);
  const next = {
    ...state,
    configs: { ...state.configs, drafts, discarded: { name, draft: withoutQueuedKeys(draft) } },
  };
  return step(withNotice(next, 'info', 'The unsaved changes are discarded; x restores them.'));
}

export function restoreDraft(state: State, name: string): Step {
  const { discarded, drafts } = state.configs;
  if (discarded?.name !== name) return step(state);
  const restored: State = {
    ...state,
    configs: { ...state.configs, discarded: null, drafts: withDraft(drafts, name, discarded.draft) },
  };
  // The answer to its check came while it was discarded.
  return discarded.draft.check === null ? checkDraft(restored, name, discarded.draft) : step(restored);
}

/** Merges saved changes of other clients into the draft. Where both changed the same lines, the draft holds both. */
export function mergeDraft(state: State, name: string): Step {
  const draft = findDraft(state, name);
  const row = changedByOthers(state, name);
  if (draft === undefined || row === undefined) return step(state);
  const { text, overlaps } = mergeTexts(draft.base?.yaml ?? '', draft.yaml, row.yaml);
  const checked = checkDraft(state, name, { yaml: text, base: baseOf(row) });
  const [tone, words] =
    overlaps === 0
      ? (['good', 'Both changes are in the text now; Ctrl-S saves it.'] as const)
      : (['warning', `${overlaps} of the changes overlap: both stand between marks; e edits them.`] as const);
  return { ...checked, state: withNotice(checked.state, tone, words) };
}

/**
 * Saves the text of the open configuration as a draft when another client deletes the configuration. There may be no
 * other copy.
 */
export function saveDeletedAsDraft(before: State, state: State): Step {
  const { editor } = state.configs;
  const { name } = editor;
  const row = findConfig(before, name);
  if (findConfig(state, name) !== undefined) return step(withoutStaleConflict(state, name));
  if (currentView(state).name !== 'config' || row === undefined) return step(state);
  const words = `${name} was deleted while it is open here.`;
  if (state.readOnly) {
    const onText = isTestRunning(editor) ? ' The test goes on with its text.' : '';
    return step(withNotice(state, 'warning', words + onText));
  }
  const onDraft = isTestRunning(editor) ? ' The test goes on with it.' : '';
  const message = `${words} Its text is kept: Ctrl-S saves it again, x discards it.${onDraft}`;
  const noticed = withNotice(state, 'warning', message);
  const hasDraft = findDraft(state, name) !== undefined || row.revision === null;
  return hasDraft ? step(noticed) : checkDraft(noticed, name, { yaml: row.yaml, base: baseOf(row) });
}

/** Removes the draft of a deleted configuration when the configuration exists again and the draft is unedited. */
function withoutStaleConflict(state: State, name: string): State {
  const { configs } = state;
  const draft = findDraft(state, name);
  if (draft === undefined || draft.isSaving || draft.yaml !== draft.base?.yaml) return state;
  return { ...state, configs: { ...configs, drafts: withoutDraft(configs.drafts, name) } };
}

/** Creates a draft with this text and has it checked. */
export function checkDraft(state: State, name: string, { yaml, base }: Pick<Draft, 'yaml' | 'base'>): Step {
  const { configs } = state;
  const id = configs.serial + 1;
  const before = findDraft(state, name);
  const queued =
    before?.isSaveAwaited && before.yaml === yaml
      ? { isSaveAwaited: true, ...(before.thenRuns !== undefined && { thenRuns: before.thenRuns }) }
      : {};
  const draft: Draft = { id, yaml, base, check: null, isSaving: false, ...queued };
  return step(
    { ...state, configs: { ...configs, serial: id, drafts: withDraft(configs.drafts, name, draft) } },
    {
      kind: 'call',
      name: 'save_config',
      params: { config_name: name, yaml, dry_run: true },
      tag: configTag({ what: 'check', name, draft: id }),
      quiet: true,
    },
  );
}

function baseOf(row: ConfigRow | undefined): Draft['base'] {
  if (row === undefined || row.revision === null) return null;
  return { yaml: row.yaml, revision: row.revision };
}

/** The maximum number of items and of pages of a test run. */
const SAMPLE_ITEMS = 10;
const MAX_PAGES = 1;

/** Tests the shown text on the live site or on the saved page, as selected. */
export function startTestRun(state: State): Step {
  const { configs } = state;
  const { editor } = configs;
  const isSavedPage = editor.source === 'kept' && hasSavedPage(editor);
  const testRun: TestRun = {
    id: configs.serial + 1,
    yaml: currentYaml(state, editor.name),
    source: isSavedPage ? 'kept' : 'live',
    runId: isSavedPage ? (editor.run?.runId ?? null) : null,
    startedAt: state.now,
    outcome: 'running',
  };
  // A finished run was already shown.
  const requestedRun = editor.requestedRun?.runId === editor.run?.runId ? null : editor.requestedRun;
  return step({
    ...focusSideWhenSingle(state),
    configs: {
      ...configs,
      serial: testRun.id,
      editor: { ...editor, testRun, requestedRun, suggestionProblem: null, sideTop: 0 },
    },
  });
}

export function cancelTestRun(state: State): Step {
  const { editor } = state.configs;
  if (editor.testRun === null || !isTestRunning(editor)) return step(state);
  const testRun: TestRun = { ...editor.testRun, outcome: 'cancelled' };
  return step({ ...state, configs: { ...state.configs, editor: { ...editor, testRun } } });
}

/** The subscription for the active test run. The test run continues while the subscription exists. */
export function testRunSubscription({ name, testRun }: ConfigEditor): SubscriptionOf<'test_run'> | undefined {
  if (testRun === null || testRun.outcome !== 'running') return undefined;
  return {
    kind: 'test_run',
    id: testRun.id,
    params: {
      config_name: name,
      yaml: testRun.yaml,
      ...(testRun.runId !== null && { run_id: testRun.runId }),
      max_pages: MAX_PAGES,
      sample_items: SAMPLE_ITEMS,
    },
  };
}
