import type { JobRow } from '../home/job-row.ts';
import type { ProgressSample } from '../sparkline/run-progress.ts';
import { BLANK, type StyledRow } from '../styled-row.ts';
import { aboutRows } from './about-rows.ts';
import { explanationRows } from './explanation-rows.ts';
import { headRows } from './head-rows.ts';
import type { JobDetail } from './job-detail.ts';
import { lastRunRows } from './last-run-rows.ts';
import { nextRunRows } from './next-run-rows.ts';
import { pastRunRows } from './past-run-rows.ts';
import { progressRows } from './progress-rows.ts';
import { settingRows } from './setting-rows.ts';
import { unusableRows } from './unusable-rows.ts';
import { warningRows } from './warning-rows.ts';

/** What the detail of a job is made of. */
export interface DetailParts {
  readonly row: JobRow;
  /** What was told of this very job. */
  readonly detail: Pick<JobDetail, 'data' | 'failure'>;
  /** How far its run has come; see `progressSamples`. */
  readonly samples: readonly ProgressSample[];
  /** Epoch ms; to the minute. */
  readonly now: number;
  /** The zone of the clocks here. */
  readonly timezone: string;
  readonly columns: number;
  /** There is so little room that the parts follow each other without a blank row. */
  readonly dense: boolean;
}

/** A part of the detail: no rows when it has nothing to say. */
export type DetailSection = (parts: DetailParts) => readonly StyledRow[];

/** What needs somebody comes first: there may be few rows to see. */
const SECTIONS: readonly DetailSection[] = [
  headRows,
  unusableRows,
  progressRows,
  explanationRows,
  lastRunRows,
  warningRows,
  nextRunRows,
  pastRunRows,
  aboutRows,
  settingRows,
];

/** All that is known of a job, in rows of at most `columns` cells; where there is room, a blank one between two parts. */
export function detailRows(parts: DetailParts): readonly StyledRow[] {
  const sections = SECTIONS.map((section) => section(parts)).filter((rows) => rows.length > 0);
  return sections.flatMap((rows, at) => (at === 0 || parts.dense ? rows : [BLANK, ...rows]));
}
