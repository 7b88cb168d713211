/** What the doctor looks at, in the order of its report. */
export type CheckName = (typeof CHECKS)[number];

export const CHECKS = [
  'program',
  'home',
  'permissions',
  'disk',
  'clock',
  'time_zones',
  'limits',
  'database',
  'scheduler',
  'settings',
  'jobs',
  'configs',
  'runs',
  'leftovers',
  'browser',
] as const;

/** One thing that the doctor found. A `problem` keeps something from working; a `warning` may one day. */
export interface Finding {
  check: CheckName;
  status: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it, in one line. */
  fix?: string;
  /** The file or folder that is meant, with line and column where they are known: `jobs/a.json:3:5`. */
  where?: string;
}

type FindingDetails = Pick<Finding, 'fix' | 'where'>;

/** Makes the findings of one check. */
export function createFindings(check: CheckName) {
  const make =
    (status: Finding['status']) =>
    (message: string, details: FindingDetails = {}): Finding => ({ check, status, message, ...details });
  return { ok: make('ok'), warning: make('warning'), problem: make('problem') };
}
