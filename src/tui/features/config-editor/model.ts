import type { SuggestResponse } from '../../../core/configs/suggest-response.ts';
import type { RunRepairs } from '../../../core/diagnostics/runs/find-repairs.ts';
import type { OperationInput, OperationOutput } from '../../../core/operations/call-operation.ts';
import type { Author } from '../../home/home-data.ts';
import type { Failure } from '../../kernel/call.ts';
import { type ListFilter, NO_LIST_FILTER } from '../../ui/list-filter.ts';
import { type EditedLine, EMPTY_LINE } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface State {
    configs: ConfigsState;
  }
  interface ViewParams {
    configs: object;
    /** The configuration editor; its content is in the state's `configs.editor`. */
    config: object;
  }
  interface DialogParams {
    /** Asks for the address and the name of a new configuration. */
    new_config: NewConfig;
  }
  interface EventKinds {
    /** All configurations, sorted by name. */
    configs: { rows: readonly ConfigRow[] };
    config_checked: { name: string; check: ConfigCheck };
    test_run_ended: { id: number; outcome: TestRunOutcome };
    /** The suggestions from the page of a new configuration. */
    suggested: { id: number; outcome: SuggestionOutcome };
    /** The broken selectors of a run, with what is proposed for them. */
    repairs_found: { id: number; outcome: RepairOutcome };
    /** A text in which a proposed selector was written. */
    selector_written: { id: number; outcome: WrittenOutcome };
  }
  interface SubscriptionKinds {
    /** `configs` events: all configurations, then again after each change. */
    configs: object;
    /** One `config_checked` event: whether a stored text can run. */
    config_check: { name: string; yaml: string };
    /** One `suggested` event: the suggestions from a page. */
    suggestion: { id: number; url: string; name: string };
    /** One `test_run_ended` event: the result of a test run. The test run is cancelled when the subscription ends. */
    test_run: { id: number; params: OperationInput<'test_config'> };
    /** One `repairs_found` event: from the page that the run kept, or from the live one. The search is cancelled when the subscription ends. */
    repairs: { id: number; runId: string; isLive: boolean; yaml: string | undefined };
    /** One `selector_written` event: the text with these changes, by key of the configuration. */
    write_selector: { id: number; name: string; yaml: string; changes: SelectorChanges };
  }
}

/**
 * Where a text is tested: on the live site, or on the page that a run saved because a selector matched nothing on it.
 */
type TestRunSource = 'live' | 'kept';

/** An active or finished test run. */
export interface TestRun {
  readonly id: number;
  readonly yaml: string;
  readonly source: TestRunSource;
  /** The run whose saved pages are tested; `null` for a test on the live site. */
  readonly runId: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly outcome: TestRunOutcome | 'running' | 'cancelled';
}

export type TestRunOutcome =
  | { readonly ok: true; readonly output: OperationOutput<'test_config'> }
  | { readonly ok: false; readonly failure: Failure };

/** A run of a job that uses the configuration, inspected for what its selectors matched. */
export interface InspectedRun {
  readonly jobId: string;
  readonly runId: string;
  /** `null` while it is being read. */
  readonly output: OperationOutput<'get_run'> | null;
  readonly problem: string | null;
}

/** The page of an address that is searched for suggestions. */
interface Suggestion {
  readonly id: number;
  /** The draft that will hold the suggestions. */
  readonly draftId: number;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Why the page of a new configuration gave no suggestions, until its text is tested. */
export interface SuggestionProblem {
  readonly message: string;
  readonly hint: string | undefined;
}

export type SuggestionOutcome =
  | { readonly ok: true; readonly found: SuggestResponse }
  | { readonly ok: false; readonly failure: Failure };

export type SelectorChanges = Readonly<Record<string, unknown>>;

export type RepairOutcome =
  | { readonly ok: true; readonly found: RunRepairs }
  | { readonly ok: false; readonly failure: Failure };

export type WrittenOutcome =
  | { readonly ok: true; readonly yaml: string }
  | { readonly ok: false; readonly failure: Failure };

/** The broken selectors of a run, and the one that is being replaced. */
export interface Repair {
  readonly id: number;
  readonly runId: string;
  /** Whether the live page is fetched, in place of the one that the run kept. */
  readonly isLive: boolean;
  /** The unsaved text that is tried on the live page, in place of the saved one. */
  readonly yaml: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly outcome: RepairOutcome | 'searching' | 'cancelled';
  /** The number of the broken selector that is the first to repair, from 0. */
  readonly at: number;
  /** Whether the first proposal is taken as soon as it is found: Enter was pressed during the search. */
  readonly isAwaited: boolean;
  /** The proposal that is being written into the text. */
  readonly writing: { readonly id: number; readonly yaml: string; readonly changes: SelectorChanges } | null;
}

/** The state of the configuration editor: the configuration's name, the results of a run, and the test run. */
export interface ConfigEditor {
  readonly name: string;
  /** The first row of the text in sight, and the number of its cells that are scrolled out on the left. */
  readonly top: number;
  readonly left: number;
  /** The first row of the side pane. */
  readonly sideTop: number;
  readonly run: InspectedRun | null;
  readonly source: TestRunSource;
  readonly testRun: TestRun | null;
  readonly suggestion: Suggestion | null;
  readonly suggestionProblem: SuggestionProblem | null;
  /** Set by the key for repair. */
  readonly repair: Repair | null;
  /** The run that was started from the configuration editor. */
  readonly requestedRun: { readonly jobId: string; readonly runId: string } | null;
}

export function createConfigEditor(name: string, run: InspectedRun | null): ConfigEditor {
  return {
    name,
    top: 0,
    left: 0,
    sideTop: 0,
    run,
    source: 'live',
    testRun: null,
    suggestion: null,
    suggestionProblem: null,
    repair: null,
    requestedRun: null,
  };
}

export function hasSavedPage({ run }: ConfigEditor): boolean {
  return (run?.output?.kept_pages.length ?? 0) > 0;
}

export function isTestRunning({ testRun }: ConfigEditor): boolean {
  return testRun?.outcome === 'running';
}

/** A text that was edited here and not saved. It stays until it is saved or discarded, whichever view is open. */
export interface Draft {
  /** Changes with each edit, so that late answers can be recognized. */
  readonly id: number;
  readonly yaml: string;
  /** The saved text that the draft is based on; `null` for a new configuration. */
  readonly base: { readonly yaml: string; readonly revision: string } | null;
  /** `null` while it is being checked. */
  readonly check: ConfigCheck | null;
  readonly isSaving: boolean;
  /** Whether it is saved as soon as it is checked, if it can run: Ctrl-S was pressed during the check. */
  readonly isSaveAwaited?: boolean;
  /** Set while it is being saved, or will be: the job that runs when it is. */
  readonly thenRuns?: string;
}

/** The draft without what was pressed ahead of its check and of its saving. */
export function withoutQueuedKeys({ isSaveAwaited: _save, thenRuns: _run, ...draft }: Draft): Draft {
  return draft;
}

export type Drafts = Readonly<Record<string, Draft>>;

export function withDraft(drafts: Drafts, name: string, draft: Draft): Drafts {
  return { ...drafts, [name]: draft };
}

export function withoutDraft(drafts: Drafts, name: string): Drafts {
  const { [name]: _gone, ...rest } = drafts;
  return rest;
}

/** The configurations as far as the dashboard has read them, and the positions in their views. */
export interface ConfigsState {
  /** Sorted by name; `undefined` until they were read. Up to date while one of their views is open. */
  readonly rows: readonly ConfigRow[] | undefined;
  /** By name. A check is valid only while it belongs to the row's current text. */
  readonly checks: Readonly<Record<string, ConfigCheck>>;
  /** The list. The selection follows the name, not the row. */
  readonly list: { readonly selected: string | undefined; readonly index: number; readonly top: number };
  readonly filter: ListFilter;
  /** The first row of the text beside the list. */
  readonly textTop: number;
  readonly drafts: Drafts;
  /** The last discarded draft. */
  readonly discarded: { readonly name: string; readonly draft: Draft } | null;
  readonly editor: ConfigEditor;
  /** A counter for the ids of drafts and test runs. */
  readonly serial: number;
}

export const NO_CONFIGS: ConfigsState = {
  rows: undefined,
  checks: {},
  list: { selected: undefined, index: 0, top: 0 },
  filter: NO_LIST_FILTER,
  textTop: 0,
  drafts: {},
  discarded: null,
  editor: createConfigEditor('', null),
  serial: 0,
};

/** The fields of the dialog for a new configuration. */
export interface NewConfig {
  url: EditedLine;
  name: EditedLine;
  field: 'url' | 'name';
  /** Whether the user typed the name. Otherwise it follows the address. */
  isNamed: boolean;
}

export const FIRST_NEW_CONFIG: NewConfig = {
  url: EMPTY_LINE,
  name: EMPTY_LINE,
  field: 'url',
  isNamed: false,
};

/** The facts that a list shows about a configuration's text. They are not validated. */
export interface ConfigSummary {
  /** The host of its first literal address; `null` when it has none. */
  readonly host: string | null;
  /** The number of its literal addresses. */
  readonly addresses: number;
  /** How it reaches further pages, for display: `one page`, `next button, 100`. */
  readonly pages: string;
  readonly fields: readonly string[];
}

/** A configuration as the dashboard read it. An unreadable file is also a row. */
export interface ConfigRow {
  readonly name: string;
  readonly file: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** Empty for an unreadable file. */
  readonly yaml: string;
  /** Changes with the text; `null` for an unreadable file. */
  readonly revision: string | null;
  /** Why the file is unreadable. */
  readonly problem: string | null;
  /** The author of this revision, as far as the audit log records it. */
  readonly by: Author;
  readonly summary: ConfigSummary;
}

/** An issue or a warning in a text; line and column count from 1. */
export interface ConfigFinding {
  readonly path: string;
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly hint?: string | undefined;
}

/** Whether a text can run, and its warnings. */
export interface ConfigCheck {
  /** The checked text. */
  readonly yaml: string;
  /** Why it cannot run; `null` when it can. */
  readonly problem: string | null;
  readonly hint: string | null;
  readonly issues: readonly ConfigFinding[];
  readonly warnings: readonly ConfigFinding[];
}

/** Counts the findings for a line: `2 issues`, `1 warning`, or empty. */
export function describeFindings({ problem, issues, warnings }: ConfigCheck): string {
  if (problem !== null) return issues.length > 1 ? `${issues.length} issues` : '1 issue';
  if (warnings.length === 0) return '';
  return warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`;
}

export function passedCheck(yaml: string, warnings: readonly ConfigFinding[]): ConfigCheck {
  return { yaml, problem: null, hint: null, issues: [], warnings };
}

export function failedCheck(yaml: string, { message, hint, issues = [] }: Failure): ConfigCheck {
  return { yaml, problem: message, hint: hint ?? null, issues, warnings: [] };
}
