import type { ProposalResponse } from '../../../core/configs/scraper-protocol.ts';
import type { OperationInput, OperationOutput } from '../../../core/operations/call-operation.ts';
import type { Author } from '../../home/home-data.ts';
import type { Failure } from '../../kernel/call.ts';
import type { ListFilter } from '../../ui/list-filter.ts';
import { NO_LIST_FILTER } from '../../ui/list-filter.ts';
import type { EditedLine } from '../../ui/text/edit-line.ts';
import { EMPTY_LINE } from '../../ui/text/edit-line.ts';

declare module '../../kernel/model.ts' {
  interface State {
    configs: ConfigsState;
  }
  interface ViewParams {
    configs: object;
    /** A configuration that is worked on: the state's `configs.editor`. */
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
    trial_ended: { id: number; outcome: TestRunOutcome };
    /** What was found on the page of a new configuration. */
    proposed: { id: number; outcome: SuggestionOutcome };
  }
  interface SubscriptionKinds {
    /** `configs` events: all configurations, and again when one changes. */
    configs: object;
    /** One `config_checked` event: whether a stored text can run. */
    config_check: { name: string; yaml: string };
    /** One `proposed` event: what could be taken from a page. */
    proposal: { id: number; url: string; name: string };
    /** One `trial_ended` event: what a text takes from its pages. It is called off when nobody asks for it any more. */
    trial: { id: number; params: OperationInput<'test_config'> };
  }
}

/** Where a text is tried: on the site, or on the page that a run kept because a selector found nothing on it. */
type TestRunSource = 'live' | 'kept';

/** A text that is tried, or was. */
export interface TestRun {
  readonly id: number;
  readonly yaml: string;
  readonly source: TestRunSource;
  /** The run whose pages it is tried on. */
  readonly runId: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly outcome: TestRunOutcome | 'under_way' | 'called_off';
}

export type TestRunOutcome =
  | { readonly ok: true; readonly output: OperationOutput<'test_config'> }
  | { readonly ok: false; readonly failure: Failure };

/** A run of a job that uses the configuration, to look at what its selectors found. */
export interface InspectedRun {
  readonly jobId: string;
  readonly runId: string;
  /** `null` while it is being read. */
  readonly output: OperationOutput<'get_run'> | null;
  readonly problem: string | null;
}

/** The page of an address that is looked at for what could be taken from it. */
interface Suggestion {
  readonly id: number;
  /** The draft that is going to hold what is found. */
  readonly draftId: number;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export type SuggestionOutcome =
  | { readonly ok: true; readonly found: ProposalResponse }
  | { readonly ok: false; readonly failure: Failure };

/** A configuration that is worked on: its text, what a run found with it, and how it does in a trial. */
export interface ConfigEditor {
  readonly name: string;
  /** The first row of the text, and how many cells of it are out of sight on the left. */
  readonly top: number;
  readonly left: number;
  /** The first row of what stands beside it. */
  readonly sideTop: number;
  readonly run: InspectedRun | null;
  readonly source: TestRunSource;
  readonly testRun: TestRun | null;
  readonly suggestion: Suggestion | null;
  /** The run that was asked for from here. */
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
    requestedRun: null,
  };
}

export function hasSavedPage({ run }: ConfigEditor): boolean {
  return (run?.output?.kept_pages.length ?? 0) > 0;
}

export function isTestRunning({ testRun }: ConfigEditor): boolean {
  return testRun?.outcome === 'under_way';
}

/** A text that was edited here and is not saved. It stays until it is saved or thrown away, whatever view is shown. */
export interface Draft {
  /** Another one after each edit, by which an answer that comes late is known. */
  readonly id: number;
  readonly yaml: string;
  /** What it was made from; `null` for a configuration that is new. */
  readonly base: { readonly yaml: string; readonly revision: string } | null;
  /** `null` while it is being checked. */
  readonly check: ConfigCheck | null;
  readonly isSaving: boolean;
}

export type Drafts = Readonly<Record<string, Draft>>;

export function withDraft(drafts: Drafts, name: string, draft: Draft): Drafts {
  return { ...drafts, [name]: draft };
}

export function withoutDraft(drafts: Drafts, name: string): Drafts {
  const { [name]: _gone, ...rest } = drafts;
  return rest;
}

/** What the dashboard knows of configurations, and where one is in their views. */
export interface ConfigsState {
  /** Sorted by name; `undefined` until they were read. Kept up to date while a view of them is open. */
  readonly rows: readonly ConfigRow[] | undefined;
  /** By name; one counts as long as it is of the row's text. */
  readonly checks: Readonly<Record<string, ConfigCheck>>;
  /** The list: what is selected belongs to the name, not to the row. */
  readonly list: { readonly selected: string | undefined; readonly index: number; readonly top: number };
  readonly filter: ListFilter;
  /** The first row of the text beside the list. */
  readonly textTop: number;
  readonly drafts: Drafts;
  /** The draft that was thrown away last, until another one is. */
  readonly discarded: { readonly name: string; readonly draft: Draft } | null;
  readonly editor: ConfigEditor;
  /** Counts drafts and trials. */
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

/** What is typed for a new configuration. */
export interface NewConfig {
  url: EditedLine;
  name: EditedLine;
  field: 'url' | 'name';
  /** The name is the person's own; else it follows the address. */
  isNamed: boolean;
}

export const FIRST_NEW_CONFIG: NewConfig = {
  url: EMPTY_LINE,
  name: EMPTY_LINE,
  field: 'url',
  isNamed: false,
};

/** What a list shows of a configuration's text, without a judgement on it. */
export interface ConfigSummary {
  /** Host of its first address; `null` when it has none that is spelt out. */
  readonly host: string | null;
  /** Its addresses that are spelt out. */
  readonly addresses: number;
  /** How it gets to further pages, in words: `one page`, `next button, 100`. */
  readonly pages: string;
  readonly fields: readonly string[];
}

/** A configuration as the dashboard knows it. A file that cannot be read is a row as well. */
export interface ConfigRow {
  readonly name: string;
  readonly file: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** Empty for a file that cannot be read. */
  readonly yaml: string;
  /** Changes with the text; `null` for a file that cannot be read. */
  readonly revision: string | null;
  /** Why the file cannot be read. */
  readonly problem: string | null;
  /** Who wrote this revision, as far as the audit log knows it. */
  readonly by: Author;
  readonly summary: ConfigSummary;
}

/** Something wrong or doubtful in a text; line and column count from 1. */
export interface ConfigFinding {
  readonly path: string;
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly hint?: string | undefined;
}

/** Whether a text can run, and what is doubtful in it. */
export interface ConfigCheck {
  /** The text that was looked at. */
  readonly yaml: string;
  /** Why it cannot run; `null` when it can. */
  readonly problem: string | null;
  readonly hint: string | null;
  readonly issues: readonly ConfigFinding[];
  readonly warnings: readonly ConfigFinding[];
}

/** `2 issues`, `1 warning` or nothing, for a line. */
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
