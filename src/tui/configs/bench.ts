import type { ProposalAnswer } from '../../core/config/scraper-questions.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { Failure } from '../state/event.ts';

/** Where a text is tried: on the site, or on the page that a run kept because a selector found nothing on it. */
export type TrialPlace = 'live' | 'kept';

/** A text that is tried, or was. */
export interface Trial {
  readonly id: number;
  readonly yaml: string;
  readonly place: TrialPlace;
  /** The run whose pages it is tried on. */
  readonly runId: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly outcome: TrialOutcome | 'under_way' | 'called_off';
}

export type TrialOutcome =
  | { readonly ok: true; readonly output: OperationOutput<'test_config'> }
  | { readonly ok: false; readonly failure: Failure };

/** A run of a job that uses the configuration, to look at what its selectors found. */
export interface LookedAtRun {
  readonly jobId: string;
  readonly runId: string;
  /** `null` while it is being read. */
  readonly told: OperationOutput<'get_run'> | null;
  readonly problem: string | null;
}

/** The page of an address that is looked at for what could be taken from it. */
export interface Proposal {
  readonly id: number;
  /** The draft that is going to hold what is found. */
  readonly draftId: number;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export type ProposalOutcome =
  | { readonly ok: true; readonly found: ProposalAnswer }
  | { readonly ok: false; readonly failure: Failure };

/** A configuration that is worked on: its text, what a run found with it, and how it does in a trial. */
export interface Bench {
  readonly name: string;
  /** The first row of the text, and how many cells of it are out of sight on the left. */
  readonly top: number;
  readonly left: number;
  /** The first row of what stands beside it. */
  readonly sideTop: number;
  readonly run: LookedAtRun | null;
  readonly place: TrialPlace;
  readonly trial: Trial | null;
  readonly proposal: Proposal | null;
  /** The run that was asked for from here. */
  readonly again: { readonly jobId: string; readonly runId: string } | null;
}

export function benchOf(name: string, run: LookedAtRun | null): Bench {
  return { name, top: 0, left: 0, sideTop: 0, run, place: 'live', trial: null, proposal: null, again: null };
}

export function hasKeptPage({ run }: Bench): boolean {
  return (run?.told?.kept_pages.length ?? 0) > 0;
}

export function isTrying({ trial }: Bench): boolean {
  return trial?.outcome === 'under_way';
}
