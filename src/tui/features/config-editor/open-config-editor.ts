import { newConfigText } from '../../../core/configs/new-config.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Event, State, Step, SubscriptionOf } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { andThen, closeView, currentView, openView, step } from '../../kernel/step.ts';
import { setFilterText } from '../jobs/filter/filter-prompt.ts';
import { withFilterPrompt } from '../jobs/reducer.ts';
import { focusSideWhenSingle, selectConfig } from './config-navigation.ts';
import { configTag, findDraft, jobsUsing, listedConfigs } from './config-state.ts';
import { checkDraft, startTestRun } from './draft-steps.ts';
import { type ConfigEditor, createConfigEditor, type InspectedRun } from './model.ts';
import { startRepair } from './repair-steps.ts';

/** The number of log lines that are searched for messages about `item`. */
const LOG_LINES = 200;

/** Opens the list of configurations. If a configuration is open below, that one is selected. */
export function openConfigs(state: State): Step {
  const open = state.views.findIndex(({ name }) => name === 'configs');
  if (open < 0) {
    // There is only one configuration editor, so it is closed rather than left below the list.
    const below = currentView(state).name === 'config' ? closeView(state).state : state;
    return openView(below, { name: 'configs' });
  }
  return step({
    ...state,
    views: state.views.slice(0, open + 1),
    pane: 'main',
    dialog: undefined,
    chord: [],
  });
}

/**
 * Opens a configuration in the editor. The last run of a job that uses it provides the results of its selectors; failed
 * runs come first.
 */
export function openConfigEditor(state: State, name: string, run = lastRunWith(state, name)): Step {
  const inspected: InspectedRun | null = run === null ? null : { ...run, output: null, problem: null };
  const next = selectedInList(
    { ...state, configs: { ...state.configs, editor: createConfigEditor(name, inspected) } },
    name,
  );
  const opened = currentView(state).name === 'config' ? step(next) : openView(next, { name: 'config' });
  return inspected === null ? opened : andThen(opened, (after) => inspectRun(after, inspected.runId));
}

/** Selects the configuration in the list, for when the user goes back. */
function selectedInList(state: State, name: string): State {
  const at = listedConfigs(state).indexOf(name);
  if (at >= 0) return selectConfig(state, at);
  return { ...state, configs: { ...state.configs, list: { ...state.configs.list, selected: name } } };
}

/** Opens the configuration of a run, and looks for what is broken in it and for other selectors. */
export function openRepair(
  state: State,
  { jobId, runId, configName }: { jobId: string; runId: string; configName: string },
): Step {
  const opened = andThen(openConfigEditor(state, configName, { jobId, runId }), startRepair);
  // When there is room for one pane only, the results come before the text.
  return andThen(opened, (next) => step(focusSideWhenSingle(next)));
}

/** Opens the jobs that use a configuration, through the jobs' filter. Views in between are closed. */
export function openJobsUsing(state: State, name: string): Step {
  const [first = { name: 'jobs' } as const] = state.views;
  const back: State = { ...state, views: [first], pane: 'main', dialog: undefined, chord: [] };
  return step(withFilterPrompt(back, setFilterText(back.jobs.filterPrompt, `config:${name}`)));
}

/** Requests the results of a run. The answer belongs to the configuration editor. */
export function inspectRun(state: State, runId: string): Step {
  return step(state, {
    kind: 'call',
    name: 'get_run',
    params: { run_id: runId, log_lines: LOG_LINES, sample_items: 0 },
    tag: configTag({ what: 'run', runId }),
    quiet: true,
  });
}

function lastRunWith(state: State, name: string): { jobId: string; runId: string } | null {
  const jobs = jobsUsing(state.home, name).filter(({ last }) => last !== null);
  const [job] = [...jobs].sort(
    (a, b) => runRank(b) - runRank(a) || (b.last?.finishedAt ?? 0) - (a.last?.finishedAt ?? 0),
  );
  return job?.last ? { jobId: job.id, runId: job.last.runId } : null;
}

function runRank({ last }: JobRow): number {
  return last?.status === 'succeeded' ? 0 : 1;
}

/** Creates a first draft for an address and searches its page for suggestions. */
export function startSuggestion(state: State, url: string, name: string): Step {
  const drafted = checkDraft(state, name, { yaml: newConfigText(url, name), base: null });
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
export function endSuggestion(state: State, { id, outcome }: Extract<Event, { kind: 'suggested' }>): Step {
  const { editor } = state.configs;
  const { name, suggestion } = editor;
  if (suggestion?.id !== id) return step(state);
  const withoutSuggestion = {
    ...state,
    configs: { ...state.configs, editor: { ...editor, suggestion: null } },
  };
  if (!outcome.ok) {
    const { message, hint } = outcome.failure;
    const { configs } = withoutSuggestion;
    const failed = {
      ...withoutSuggestion,
      configs: { ...configs, editor: { ...configs.editor, suggestionProblem: { message, hint } } },
    };
    return step(withNotice(focusSideWhenSingle(failed), 'bad', message));
  }
  if (findDraft(withoutSuggestion, name)?.id !== suggestion.draftId) return step(withoutSuggestion);
  const yaml = newConfigText(suggestion.url, name, outcome.found);
  return andThen(checkDraft(withoutSuggestion, name, { yaml, base: null }), startTestRun);
}

export function cancelSuggestion(state: State): Step {
  const { editor } = state.configs;
  return step({ ...state, configs: { ...state.configs, editor: { ...editor, suggestion: null } } });
}

export function suggestionSubscription({
  name,
  suggestion,
}: ConfigEditor): SubscriptionOf<'suggestion'> | undefined {
  return suggestion === null
    ? undefined
    : { kind: 'suggestion', id: suggestion.id, url: suggestion.url, name };
}
