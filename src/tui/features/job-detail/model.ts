import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Failure } from '../../kernel/call.ts';
import type { ProgressSample } from '../../ui/run-progress.ts';
import type { StyledRow } from '../../ui/styled-row.ts';
import type { Item } from '../items/model.ts';
import type { LogLine } from '../log/model.ts';

declare module '../../kernel/model.ts' {
  interface EventKinds {
    /** The detail of a job. */
    job_detail: JobDetailAnswer;
    /** What a tab of the detail shows. */
    job_tab: { jobId: string; tab: AskingTab; answer: TabAnswer };
  }
  interface State {
    /** The detail of the selected job. */
    detail: JobDetail;
    /** The tab of the detail, and what it shows of the selected job. */
    detailTab: ShownTab;
  }
  interface SubscriptionKinds {
    /** One `job_detail` event with the detail of a job. Another `version` requests it again. */
    job_detail: { jobId: string; version: string };
    /**
     * `job_tab` events with what a tab of the detail shows. `about` is the run, or the name of the configuration; another
     * `version` requests it again.
     */
    job_tab: {
      jobId: string;
      tab: AskingTab;
      about: string | undefined;
      version: string;
      /** It stands below the tab that is shown, so that it is asked later; `once`: a log that no longer grows. */
      below?: 'once' | 'live';
    };
  }
}

/** The tabs of the detail, in order. The first one explains the job; the others ask when they are shown. */
export const DETAIL_TABS = ['why', 'runs', 'log', 'items', 'config', 'charts'] as const;

export type DetailTab = (typeof DETAIL_TABS)[number];

export type AskingTab = Exclude<DetailTab, 'why'>;

/** What a tab shows, or why it cannot be read. */
export type TabAnswer = { readonly data: TabData } | { readonly failure: Failure };

export type TabData =
  | { readonly tab: 'runs'; readonly runs: readonly RunOutput[]; readonly total: number }
  | { readonly tab: 'charts'; readonly runs: readonly RunOutput[] }
  /** The last lines of the newest run. */
  | { readonly tab: 'log'; readonly runId: string; readonly lines: readonly LogLine[] }
  /** The first items of the newest run that has some. */
  | {
      readonly tab: 'items';
      readonly runId: string;
      readonly items: readonly Item[];
      readonly total: number;
      /** The fields that each item must have. */
      readonly required: readonly string[];
    }
  | { readonly tab: 'config'; readonly yaml: string }
  /** There is nothing to read, and why. */
  | { readonly tab: 'none'; readonly text: string };

/** The tab of the detail. It stays while the selection moves; the rest is about one job. */
export interface ShownTab {
  readonly tab: DetailTab;
  /** The job of the answer and of the scroll position. */
  readonly jobId: string;
  readonly answer: TabAnswer | undefined;
  /** The first row in sight; `undefined` until the user scrolls: then a log follows its end. */
  readonly top: number | undefined;
}

export const FIRST_TAB: ShownTab = { tab: 'why', jobId: '', answer: undefined, top: undefined };

/** The operations' output for the selected job, and the scroll position. */
export interface JobDetail {
  /** The job's id; empty before the first selection. */
  readonly jobId: string;
  /** The last answer; `null` until then. */
  readonly data: JobDetailData | null;
  /** Why there is no answer, such as an unusable file. */
  readonly failure: Failure | null;
  /** The first row in sight. */
  readonly top: number;
  /** The active run, with its progress samples. */
  readonly runId: string | null;
  readonly samples: readonly ProgressSample[];
  /** The end of its newest log, where the detail has room for it. */
  readonly log: TabAnswer | undefined;
  /** The runs of its charts, where the detail or the list has room for them. */
  readonly charts: TabAnswer | undefined;
}

/** The job with its explanation and last runs, and its next runs with their notes. */
export interface JobDetailData {
  readonly job: OperationOutput<'get_job'>;
  readonly preview: OperationOutput<'preview_schedule'>;
  /** The newest messages about the job. */
  readonly messages: OperationOutput<'list_messages'>['messages'];
  /** The newest finished run, its warnings, and whether the configuration has other selectors since. */
  readonly lastRun?: LastRun | undefined;
}

/** The detail of a job, or the reason why it could not be read. */

type JobDetailAnswer = { readonly jobId: string } & (
  | { readonly data: JobDetailData }
  | { readonly failure: Failure }
);

export const NO_DETAIL: JobDetail = {
  jobId: '',
  data: null,
  failure: null,
  top: 0,
  runId: null,
  samples: [],
  log: undefined,
  charts: undefined,
};

/** The input of the sections of a job's detail. */
export interface DetailParts {
  readonly row: JobRow;
  /** The answer for this job. */
  readonly detail: Pick<JobDetail, 'data' | 'failure'>;
  /** The progress of its run; see `progressSamples`. */
  readonly samples: readonly ProgressSample[];
  /** Why no coming run starts: `scheduler off`. */
  readonly idle?: string | undefined;
  /** Epoch ms, rounded to the minute. */
  readonly now: number;
  /** The local time zone. */
  readonly timezone: string;
  readonly columns: number;
  /** The rows in sight; `undefined`: all are below each other, as for a screen reader. */
  readonly height?: number | undefined;
  /** With little room, the sections follow each other without blank rows. */
  readonly dense: boolean;
}

/** A section of the detail. It returns no rows when it has no content. */
export type DetailSection = (parts: DetailParts) => readonly StyledRow[];

interface LastRun {
  readonly run_id: string;
  readonly warnings: readonly string[];
  readonly isChangedSince: boolean;
}
