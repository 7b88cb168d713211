import type { ProposalResponse } from '../../core/configs/scraper-protocol.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { Failure } from '../state/event.ts';

/** Where a text is tried: on the site, or on the page that a run kept because a selector found nothing on it. */
export type TestRunSource = 'live' | 'kept';

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
export interface Suggestion {
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
