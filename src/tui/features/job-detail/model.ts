import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Failure } from '../../kernel/call.ts';
import type { ProgressSample } from '../../ui/run-progress.ts';
import type { StyledRow } from '../../ui/styled-row.ts';

declare module '../../kernel/model.ts' {
  interface EventKinds {
    /** The detail of a job. */
    job_detail: JobDetailAnswer;
  }
  interface State {
    /** The detail of the selected job. */
    detail: JobDetail;
  }
  interface SubscriptionKinds {
    /** One `job_detail` event with the detail of a job. Another `version` requests it again. */
    job_detail: { jobId: string; version: string };
  }
}

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
}

/** The job with its explanation and last runs, and its next runs with their notes. */
export interface JobDetailData {
  readonly job: OperationOutput<'get_job'>;
  readonly preview: OperationOutput<'preview_schedule'>;
  /** The newest messages about the job. */
  readonly messages: OperationOutput<'list_messages'>['messages'];
  /** The newest finished run and its warnings. */
  readonly lastRun?: { readonly run_id: string; readonly warnings: readonly string[] } | undefined;
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
};

/** The input of the sections of a job's detail. */
export interface DetailParts {
  readonly row: JobRow;
  /** The answer for this job. */
  readonly detail: Pick<JobDetail, 'data' | 'failure'>;
  /** The progress of its run; see `progressSamples`. */
  readonly samples: readonly ProgressSample[];
  /** Epoch ms, rounded to the minute. */
  readonly now: number;
  /** The local time zone. */
  readonly timezone: string;
  readonly columns: number;
  /** With little room, the sections follow each other without blank rows. */
  readonly dense: boolean;
}

/** A section of the detail. It returns no rows when it has no content. */
export type DetailSection = (parts: DetailParts) => readonly StyledRow[];
